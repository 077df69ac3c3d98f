/** Files that are hostile as text, before any value is read: each has to be refused. */
export const hostileYaml: Readonly<Record<string, string>> = {
  "a key twice": "base: a\nbase: b\n",
  "a key twice, once quoted": "base: a\n'base': b\n",
  "an alias": "a: &x [1]\nb: *x\n",
  "a billion laughs": [
    "a: &a [l,l,l,l,l,l,l,l,l]",
    ..."bcdefghij".split("").map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]`),
  ].join("\n"),
  "YAML 1.1 with its merge key": "%YAML 1.1\n---\nb: {<<: {c: 1}}\n",
  "a tag of one's own": "a: !!js/function x\n",
  "two documents": "a: 1\n---\nb: 2\n",
  "open brackets": `a: ${"[".repeat(60_000)}`,
  "deep brackets": `a: ${"[".repeat(5000)}${"]".repeat(5000)}`,
  "deep braces": "{a: ".repeat(5000) + "}".repeat(5000),
  "deep dashes": "- ".repeat(30_000),
  "deep questions": "? ".repeat(30_000),
  "deep indentation": Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
  "many commas": `[${",".repeat(60_000)}`,
  "many anchors": "&a ".repeat(20_000),
  "a key that is no text": "? [a]\n: 1\n",
  "too long a file": `a: ${"x".repeat(2_000_000)}`,
  "an open quote": `a: "${"\\n".repeat(30_000)}`,
};
