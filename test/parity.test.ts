import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SchedulerKind } from "../model/scheduler.ts";
import { schedulers } from "../model/schedulers/index.ts";
import type { WorkloadKind } from "../model/workload.ts";
import { workloads } from "../model/workloads/index.ts";

const kinds = (folder: string, extension = ".ts") =>
  readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !["all.ts", "index.ts"].includes(file))
    .map((file) => file.slice(0, -extension.length))
    .sort();

const known = Object.keys(schedulers).sort();

/** A scheduler is a model file, an adapter and a role of one name, and a line in model/schedulers/all.ts. */
test("every scheduler has its model, its adapter and its role", () => {
  const roles = readdirSync("ansible/roles").flatMap((role) => /^scheduler_(.+)$/.exec(role)?.[1] ?? []);
  expect({ model: kinds("model/schedulers"), agent: kinds("agent/schedulers"), roles: roles.sort() }).toEqual({
    model: known,
    agent: known,
    roles: known,
  });
});

test.each(known)("%s's adapter is exported by the name that the agent's bundle takes it by", async (kind) => {
  expect(await import(`../agent/schedulers/${kind}.ts`)).toHaveProperty("adapter", expect.any(Function));
});

test("every role says what it takes", () => {
  for (const role of readdirSync("ansible/roles")) expect(readdirSync(`ansible/roles/${role}/meta`)).toContain("argument_specs.yml");
});

test("every workload file is in the union", () => {
  expect(kinds("model/workloads").filter((kind) => kind !== "repeated")).toEqual(Object.keys(workloads).sort());
});

describe("NixOS images", () => {
  const namesOf = <Kind extends SchedulerKind | WorkloadKind>(all: Readonly<Record<string, Kind>>, carried: (kind: Kind) => boolean) =>
    Object.entries(all)
      .filter(([, kind]) => kind.notInNixpkgs === undefined && carried(kind))
      .map(([name]) => name)
      .sort();

  test("every scheduler has its module and its test on virtual machines, or says why not", () => {
    const carried = namesOf<SchedulerKind>(schedulers, () => true);
    expect({ modules: kinds("nix/schedulers", ".nix"), tests: kinds("nix/test/vm", ".nix") }).toEqual({ modules: carried, tests: carried });
  });

  test("every workload that needs packages has its module, or says why not", () => {
    const carried = namesOf<WorkloadKind>(workloads, ({ debianPackages }) => debianPackages.length > 0);
    expect(carried.filter((kind) => !kinds("nix/workloads", ".nix").includes(kind))).toEqual([]);
  });
});

test("every kernel has its section in docs/kernels.md", () => {
  const kernels = Object.entries(workloads).flatMap(([name, { purpose }]) => (purpose === "kernel" ? [name] : []));
  const sections = [...readFileSync("docs/kernels.md", "utf8").matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
  expect(sections.sort()).toEqual(kernels.sort());
});
