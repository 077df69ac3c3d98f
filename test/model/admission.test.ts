import { describe, expect, test } from "vitest";
import { parseTuple } from "../../model/tuple.ts";

/** Suites that preview must refuse, for no job of theirs would ever run, or would run otherwise than asked. */

const two = { compute: [{ count: 2 }] };
const refusal = (parts: object): string => {
  try {
    parseTuple({ topology: two, scheduler: { kind: "slurm" }, workloads: [{ kind: "burst" }], ...parts });
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
};
const slurm = (parts: object) => ({ scheduler: { kind: "slurm", ...parts } });
const partition = (parts: object) => slurm({ partitions: [{ name: "p", Default: true, ...parts }] });
const hpl = (parts: object = {}) => ({ workloads: [{ kind: "hpl", order: 512, walltimeSeconds: 3600, ...parts }] });
const stream = (parts: object = {}) => ({ workloads: [{ kind: "jobstream", jobs: 10, ...parts }] });

describe("settings", () => {
  test.each<[string, object, string]>([
    [
      "a resolution beyond slurmctld's",
      { SchedulerParameters: { bf_resolution: 7200 } },
      "bf_resolution: 7200 is too large, the most is 3600",
    ],
    ["an interval beyond it", { SchedulerParameters: { bf_interval: 10_801 } }, "bf_interval: 10801 is too large, the most is 10800"],
    ["RPCs beyond it", { SchedulerParameters: { max_rpc_cnt: 1001 } }, "max_rpc_cnt: 1001 is too large, the most is 1000"],
    ["a cycle as long as a message may take", { SchedulerParameters: { max_sched_time: 6 } }, "the most is half of MessageTimeout, 5"],
    [
      "PreemptType alone",
      { PreemptType: "preempt/partition_prio" },
      'scheduler.PreemptMode: "OFF" does not go with PreemptType preempt/partition_prio: use one of "CANCEL"',
    ],
    ["a mode that has no type", { PreemptMode: "REQUEUE" }, 'scheduler.PreemptMode: "REQUEUE" does not go with PreemptType preempt/none'],
    ["memory alone", { SelectTypeParameters: "CR_Memory" }, '"CR_Memory" does not go with select/cons_tres, which needs one of CR_CPU'],
    ["two consumables", { SelectTypeParameters: "CR_Core,CR_Socket" }, "names CR_Core and CR_Socket"],
    ["a half-life of nothing", { PriorityDecayHalfLife: "0-0" }, "set extra.PriorityUsageResetPeriod"],
    ["a weight without priorities", { PriorityType: "priority/basic", PriorityWeightJobSize: 5 }, "5 has no meaning under priority/basic"],
    ["a key that has a place", { SchedulerParameters: { extra: { bf_window: 5 } } }, "write it as scheduler.SchedulerParameters.bf_window"],
    [
      "a second word in a partition's key",
      { partitions: [{ name: "p", Default: true, extra: { Alternate: "x Nodes=evil" } }] },
      "does not match",
    ],
    ["threads of machines", { nodes: { cn: { ThreadsPerCore: 2 } } }, "scheduler.nodes.cn.ThreadsPerCore: 2 is for emulated nodes"],
    ["a group that is not there", { nodes: { gpu: {} } }, "scheduler.nodes.gpu: is not one of the topology's groups cn"],
  ])("%s", (_, parts, words) => expect(refusal(slurm(parts))).toContain(words));

  test.each<[string, object]>([
    ["the largest of each", { SchedulerParameters: { bf_resolution: 3600, bf_interval: 10_800, max_rpc_cnt: 1000 } }],
    ["a longer cycle with a longer timeout", { SchedulerParameters: { max_sched_time: 30 }, extra: { messagetimeout: 60 } }],
    ["a half-life of nothing with a reset", { PriorityDecayHalfLife: 0, extra: { PriorityUsageResetPeriod: "MONTHLY" } }],
    ["memory with whole nodes", { SelectType: "select/linear", SelectTypeParameters: "CR_Memory" }],
    ["options of selection", { SelectTypeParameters: "CR_Core_Memory,CR_LLN,CR_Pack_Nodes" }],
    ["plain FIFO", { PriorityType: "priority/basic", SchedulerType: "sched/builtin" }],
  ])("%s is taken", (_, parts) => expect(refusal(slurm(parts))).toBe("taken"));
});

describe("jobs that no partition runs", () => {
  test.each<[string, object, string]>([
    ["a limit above MaxTime", { ...partition({ MaxTime: 1 }), ...hpl() }, "workloads[0]: 1 of 1 jobs would never run: hpl: scheduler.partitions[0], \"p\", does not take it: its MaxTime is 1, the job's limit 60 min"],
    ["above it in another form", { ...partition({ MaxTime: "0-00:59:00" }), ...hpl() }, "its MaxTime is 0-00:59:00, the job's limit 60 min"],
    ["too few nodes", { topology: { compute: [{ name: "a", count: 1 }, { name: "b", count: 4 }] }, ...slurm({ partitions: [{ name: "small", groups: ["a"], Default: true }, { name: "big", groups: ["b"] }] }), ...stream({ sizes: [{ nodes: 4 }] }) }, '10 of 10 jobs would never run: s1 and 9 more: scheduler.partitions[0], "small", does not take it: it has 1 nodes with 1 cores, the job takes 4; partition big would take it'],
    ["more than MaxNodes", { ...partition({ MaxNodes: 1 }), ...stream({ sizes: [{ nodes: 2 }] }) }, "its MaxNodes is 1, the job takes 2 nodes"],
    ["fewer than MinNodes", { ...partition({ MinNodes: 2 }), ...stream({ sizes: [{ nodes: 1 }] }) }, "its MinNodes is 2"],
    ["a partition that is drained", partition({ State: "DRAIN" }), "its State is DRAIN"],
    ["a partition that is not there", stream({ queues: [{ queue: "long" }] }), 'there is no partition "long", only batch'],
    ["more jobs than are kept", { ...slurm({ MaxJobCount: 10_000 }), workloads: [{ kind: "burst", jobs: 50_000 }] }, "workloads[0]: 50000 jobs, the scheduler keeps 10000: raise scheduler.MaxJobCount"],
  ])("%s", (_, parts, words) => expect(refusal(parts)).toContain(words)); // biome-ignore format: a table

  test("are taken by the partition that they name", () => {
    const parts = {
      topology: {
        compute: [
          { name: "a", count: 1 },
          { name: "b", count: 4 },
        ],
      },
      ...slurm({
        partitions: [
          { name: "small", groups: ["a"], Default: true },
          { name: "big", groups: ["b"] },
        ],
      }),
      ...stream({ sizes: [{ nodes: 4 }], queues: [{ queue: "big" }] }),
    };
    expect(refusal(parts)).toBe("taken");
  });

  test("are as many as any workload has by default", () => {
    expect(refusal({ workloads: [{ kind: "burst", jobs: 100_000 }] })).toBe("taken");
  });
});

describe("jobs that Flux's limits refuse", () => {
  const flux = (parts: object) => ({
    scheduler: { kind: "flux", ...parts },
    image: { source: { kind: "archive", path: "flux.tar", sha256: "0".repeat(64) } },
  });

  test.each<[string, object, string]>([
    ["a limit above the duration", { ...flux({ limits: { duration: "30m" } }), ...hpl() }, "scheduler.limits.duration is 30m, the job's limit 3600 s"],
    ["more nodes", { ...flux({ limits: { "job-size": { max: { nnodes: 1 } } } }), ...stream({ sizes: [{ nodes: 2 }] }) }, "max.nnodes is 1, the job asks for 2"],
    ["a queue's own", { ...flux({ limits: { duration: "2h" }, queues: [{ name: "q", default: true, limits: { duration: "1m" } }] }), ...hpl() }, "scheduler.queues[0].limits.duration is 1m"],
  ])("%s", (_, parts, words) => expect(refusal(parts)).toContain(words)); // biome-ignore format: a table

  test("no limit refuses nothing", () => {
    expect(refusal({ ...flux({ limits: { duration: "0", "job-size": { max: { nnodes: -1 } } } }), ...hpl() })).toBe("taken");
  });
});
