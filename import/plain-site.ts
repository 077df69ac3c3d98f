import { InvalidInput } from "../model/problem.ts";
import { schedulerKind, scheduler as schedulerSchema } from "../model/schedulers/index.ts";
import { Origins } from "./fitting.ts";
import type { Ledger } from "./ledger.ts";
import type { LogJob } from "./log-job.ts";
import type { LogMachine } from "./sizes.ts";
import { groupsOf } from "./slurm/groups.ts";
import { mostHosts } from "./slurm/hostlist.ts";
import type { SiteNode } from "./slurm/nodes.ts";
import { groupDocument, machineOf, mostGroups } from "./slurm/topology.ts";

/** Equal nodes, as options say them. */
export interface NodeOptions {
  readonly count?: number | undefined;
  readonly cpusPerNode?: number | undefined;
  readonly gpusPerNode?: number | undefined;
  readonly memoryPerNode?: number | undefined;
}

/** A and B of a tuple for a site whose configuration is not read. */
export interface PlainSite {
  readonly topology: Record<string, unknown>;
  readonly scheduler: Record<string, unknown>;
  readonly machine: LogMachine;
}

const headCpus = 2;

/** What schedulers need to be said for emulated nodes. */
const emulated: Readonly<Record<string, object>> = { slurm: { TaskPlugin: "task/none" } };

/** @param nodes at least one @throws InvalidInput for a scheduler that has no emulated nodes */
export function plainSite(nodes: readonly SiteNode[], kind: string, ledger: Ledger): PlainSite {
  const groups = groupsOf(nodes, new Map(nodes.map(({ name }) => [name, new Set(["all"])])), mostGroups, ledger);
  const scheduler = { kind, ...(Object.hasOwn(emulated, kind) ? emulated[kind] : {}) };
  const parsed = schedulerSchema.safeParse(scheduler);
  if (!parsed.success)
    throw new InvalidInput("option", [{ path: ["--scheduler"], message: `"${kind}" is not one of flux, slurm, volcano` }]);
  const { emulation } = schedulerKind(parsed.data);
  if ("missing" in emulation)
    throw new InvalidInput("option", [{ path: ["--scheduler"], message: `"${kind}" has no emulated nodes: ${emulation.missing}` }]);
  const memoryGiB = Math.ceil(emulation.headMemoryGiB(nodes.length));
  return {
    topology: {
      head: { cpus: headCpus, memoryGiB },
      compute: groups.map((group) => groupDocument(group, ledger, new Origins(), []).group),
    },
    scheduler,
    machine: machineOf(groups),
  };
}

/** Nodes as the options say; what these leave out is the least that the log's own jobs need, and it is noted. */
export function equalNodes(options: NodeOptions, jobs: readonly LogJob[], ledger: Ledger): SiteNode[] {
  const most = (value: (job: LogJob) => number) => jobs.reduce((best, job) => Math.max(best, value(job)), 0);
  const perNode = (total: number | null, nodes: number | null) => Math.ceil((total ?? 0) / Math.max(1, nodes ?? 1));
  const derived = (option: string, given: number | undefined, value: number, what: string) => {
    if (given === undefined) ledger.changed(`${what}: ${value}`, `derived from the log, for ${option} is not given`);
    return given ?? value;
  };
  const cpus = derived(
    "--cpus-per-node",
    options.cpusPerNode,
    Math.max(
      1,
      most((job) => perNode(job.cpus, job.nodes)),
    ),
    "CPUs of a node",
  );
  const gpus = derived(
    "--gpus-per-node",
    options.gpusPerNode,
    most((job) => perNode(job.gpus, job.nodes)),
    "GPUs of a node",
  );
  const nodesOf = (job: LogJob) => Math.max(job.nodes ?? 1, Math.ceil((job.cpus ?? 1) / cpus));
  const count = derived("--node-count", options.count, Math.max(1, peak(jobs, nodesOf, cpus)), "nodes");
  if (count > mostHosts)
    throw new InvalidInput("log", [
      { path: ["--node-count"], message: `${count} nodes are more than ${mostHosts}: say how many there are` },
    ]);
  return Array.from({ length: count }, (_, i) => ({
    name: `cn${i + 1}`,
    cpus,
    threadsPerCore: 1,
    memoryMiB: options.memoryPerNode ?? null,
    gpus,
    gpuType: null,
    features: [],
    weight: null,
    state: "unknown",
    partitions: null,
    where: "the options",
  }));
}

/** The most nodes that were in use at once, if jobs share them as well as they can; at least the largest job's. */
function peak(jobs: readonly LogJob[], nodesOf: (job: LogJob) => number, cpusPerNode: number): number {
  const changes = jobs.flatMap(({ startSeconds, runSeconds, cpus }): [number, number][] =>
    startSeconds === null || runSeconds === null
      ? []
      : [
          [startSeconds, cpus ?? 1],
          [startSeconds + runSeconds, -(cpus ?? 1)],
        ],
  );
  let [used, most] = [0, 0];
  for (const [, change] of changes.sort(([a, x], [b, y]) => a - b || x - y)) {
    used += change;
    most = Math.max(most, used);
  }
  return jobs.reduce((best, job) => Math.max(best, nodesOf(job)), Math.ceil(most / cpusPerNode));
}
