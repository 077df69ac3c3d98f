import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");

test("README's stack file is the real one", () => {
  // Pulumi adds the salt when it first creates the stack.
  const stack = readFileSync("Pulumi.slurm-4node.yaml", "utf8").replace(/^encryptionsalt:.*\n/m, "");
  expect(readme).toContain(stack);
});

test("README names only make's own targets", () => {
  const targets = [...readFileSync("Makefile", "utf8").matchAll(/^([a-z0-9-]+):/gm)].map((match) => match[1]);
  const named = [...readme.matchAll(/`?make (?!-)([a-z0-9-]+)/g)].map((match) => match[1]);
  expect(named.filter((name) => !targets.includes(name))).toEqual([]);
});

test("README's links lead somewhere", () => {
  for (const [, path = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) expect(() => readFileSync(path)).not.toThrow();
});
