import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schedulers } from "../model/schedulers/index.ts";
import { workloads } from "../model/workloads/index.ts";

const kinds = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file !== "index.ts" && file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();

const known = Object.keys(schedulers).sort();

/** A scheduler is a model file, an adapter and a role of one name, and a line in the union. */
test("every scheduler has its model, its adapter and its role", () => {
  const roles = readdirSync("ansible/roles").flatMap((role) => /^scheduler_(.+)$/.exec(role)?.[1] ?? []);
  expect({ model: kinds("model/schedulers"), agent: kinds("agent/schedulers"), roles: roles.sort() }).toEqual({
    model: known,
    agent: known,
    roles: known,
  });
});

test("every role says what it takes", () => {
  for (const role of readdirSync("ansible/roles")) expect(readdirSync(`ansible/roles/${role}/meta`)).toContain("argument_specs.yml");
});

test("every workload file is in the union", () => {
  expect(kinds("model/workloads").filter((kind) => kind !== "repeated")).toEqual(Object.keys(workloads).sort());
});

test("every kernel has its section in docs/kernels.md", () => {
  const kernels = Object.entries(workloads).flatMap(([name, { purpose }]) => (purpose === "kernel" ? [name] : []));
  const sections = [...readFileSync("docs/kernels.md", "utf8").matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
  expect(sections.sort()).toEqual(kernels.sort());
});
