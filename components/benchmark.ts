import * as pulumi from "@pulumi/pulumi";
import type { PurposedRun } from "../model/objectives.ts";
import { kernelName, type PlannedRun, plannedRuns } from "../model/planned-runs.ts";
import type { Verified } from "../model/record.ts";
import { run } from "../model/run.ts";
import type { Scheduler } from "../model/schedulers/index.ts";
import type { Topology } from "../model/topology.ts";
import type { ImageFiles } from "../model/trial.ts";
import { hasVirtualClock } from "../model/virtual-time.ts";
import { type Workload, workloadKind } from "../model/workloads/index.ts";
import type { Connection } from "./connection.ts";
import type { Excerpt } from "./excerpts.ts";
import { machines } from "./libvirt/machines.ts";
import { script } from "./script.ts";
import { agentDigest } from "./sources.ts";

export interface BenchmarkArgs {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly workloads: readonly Workload[];
  /** For each workload, what it needs of a file that it reads; null where it reads none. */
  readonly excerpts: readonly (Excerpt | null)[];
  /** What the machines were made of. */
  readonly image: pulumi.Input<ImageFiles>;
  /** Machines that are ready for plain mpirun. */
  readonly prepared: pulumi.Input<Connection>;
  /** The running scheduler. */
  readonly verified: pulumi.Output<Verified>;
  /** What must be done before the first run, so that the runs have the machines to themselves. */
  readonly after: pulumi.Resource;
  /** Stack whose machines these are. */
  readonly owner: string;
  /** Folder for the runs' tables. */
  readonly results: string;
}

/** The suite: every workload, as often as it asks, one run after another so that none disturbs the next. */
export class Benchmark extends pulumi.ComponentResource {
  /** Runs in order. Kernels come once more without the scheduler; no parameter of its makes that run again. */
  readonly runs: pulumi.Output<PurposedRun[]>;

  constructor(name: string, args: BenchmarkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Benchmark", name, {}, opts);
    const { topology, scheduler, prepared: connection, verified, owner, results } = args;
    const scheduled = { mode: "scheduler", scheduler, configuration: verified.digest };
    const sourcesOf = agentDigests(scheduler.kind);
    const way = hasVirtualClock(topology)
      ? machines.toVirtualTime(`${name}-root`, args, { parent: this })
      : machines.toHead(topology, owner);
    let previous = args.after;
    const runOf = ({ label, index, workload, seed, mode }: PlannedRun) => {
      const excerpt = mode === "bare" ? null : (args.excerpts[index] ?? null);
      // The script puts the file's text where the request has its digest.
      const ofFile = excerpt === null ? {} : { excerpt: excerpt.sha256 };
      const request = { verb: "run", topology, workload, seed, ...(mode === "bare" ? { mode } : scheduled), ...ofFile };
      const file = excerpt === null ? {} : { excerpt: excerpt.path };
      const { command, reply } = script<unknown>(
        `${name}-${label}`,
        way.script,
        { input: { request, ...file, results, sources: sourcesOf(workload.kind, mode), ...way.input }, connection },
        { parent: this, dependsOn: previous },
      );
      previous = command;
      return reply.apply(toRun(workload));
    };
    this.runs = pulumi.all(plannedRuns(args.workloads).map(runOf));
    this.registerOutputs({ runs: this.runs });
  }
}

/** What drives and measures a kind of workload, through the scheduler or without it: another program measures anew. */
function agentDigests(scheduler: string) {
  const known = new Map<string, Promise<string>>();
  return (workload: string, mode: PlannedRun["mode"]) => {
    const key = `${workload} ${mode}`;
    const digest = known.get(key) ?? agentDigest({ scheduler: mode === "bare" ? null : scheduler, workloads: [workload] });
    known.set(key, digest);
    return digest;
  };
}

const toRun =
  (workload: Workload) =>
  (reply: unknown): PurposedRun => {
    const { purpose } = workloadKind(workload);
    return { purpose, run: run.parse(reply), ...(purpose === "kernel" ? { kernel: kernelName(workload) } : {}) };
  };
