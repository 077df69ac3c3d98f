import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hostlist } from "../../agent/hostlist.ts";
import { differences, normalised, parseConfiguration, parseNodes, parsePartitions } from "../../agent/schedulers/slurm/configuration.ts";
import { schedulerKind } from "../../model/schedulers/index.ts";
import { parseTuple } from "../../model/tuple.ts";

const fixture = (name: string) => readFileSync(`test/agent/fixtures/slurm/${name}`, "utf8");

const effective = {
  ...parseConfiguration(fixture("show-config.txt")),
  ...parsePartitions(fixture("show-partition.txt")),
  Nodes: "cn1,cn2",
};

/** The configuration that the fixtures were read from. */
const asked = {
  kind: "slurm",
  SchedulerParameters: { bf_continue: true, bf_interval: 10, bf_window: 60, sched_min_interval: 1000 },
  PriorityDecayHalfLife: "7-0",
  TaskPlugin: "task/none",
  SchedulerTimeSlice: 30,
  MaxJobCount: 10_000,
};

function expected(scheduler: object) {
  const tuple = parseTuple({
    topology: { compute: [{ count: 2 }] },
    scheduler: { ...asked, ...scheduler },
    workloads: [{ kind: "burst" }],
  });
  return schedulerKind(tuple.scheduler).expectedConfiguration(tuple.scheduler, tuple.topology);
}

describe("what runs against what was asked", () => {
  test("the same, in Slurm's other words, is no difference", () => {
    expect(differences(expected({}), effective)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    [
      "one scheduling parameter",
      { SchedulerParameters: { ...asked.SchedulerParameters, bf_interval: 30 } },
      [
        'SchedulerParameters: asked "bf_continue,bf_interval=30,bf_window=60,sched_min_interval=1000", runs "bf_continue,bf_interval=10,bf_window=60,sched_min_interval=1000"',
      ],
    ],
    ["a weight", { PriorityWeightJobSize: 10 }, ['PriorityWeightJobSize: asked "10", runs "0"']],
    [
      "a plugin",
      { PreemptType: "preempt/partition_prio", PreemptMode: "CANCEL" },
      ['PreemptType: asked "preempt/partition_prio", runs "(null)"', 'PreemptMode: asked "CANCEL", runs "OFF"'],
    ],
    ["a duration", { PriorityDecayHalfLife: "1-0" }, ['PriorityDecayHalfLife: asked "1-0", runs "7-00:00:00"']],
    ["a further setting", { extra: { KillWait: 5 } }, ['KillWait: asked "5", runs "30 sec"']],
    ["a setting that Slurm does not report", { extra: { DownNodes: "cn9" } }, ['DownNodes: asked "cn9", not reported']],
    [
      "a partition's limit",
      { partitions: [{ name: "batch", Default: true, MaxTime: 60 }] },
      ['Partition.batch.MaxTime: asked "60", runs "UNLIMITED"'],
    ],
  ])("%s that differs is named with both values", (_, scheduler, sentences) => {
    expect(differences(expected(scheduler), effective)).toEqual(sentences);
  });

  test("a node that is missing is a difference", () => {
    expect(differences(expected({}), { ...effective, Nodes: "cn1" })).toEqual(['Nodes: asked "cn1,cn2", runs "cn1"']);
  });
});

test.each<[string, string, string]>([
  ["SelectTypeParameters", "CR_Core", "CR_CORE"],
  ["PreemptMode", "SUSPEND,GANG", "GANG,SUSPEND"],
  ["PreemptType", "preempt/none", "(null)"],
  ["SchedulerTimeSlice", "30", "30 sec"],
  ["OverTimeLimit", "2", "2 min"],
  ["PriorityDecayHalfLife", "14-0", "14-00:00:00"],
  ["PriorityCalcPeriod", "5", "00:05:00"],
  ["PriorityDecayHalfLife", "1-12:30", "1-12:30:00"],
  ["Partition.batch.MaxTime", "INFINITE", "UNLIMITED"],
  ["Partition.batch.MaxTime", "90", "01:30:00"],
  ["Partition.batch.MaxTime", "1440", "1-00:00:00"],
  ["Partition.batch.OverSubscribe", "FORCE", "FORCE:4"],
  ["Partition.batch.Nodes", "cn[1-1],gpu[1-2]", "cn1,gpu[1-2]"],
])("%s: %s is %s", (key, written, printed) => {
  expect(normalised(key, written)).toBe(normalised(key, printed));
});

test("what changes by itself is no part of the configuration", () => {
  expect(fixture("show-config.txt")).toMatch(/BOOT_TIME[\s\S]*HASH_VAL[\s\S]*NEXT_JOB_ID/);
  expect(Object.keys(effective).filter((key) => /BOOT_TIME|HASH_VAL|NEXT_JOB_ID|\.State$/.test(key))).toEqual([]);
  expect(effective).toMatchObject({ SLURM_VERSION: "24.11.5", PriorityFlags: "", "Partition.batch.PriorityTier": "1" });
});

test("nodes with their states and reasons", () => {
  expect([
    ...parseNodes("cn1|idle|none\ncn2|down*|Not responding\ncn3|inval|Low RealMemory (reported:900 < 100.00% of configured:921)\n"),
  ]).toEqual([
    ["cn1", { state: "idle", reason: "none" }],
    ["cn2", { state: "down*", reason: "Not responding" }],
    ["cn3", { state: "inval", reason: "Low RealMemory (reported:900 < 100.00% of configured:921)" }],
  ]);
});

test.each<[string, string[]]>([
  ["cn1", ["cn1"]],
  ["cn[1-3]", ["cn1", "cn2", "cn3"]],
  ["cn[1-2,5],gpu1", ["cn1", "cn2", "cn5", "gpu1"]],
  ["cn[08-10]", ["cn08", "cn09", "cn10"]],
  ["(null)", []],
  ["", []],
])("hostlist %s", (text, names) => {
  expect(hostlist(text)).toEqual(names);
});
