import { describe, expect, test } from "vitest";
import { complaintsIn } from "../../agent/schedulers/slurm/complaints.ts";
import { preemptModes, preemptTypes } from "../../model/schedulers/slurm/preemption.ts";
import { slurm, slurmConf } from "../../model/schedulers/slurm.ts";
import { parseTuple } from "../../model/tuple.ts";
import { judge, rootOf } from "./slurmctld.ts";

/** Whole configurations: what preview refuses against what slurmctld refuses, and what it takes against what slurmctld takes in silence. */

const found = rootOf("trixie");
const because = "missing" in found ? `, not run: ${found.missing.split("\n")[0]}` : "";

const topology = parseTuple({
  topology: { compute: [{ count: 4, cpus: 4 }] },
  scheduler: { kind: "slurm" },
  workloads: [{ kind: "burst" }],
}).topology;

/** For a machine that has no slurmdbd and no PMIx. */
const alone = (conf: readonly string[]) =>
  `${conf.filter((line) => !line.startsWith("AccountingStorage")).join("\n")}\n`.replace("MpiDefault=pmix", "MpiDefault=none");

interface Judged {
  readonly asked: object;
  readonly preview: string[];
  readonly daemon: string[];
}

/** What preview and slurmctld say of each. */
function judged(all: readonly object[]): Judged[] {
  if ("missing" in found) return [];
  const parsed = all.map((parts) => slurm.parameters.parse({ kind: "slurm", ...parts }));
  const answers = judge(
    found.root,
    parsed.map((given) => ({ files: { "slurm.conf": alone(slurmConf(given, topology)) }, schedules: false })),
  );
  return all.map((asked, i) => {
    const { running = false, log = "" } = answers[i] ?? {};
    const preview = parsed.slice(i, i + 1).flatMap((given) => slurm.problems(given, topology));
    return {
      asked,
      preview: preview.filter(({ message }) => !message.includes("accounting: true")).map(({ message }) => message),
      daemon: [...(running ? [] : ["does not start"]), ...complaintsIn(log)],
    };
  });
}

const disagreeing = (all: readonly Judged[]) =>
  all.filter(({ preview, daemon }) => preview.length > 0 !== daemon.length > 0).map((one) => JSON.stringify(one));

describe(`preview and slurmctld agree${because}`, () => {
  const run = test.runIf(because === "");

  run("on pairs of PreemptType and PreemptMode", () => {
    expect(
      disagreeing(judged(preemptTypes.flatMap((PreemptType) => preemptModes.map((PreemptMode) => ({ PreemptType, PreemptMode }))))),
    ).toEqual([]);
  });

  run("on what is consumable", () => {
    const asked = [
      "CR_CPU", "CR_CPU_Memory", "CR_Core", "CR_Core_Memory", "CR_Socket", "CR_Socket_Memory", "CR_Memory", "CR_LLN", "CR_Core,CR_Memory", "CR_Core,CR_CPU",
      "CR_Core_Memory,CR_LLN", "CR_Core,CR_Pack_Nodes", "CR_Core_Memory,CR_ONE_TASK_PER_CORE,CR_CORE_DEFAULT_DIST_BLOCK", "CR_Core,LL_SHARED_GRES",
      "CR_Core,MULTIPLE_SHARING_GRES_PJ", "CR_Core,ENFORCE_BINDING_GRES", "CR_Core,ONE_TASK_PER_SHARING_GRES", "CR_ONE_TASK_PER_CORE",
    ]; // biome-ignore format: a list
    const types = ["select/cons_tres", "select/linear"];
    expect(
      disagreeing(judged(types.flatMap((SelectType) => asked.map((SelectTypeParameters) => ({ SelectType, SelectTypeParameters }))))),
    ).toEqual([]);
  });

  run("on half-lives", () => {
    const halfLives = [0, "0", "0-0", "00:00:00", 1, "7-0", "7-12:30", "7-12:30:15", "90:00", "1:30:00", "20160"];
    const resets = [{}, { extra: { PriorityUsageResetPeriod: "MONTHLY" } }, { extra: { priorityusageresetperiod: "none" } }];
    const all = halfLives.flatMap((PriorityDecayHalfLife) => resets.map((reset) => ({ PriorityDecayHalfLife, ...reset })));
    expect(disagreeing(judged(all))).toEqual([]);
  });

  run("on single settings and partitions", () => {
    const partition = (parts: object) => ({ partitions: [{ name: "p", Default: true, ...parts }] });
    const all = [
      {},
      { PriorityType: "priority/basic" },
      { SchedulerType: "sched/builtin" },
      { SchedulerTimeSlice: 5 },
      { SchedulerTimeSlice: 65_533 },
      { MaxJobCount: 2_000_000 },
      { SchedulerParameters: { max_sched_time: 5 } },
      { SchedulerParameters: { max_sched_time: 5, bf_hetjob_prio: "avg", extra: { preempt_youngest_first: true } } },
      ...["UP", "DOWN", "DRAIN", "INACTIVE"].map((State) => partition({ State })),
      ...[1, "30", "30:00", "12:00:00", "1-0", "1-12", "1-12:30", "1-12:30:15", "UNLIMITED", "INFINITE", null].map((MaxTime) =>
        partition({ MaxTime }),
      ),
      partition({ MaxTime: "7-00:00:00", DefaultTime: "1:00:00" }),
      partition({ MinNodes: 2, MaxNodes: 3, MaxCPUsPerNode: 2, DefMemPerNode: 512, MaxMemPerNode: 900 }),
      partition({ DefMemPerCPU: 100, MaxMemPerCPU: 200 }),
      partition({ LLN: true, ExclusiveUser: true, Hidden: true, OverTimeLimit: 5, GraceTime: 30 }),
      partition({ AllowAccounts: ["a", "b"], AllowGroups: ["slurm"], TRESBillingWeights: { CPU: 1, Mem: "0.25G", "GRES/gpu": 2 } }),
      partition({ TRESBillingWeights: { CPU: 1, mem: "0.25G", "license/x": 2 } }),
      partition({ PriorityTier: 65_533, PriorityJobFactor: 65_533 }),
      ...["NO", "YES", "YES:2", "FORCE", "FORCE:3", "EXCLUSIVE"].map((OverSubscribe) => partition({ OverSubscribe })),
      { nodes: { cn: { Feature: ["a", "b-1"], Weight: 10, Sockets: 2 } } },
    ];
    expect(disagreeing(judged(all))).toEqual([]);
  });

  run("on a partition's own PreemptMode", () => {
    const modes = ["OFF", "CANCEL", "REQUEUE", "SUSPEND"];
    const pairs = [
      ["preempt/none", "OFF"],
      ["preempt/none", "GANG"],
      ["preempt/partition_prio", "CANCEL"],
      ["preempt/partition_prio", "REQUEUE"],
      ["preempt/partition_prio", "SUSPEND,GANG"],
    ];
    const all = pairs.flatMap(([PreemptType, PreemptMode]) =>
      modes.map((own) => ({ PreemptType, PreemptMode, partitions: [{ name: "p", Default: true, PreemptMode: own }] })),
    );
    expect(disagreeing(judged(all))).toEqual([]);
  });
});
