import { describe, expect, test } from "vitest";
import { differences, parseConfiguration, parsePartitions } from "../../agent/schedulers/slurm/configuration.ts";
import { normalForms, secondConfiguration } from "../../agent/schedulers/slurm/normal-form.ts";
import { slurm, slurmConf } from "../../model/schedulers/slurm.ts";
import { parseTuple } from "../../model/tuple.ts";
import { type Answer, judge, rootOf } from "./slurmctld.ts";

/** What was asked against what slurmctld prints, in its own forms: two of them as on a head, one that runs and one that is asked. */

const found = rootOf("trixie");
const because = "missing" in found ? `, not run: ${found.missing.split("\n")[0]}` : "";
const { topology } = parseTuple({
  topology: { compute: [{ count: 4, cpus: 4 }] },
  scheduler: { kind: "slurm" },
  workloads: [{ kind: "burst" }],
});

const parsed = (parts: object) => slurm.parameters.parse({ kind: "slurm", ...parts });
const confOf = (given: ReturnType<typeof parsed>) =>
  `${slurmConf(given, topology).join("\n")}\n`.replace("MpiDefault=pmix", "MpiDefault=none");
const printed = ({ config, partitions }: Answer) => ({
  ...parseConfiguration(config),
  ...parsePartitions(partitions),
  Nodes: "cn1,cn2,cn3,cn4",
});
const silent = (conf: string) => ({ files: { "slurm.conf": conf }, schedules: false });

/** What is said to differ when the first of each pair is asked, and the second runs. */
function told(pairs: readonly (readonly [object, object])[]): string[][] {
  if ("missing" in found) return [];
  const all = pairs.map(([asked, runs]) => ({
    expected: slurm.expectedConfiguration(parsed(asked), topology),
    conf: confOf(parsed(runs)),
  }));
  const answers = judge(
    found.root,
    all.flatMap(({ expected, conf }) => [silent(conf), silent(secondConfiguration(conf, expected, "/var/lib/slurm/slurmctld"))]),
  );
  return all.map(({ expected }, i) => {
    const [running, second] = answers.slice(2 * i, 2 * i + 2);
    if (!running?.running || !second?.running) return [`does not start: ${running?.running ? second?.log : running?.log}`];
    const effective = printed(running);
    return differences(expected, effective).length === 0
      ? []
      : differences(normalForms(expected, second.config, second.partitions), effective);
  });
}

describe(`forms${because}`, () => {
  const run = test.runIf(because === "");
  const partition = (parts: object) => ({ partitions: [{ name: "p", Default: true, ...parts }] });

  run("that differ in writing alone are no difference", () => {
    const extras: Record<string, string | number>[] = [
      { PrologFlags: "Contain" }, { PrologFlags: "X11", ProctrackType: "proctrack/pgid" }, { AccountingStorageEnforce: "limits,qos" }, { AccountingStorageEnforce: "qos" },
      { UsePAM: 1 }, { UsePAM: 0 }, { PrivateData: "jobs,usage" }, { SlurmdDebug: 5 }, { KillOnBadExit: 1 }, { PropagateResourceLimits: "NONE" },
      { SuspendTime: "NONE" }, { ResumeTimeout: 600, SuspendTimeout: 60, BatchStartTimeout: 30 }, { DefMemPerCPU: 2000 }, { MaxMemPerNode: "UNLIMITED" },
      { HealthCheckInterval: 300, HealthCheckNodeState: "ANY,CYCLE" }, { PriorityFlags: "MAX_TRES,FAIR_TREE" }, { PriorityMaxAge: "14-0", PriorityCalcPeriod: 5 },
      { TopologyPlugin: "topology/default" }, { JobRequeue: 0, MinJobAge: 60, OverTimeLimit: 5 }, { DownNodes: "cn4 State=DOWN" }, { EnforcePartLimits: "YES" },
      { LaunchParameters: "send_gids,use_interactive_step" }, { TaskPluginParam: "Verbose" }, { CompleteWait: 32, InactiveLimit: 0 }, { ReturnToService: 2 },
    ]; // biome-ignore format: a list
    const others = [
      { PriorityType: "priority/basic" },
      { PriorityDecayHalfLife: "90:30" },
      { SelectTypeParameters: "CR_Core_Memory,CR_LLN,CR_ONE_TASK_PER_CORE" },
      { PreemptType: "preempt/partition_prio", PreemptMode: "SUSPEND,GANG" },
      partition({ MaxTime: "7-00:00:00", DefaultTime: "90", State: "DRAIN", LLN: true, DefMemPerCPU: 100, GraceTime: 30 }),
      partition({
        MaxTime: "12:30:00",
        MaxNodes: 3,
        AllowAccounts: ["b", "a"],
        AllowGroups: ["slurm"],
        TRESBillingWeights: { CPU: 1, Mem: "0.25G" },
        OverTimeLimit: 2,
      }),
    ];
    const all = [...extras.map((extra) => ({ extra })), ...others];
    const said = told(all.map((parts) => [parts, parts]));
    expect(
      Object.fromEntries(said.map((words, i) => [JSON.stringify(all[i]), words] as const).filter(([, words]) => words.length > 0)),
    ).toEqual({});
  });

  run("of other values are", () => {
    const said = told([
      [{ extra: { PrologFlags: "Contain" } }, { extra: { PrologFlags: "Alloc" } }],
      [{ extra: { UsePAM: 1 } }, {}],
      [partition({ MaxTime: "2-0" }), partition({ MaxTime: "1-0" })],
    ]);
    expect(said).toEqual([
      ['PrologFlags: asked "Alloc,Contain", runs "Alloc"'],
      ['UsePAM: asked "yes", runs "no"'],
      ['Partition.p.MaxTime: asked "2-00:00:00", runs "1-00:00:00"'],
    ]);
  });
});
