import { expect, test } from "vitest";
import type { OwnFile } from "../../model/scheduler.ts";
import { schedulers } from "../../model/schedulers/index.ts";
import { topology as topologySchema } from "../../model/topology.ts";

const topology = topologySchema.parse({ compute: [{ count: 2, cpus: 4 }] });
const named = (files: readonly OwnFile[], name: string) => files.find((file) => file.name === name)?.lines ?? [];

test("slurm.conf is what the role gets", () => {
  const given = schedulers.slurm.parameters.parse({ kind: "slurm", SchedulerParameters: { bf_interval: 60 }, PriorityWeightAge: 1000 });
  const lines = named(schedulers.slurm.ownFiles(given, topology), "slurm.conf");
  expect(lines).toEqual(schedulers.slurm.roleVariables(given, topology).slurm_conf);
  expect(lines).toEqual(expect.arrayContaining(["SchedulerParameters=bf_interval=60", "PriorityWeightAge=1000"]));
});

test("Volcano's ConfigMap holds what the role gets, and flags stand by their daemons", () => {
  const given = schedulers.volcano.parameters.parse({ kind: "volcano", scheduler: { schedulePeriod: "200ms" } });
  const files = schedulers.volcano.ownFiles(given);
  const { volcano_scheduler_conf } = schedulers.volcano.roleVariables(given, topology);
  const block = named(files, "volcano-scheduler-configmap.yaml").slice(7);
  expect(block.map((line) => line.replace(/^ {4}/, "")).join("\n")).toBe(volcano_scheduler_conf);
  expect(named(files, "volcano-flags.txt")).toContain("vc-scheduler --schedule-period=200ms");
  expect(named(files, "volcano-queues.yaml").join("")).toContain('"name": "default"');
});

test("Flux's TOML has every setting that the role gets", () => {
  const given = schedulers.flux.parameters.parse({ kind: "flux", "queue-policy": "easy", limits: { duration: "1h" } });
  const { flux_settings } = schedulers.flux.roleVariables(given, topology);
  const lines = named(schedulers.flux.ownFiles(given, topology), "flux.toml");
  expect(lines).toEqual(Object.entries(flux_settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}`));
  expect(lines).toContain('policy.limits.duration = "1h"');
});
