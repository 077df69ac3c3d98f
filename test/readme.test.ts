import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");

/** A stack file as it is committed: Pulumi adds a salt when it first creates the stack. */
const withoutSalt = (file: string) => readFileSync(file, "utf8").replace(/^encryptionsalt:.*\n/m, "");

test("README's stack file is the real one", () => {
  expect(readme).toContain(withoutSalt("Pulumi.slurm-4node.yaml"));
});

test("no example is tied to one passphrase", () => {
  const files = execFileSync("git", ["ls-files", "Pulumi.*.yaml"], { encoding: "utf8" }).trim().split("\n");
  for (const file of files) expect(execFileSync("git", ["show", `:${file}`], { encoding: "utf8" })).not.toMatch(/^encryptionsalt:/m);
});

test("README names only make's own targets", () => {
  const targets = [...readFileSync("Makefile", "utf8").matchAll(/^([a-z0-9-]+):/gm)].map((match) => match[1]);
  const named = [...readme.matchAll(/`?make (?!-)([a-z0-9-]+)/g)].map((match) => match[1]);
  expect(named.filter((name) => !targets.includes(name))).toEqual([]);
});

test("README's links lead somewhere", () => {
  for (const [, path = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) expect(() => readFileSync(path)).not.toThrow();
});
