import { type Job, noOp } from "../model/job.ts";
import type { Verified } from "../model/record.ts";
import { type Scheduler, schedulerKind } from "../model/schedulers/index.ts";
import { areEmulated, computeNodes, type Topology, workers } from "../model/topology.ts";
import type { Driven } from "./drive.ts";
import type { Collected } from "./nodes.ts";

/** A job that shows that nodes take jobs and get rid of them again. */
export interface Canary {
  readonly job: Job;
  /** Where it must run: all of these. */
  readonly nodes: readonly string[];
  /** The partition or queue that it must name to run there. */
  readonly queue?: string | undefined;
  /** The machine on which its body runs. */
  readonly worker: string;
}

/**
 * Jobs that together run on every node. One on each; emulated nodes may be thousands, of which each is a process on the same
 * head: there one job spans each group, and is clean only once all of its nodes have answered.
 */
export function canaries(topology: Topology, scheduler: Scheduler): Canary[] {
  const { queueOf, mostNodesOfCanary, admission } = schedulerKind(scheduler);
  const refusal = admission?.(scheduler, topology).refusal ?? (() => null);
  const inQueue = (group: string, canary: Canary): Canary => withinLimit({ ...canary, queue: queueOf?.(scheduler, group) }, refusal);
  const nodes = computeNodes(topology);
  if (!areEmulated(topology)) return nodes.map(({ name, group }) => inQueue(group, canary(name, [name], name)));
  const mostNodes = mostNodesOfCanary?.(scheduler) ?? Number.POSITIVE_INFINITY;
  const ofGroup = (wanted: string) => nodes.filter(({ group }) => group === wanted).map(({ name }) => name);
  return topology.compute.flatMap(({ name }) => {
    const parts = split(ofGroup(name), mostNodes);
    const nameOf = (part: number) => (parts.length === 1 ? name : `${name}-${part + 1}`);
    // One after another: started all at once, hundreds of nodes keep a busy head from answering any of them in time.
    const before = (part: number) => (part === 0 ? [] : [canaryId(nameOf(part - 1))]);
    return parts.flatMap((part, i) => workers(topology).map((worker) => inQueue(name, canary(nameOf(i), part, worker.name, before(i)))));
  });
}

/** A queue for short jobs takes a canary only if it promises to be one. */
function withinLimit(canary: Canary, refusal: (job: Job) => string | null): Canary {
  const { queue } = canary;
  const limits = [canary.job.walltimeSeconds, 300, 120, 60];
  const taken = limits.find(
    (walltimeSeconds) => refusal({ ...canary.job, walltimeSeconds, ...(queue === undefined ? {} : { queue }) }) === null,
  );
  return taken === undefined ? canary : { ...canary, job: { ...canary.job, walltimeSeconds: taken } };
}

/** In parts of at most so many, and of one at least. */
function split(names: readonly string[], most: number): string[][] {
  const size = Math.max(1, Math.min(most, names.length));
  return Array.from({ length: Math.ceil(names.length / size) }, (_, i) => names.slice(i * size, (i + 1) * size));
}

const canaryId = (name: string) => `canary-${name}`;

function canary(name: string, nodes: readonly string[], worker: string, after: readonly string[] = []): Canary {
  return { job: { ...noOp(canaryId(name)), nodes: nodes.length, ...(after.length > 0 ? { after } : {}) }, nodes, worker };
}

/**
 * How long a canary took; throws where it did not run to its end on all of its nodes.
 * @param bodies whether jobs' bodies run, so that it must have left its trace
 */
export function canaryResult(
  { job, nodes, worker }: Canary,
  { timeline, waiting }: Pick<Driven, "timeline" | "waiting">,
  collected: readonly Collected[],
  bodies: "run" | "pretended",
): Verified["canary"][number] {
  const node = nodes.length === 1 ? (nodes[0] ?? "") : `${nodes[0]} to ${nodes.at(-1)}`;
  const row = timeline.jobs.find((own) => own.job.id === job.id);
  if (row?.outcome !== "completed" || row.started === null || row.ended === null)
    throw new Error(`the canary job on ${node} ended as ${row?.outcome ?? "lost"}${because(waiting.get(job.id))}`);
  const missed = nodes.filter((name) => !row.nodes.includes(name));
  if (missed.length > 0)
    throw new Error(`the canary job for ${node} ran without ${missed.length} of them: ${missed.slice(0, 5).join(", ")}`);
  const wrote = collected.find((from) => from.node === worker)?.clock.includes(`${job.id} ended`);
  if (bodies === "run" && wrote !== true) throw new Error(`the canary job for ${node} ran, but left no trace on ${worker}`);
  return { node, seconds: Math.round((row.ended - row.submit) * 1000) / 1000 };
}

const because = (reason: string | undefined) => (reason === undefined ? "" : `: ${reason}`);
