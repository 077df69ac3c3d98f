import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../model/identity.ts";
import type { PurposedRun } from "../model/objectives.ts";
import type { Verified } from "../model/record.ts";
import { run } from "../model/run.ts";
import type { Scheduler } from "../model/schedulers/index.ts";
import type { Topology } from "../model/topology.ts";
import type { ImageFiles } from "../model/trial.ts";
import { hasVirtualClock } from "../model/virtual-time.ts";
import { kernelIdentity, type Workload, workloadKind } from "../model/workloads/index.ts";
import type { Connection } from "./connection.ts";
import type { Excerpt } from "./excerpts.ts";
import { prefix } from "./libvirt/names.ts";
import { virtualTime } from "./libvirt/virtual-time.ts";
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
    // What else it does meanwhile is measured with each run.
    const hypervisor = { uri: topology.hypervisor.uri, prefix: prefix(owner) };
    const virtual = hasVirtualClock(topology) ? virtualTime(`${name}-root`, args, { parent: this }) : null;
    let previous = args.after;
    const runOf = ({ label, workload, seed, mode, excerpt }: Planned) => {
      // The script puts the file's text where the request has its digest.
      const ofFile = excerpt === null ? {} : { excerpt: excerpt.sha256 };
      const request = { verb: "run", topology, workload, seed, ...(mode === "bare" ? { mode } : scheduled), ...ofFile };
      const file = excerpt === null ? {} : { excerpt: excerpt.path };
      const { command, reply } = script<unknown>(
        `${name}-${label}`,
        virtual === null ? "scripts/ask-agent" : "libvirt/scripts/run-virtual",
        { input: { request, ...file, results, sources: sourcesOf(workload.kind, mode), ...(virtual ?? { hypervisor }) }, connection },
        { parent: this, dependsOn: previous },
      );
      previous = command;
      return reply.apply(toRun(workload));
    };
    this.runs = pulumi.all(once(args.workloads.flatMap((workload, i) => plan(workload, i, args.excerpts[i] ?? null))).map(runOf));
    this.registerOutputs({ runs: this.runs });
  }
}

/** What drives and measures a kind of workload, through the scheduler or without it: another program measures anew. */
function agentDigests(scheduler: string) {
  const known = new Map<string, Promise<string>>();
  return (workload: string, mode: Planned["mode"]) => {
    const key = `${workload} ${mode}`;
    const digest = known.get(key) ?? agentDigest({ scheduler: mode === "bare" ? null : scheduler, workloads: [workload] });
    known.set(key, digest);
    return digest;
  };
}

/** One run to come. */
interface Planned {
  readonly label: string;
  readonly workload: Workload;
  readonly seed: number;
  readonly mode: "scheduler" | "bare";
  readonly excerpt: Excerpt | null;
}

function plan(workload: Workload, index: number, excerpt: Excerpt | null): Planned[] {
  const repetitions = Array.from({ length: workload.repetitions }, (_, repetition): Planned => {
    return { label: `${index}-${workload.kind}-${repetition}`, workload, seed: workload.seed + repetition, mode: "scheduler", excerpt };
  });
  return workloadKind(workload).purpose === "kernel" ? [baseline(workload), ...repetitions] : repetitions;
}

/** The kernel without the scheduler: named and asked for by what it computes alone, so that nothing else makes it run again. */
const baseline = (workload: Workload): Planned => ({
  label: `${kernelName(workload)}-bare`,
  workload: { ...workload, seed: 1, repetitions: 1 },
  seed: 1,
  mode: "bare",
  excerpt: null,
});

/** The same for workloads that are the same kernel, and for no others. */
const kernelName = (workload: Workload) => `${workload.kind}-${sha256(kernelIdentity(workload)).slice(0, 8)}`;

/** Workloads that are the same kernel share its baseline. */
const once = (planned: readonly Planned[]) => [...new Map(planned.map((one) => [one.label, one])).values()];

const toRun =
  (workload: Workload) =>
  (reply: unknown): PurposedRun => {
    const { purpose } = workloadKind(workload);
    return { purpose, run: run.parse(reply), ...(purpose === "kernel" ? { kernel: kernelName(workload) } : {}) };
  };
