import { expect, test } from "vitest";
import { messages, ofBash, ofTypeScript } from "./messages.ts";

const all = messages();
const textsOf = (source: string) => ofTypeScript(source, "a.ts").map(({ text }) => text);

test("what is thrown, printed or a reason is found, with what is filled in", () => {
  expect(
    textsOf(`throw new Error("no such file"); complain(\`\${name} is gone\`); const x = { message: ok ? "is too long" : \`\${a} b c\` };
      function why(): string { return "it never ran"; } call("not a message");`),
  ).toEqual(["no such file", `\${name} is gone`, "is too long", `\${a} b c`, "it never ran"]);
});

test("what bash prints is found, and comments are not", () => {
  const script =
    '# echo "a comment here"\nfail "no such file: $x"\n[[ -e x ]] || { echo "x is missing" >&2; exit 1; }\nif a; then say "done in $s s"; fi';
  expect(ofBash(script, "a").map(({ text }) => text)).toEqual(["no such file: $x", "x is missing", "done in $s s"]);
});

test("messages of every part are in the list", () => {
  const folders = new Set(all.map(({ file }) => file.split("/")[0]));
  for (const folder of ["agent", "analysis", "components", "images", "import", "model", "sweep", "toolchain", "update"])
    expect(folders).toContain(folder);
  expect(all.length).toBeGreaterThan(500);
});

/** Words of a translation, or terms that this program has others for. */
const banned: Readonly<Record<string, RegExp>> = {
  "is given twice": /is there twice/,
  "is not a": /\bis no (?!longer)[a-z]+ (that|of|in)\b/,
  "make it do": /\bhow to mend\b/,
  "see above": /\bis said above\b/,
  "left running, left by an earlier run": /\bas it was\b/,
  "unknown, or is not known": /\bof which no\b/,
};

test.each(Object.entries(banned))("messages say: %s", (_, words) => {
  expect(all.filter(({ text }) => words.test(text)).map(({ file, line, text }) => `${file}:${line}: ${text}`)).toEqual([]);
});
