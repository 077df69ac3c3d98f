import fc from "fast-check";

/** Values that somebody might write to see what happens, and mutations that put them anywhere into a file's value. */

/** Text that would do something if anything but a reader of data got it. */
export const hostileTexts = [
  "$(touch BAIT)",
  "`touch BAIT`",
  "; touch BAIT #",
  "' ; touch BAIT ; '",
  '" ; touch BAIT ; "',
  "| touch BAIT",
  "\n touch BAIT\n",
  "{{ lookup(dict(pipe=1)|first, dict(touch=1)|first) }}",
  "{% for i in range(999999999) %}x{% endfor %}",
  "../../../../etc/passwd",
  "/dev/zero",
  "/proc/self/environ",
  "--help",
  "-oProxyCommand=touch",
  "qemu+ssh://host/system?command=/bin/sh",
  "qemu+ssh://-oProxyCommand/system",
  "</script><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "=HYPERLINK(1)",
  "\u001b]0;title\u0007",
  "\u202eright to left",
  "nul\0byte",
  "\ud800",
  "é́́́́́",
  "𝔲𝔫𝔦𝔠𝔬𝔡𝔢",
  "",
  " ",
  "null",
  "x".repeat(100_000),
  "a,".repeat(2000),
  "%n%s%x",
  "__proto__",
  "constructor",
  "$" + "{process.exit()}",
] as const;

const hostileNumbers = [0, -0, -1, 1.5, 1e9, 1e12, 2 ** 53, 1e308, -1e308, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 31, 4_294_967_296];

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

const hostileValues = fc.oneof(
  fc.constantFrom<unknown>(...hostileTexts),
  fc.constantFrom<unknown>(...hostileNumbers),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    [],
    {},
    [[]],
    { kind: "slurm" },
    deep(30),
    deep(2000),
    Array.from({ length: 20_000 }, () => 1),
  ),
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
);

const hostileKeys = fc.oneof(fc.constantFrom<string>(...hostileTexts), fc.string({ unit: "binary" }));

/** `root` with the value that is reached by `choices`, each taken modulo the number of ways, replaced. */
function replaced(root: unknown, choices: readonly number[], change: (old: unknown) => unknown): unknown {
  const [choice, ...rest] = choices;
  if (choice === undefined || typeof root !== "object" || root === null) return change(root);
  const keys = Object.keys(root);
  const key = keys[choice % (keys.length + 1)];
  if (key === undefined) return change(root);
  const inner = replaced((root as Record<string, unknown>)[key], rest, change);
  return Array.isArray(root) ? root.with(Number(key), inner) : { ...root, [key]: inner };
}

const withKey = (old: unknown, key: string, value: unknown): unknown => {
  if (typeof old !== "object" || old === null) return value;
  return Array.isArray(old) ? [...old, value] : Object.fromEntries([...Object.entries(old), [key, value]]);
};

const choices = fc.array(fc.nat({ max: 40 }), { maxLength: 5 });

const mutation = fc.oneof(
  fc.record({ choices, value: hostileValues }).map(
    ({ choices, value }) =>
      (root: unknown) =>
        replaced(root, choices, () => value),
  ),
  fc.record({ choices, key: hostileKeys, value: hostileValues }).map(
    ({ choices, key, value }) =>
      (root: unknown) =>
        replaced(root, choices, (old) => withKey(old, key, value)),
  ),
  fc.record({ choices, times: fc.constantFrom(2, 17, 300) }).map(
    ({ choices, times }) =>
      (root: unknown) =>
        replaced(root, choices, (old) => (Array.isArray(old) ? Array.from({ length: times }, () => old).flat() : old)),
  ),
);

/** One to three changes anywhere in the value. */
export const mutated = (root: unknown): fc.Arbitrary<unknown> =>
  fc.array(mutation, { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce((value, change) => change(value), root));

/** As many as asked, the same for the same seed. */
export const sample = (root: unknown, count: number, seed: number): unknown[] => fc.sample(mutated(root), { numRuns: count, seed });
