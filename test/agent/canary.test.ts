import { expect, test } from "vitest";
import { canaries, canaryResult } from "../../agent/canary.ts";
import type { Collected } from "../../agent/nodes.ts";
import type { JobTimes } from "../../model/timeline.ts";
import { parseTuple } from "../../model/tuple.ts";
import { ran, told } from "../model/job-times.ts";

const slurm = { kind: "slurm", TaskPlugin: "task/none" };

function canariesOf(nodes: object, scheduler: object = slurm, workload: object = { kind: "burst" }) {
  const { topology, ...rest } = parseTuple({
    topology: {
      head: { memoryGiB: 4 },
      compute: [
        { name: "cpu", count: 3, ...nodes },
        { name: "gpu", count: 2, gpus: 4, ...nodes },
      ],
    },
    scheduler,
    workloads: [workload],
    image: { source: { kind: "archive", path: "flux.tar", sha256: "0".repeat(64) } },
  });
  return canaries(topology, rest.scheduler);
}

const fluxWith = (most: number) => ({ kind: "flux", limits: { "job-size": { max: { nnodes: most } } } });

test("each machine gets a job of its own, which runs there", () => {
  expect(canariesOf({}).map(({ job, nodes, worker }) => [job.id, job.nodes, nodes, worker])).toEqual([
    ["canary-cpu1", 1, ["cpu1"], "cpu1"],
    ["canary-cpu2", 1, ["cpu2"], "cpu2"],
    ["canary-cpu3", 1, ["cpu3"], "cpu3"],
    ["canary-gpu1", 1, ["gpu1"], "gpu1"],
    ["canary-gpu2", 1, ["gpu2"], "gpu2"],
  ]);
});

const emulated = canariesOf({ nodes: "emulated" });
const [cpu] = emulated as [(typeof emulated)[number]];

test("each group of emulated nodes gets one job on all of them, whose body runs on the head", () => {
  expect(emulated.map(({ job, nodes, worker }) => [job.id, job.nodes, nodes, worker])).toEqual([
    ["canary-cpu", 3, ["cpu1", "cpu2", "cpu3"], "head"],
    ["canary-gpu", 2, ["gpu1", "gpu2"], "head"],
  ]);
});

test("a group that is larger than a job may be gets several, one after another", () => {
  expect(canariesOf({ nodes: "emulated" }, fluxWith(2)).map(({ job, nodes }) => [job.id, job.nodes, nodes, job.after])).toEqual([
    ["canary-cpu-1", 2, ["cpu1", "cpu2"], undefined],
    ["canary-cpu-2", 1, ["cpu3"], ["canary-cpu-1"]],
    ["canary-gpu", 2, ["gpu1", "gpu2"], undefined],
  ]);
  expect(canariesOf({ nodes: "emulated" }, fluxWith(1))).toHaveLength(5);
});

test("a partition for short jobs gets a short canary", () => {
  const short = { ...slurm, partitions: [{ name: "short", Default: true, MaxTime: 2 }] };
  const quick = { kind: "jobstream", jobs: 10, runTime: { maxSeconds: 2 }, walltime: { kind: "exact" }, graceSeconds: 30 };
  expect(canariesOf({ nodes: "emulated" }, short, quick).map(({ job }) => job.walltimeSeconds)).toEqual([120, 120]);
});

test("Volcano's gangs are of 16 nodes at most, for it makes all pods of one at once", () => {
  const sizes = canariesOf({ nodes: "emulated", count: 40 }, { kind: "volcano" }).map(({ job }) => job.nodes);
  expect(sizes).toEqual([16, 16, 8, 16, 16, 8]);
});

test("where a group is not in the queue that jobs go to by themselves, its canary names the one that holds it", () => {
  const queues = [
    { name: "batch", groups: ["cpu"], default: true },
    { name: "debug", groups: ["gpu"] },
  ];
  const partitions = queues.map(({ default: isDefault, ...queue }) => ({ ...queue, Default: isDefault }));
  for (const nodes of [{}, { nodes: "emulated" }])
    for (const scheduler of [
      { kind: "flux", queues },
      { ...slurm, partitions },
    ])
      expect(new Set(canariesOf(nodes, scheduler).map(({ nodes: [first], queue }) => `${first?.slice(0, 3)} ${queue}`))).toEqual(
        new Set(["cpu undefined", "gpu debug"]),
      );
});

const head = (clock: string): Collected[] => [{ node: "head", clock, read: () => null }];
const trace = head("canary-cpu started 1.000000\ncanary-cpu ended 2.000000\n");
const all = ["cpu1", "cpu2", "cpu3"];
const driven = (...jobs: JobTimes[]) => ({ timeline: told(jobs, 4), waiting: new Map([[cpu.job.id, "gang does not fit"]]) });

test("a canary that ended on all its nodes and left a trace took so long", () => {
  expect(canaryResult(cpu, driven(ran(cpu.job, 1, 2, 3.25, all)), trace, "run")).toEqual({ node: "cpu1 to cpu3", seconds: 2.25 });
});

test("one that ran without some of them, or left no trace, is none", () => {
  expect(() => canaryResult(cpu, driven(ran(cpu.job, 1, 2, 3, ["cpu1"])), trace, "run")).toThrow(
    "the canary job for cpu1 to cpu3 ran without 2 of them: cpu2, cpu3",
  );
  expect(() => canaryResult(cpu, driven(ran(cpu.job, 1, 2, 3, all)), head(""), "run")).toThrow("left no trace on head");
  expect(() => canaryResult(cpu, driven(ran(cpu.job, 1, 2, null, all)), trace, "run")).toThrow("ended as censored: gang does not fit");
  expect(() => canaryResult(cpu, driven(), trace, "run")).toThrow("ended as lost");
});

test("where bodies are pretended there is no trace to look for", () => {
  expect(canaryResult(cpu, driven(ran(cpu.job, 1, 2, 3, all)), head(""), "pretended")).toEqual({ node: "cpu1 to cpu3", seconds: 2 });
});
