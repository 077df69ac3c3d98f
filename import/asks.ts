import type { Take } from "../model/trace/take.ts";
import type { Ledger } from "./ledger.ts";
import type { LogJob } from "./log-job.ts";

/** What replayed jobs ask for again beside cores and time: as much of the log as the stack's scheduler and nodes know of. */

export interface Site {
  readonly topology: Record<string, unknown>;
  readonly scheduler: Record<string, unknown>;
  /** Partitions that have another name in the stack, by the log's. */
  readonly renamed?: Readonly<Record<string, string>>;
}

export interface Asks {
  readonly take: Partial<Take>;
  /** Logical processors of a core. */
  readonly threads: number;
}

export function asksOf(ran: readonly LogJob[], { topology, scheduler, renamed = {} }: Site): Asks {
  const isSlurm = scheduler.kind === "slurm";
  const named = (key: string): readonly { readonly name?: unknown }[] => (Array.isArray(scheduler[key]) ? scheduler[key] : []);
  const [partitions, qos] = [named("partitions"), named("qos")].map((all) => new Set(all.map(({ name }) => name)));
  const groups = topology.compute as readonly { readonly gpus?: number }[];
  const options = Object.values((scheduler.nodes ?? {}) as Record<string, { readonly ThreadsPerCore?: number }>);
  const some = (has: (job: LogJob) => boolean) => ran.some(has);
  const rename = Object.fromEntries(Object.entries(renamed).filter(([name]) => some(({ partition }) => partition === name)));
  const isKnown = ({ partition }: LogJob) => Object.hasOwn(rename, partition) || (partitions?.has(partition) ?? false);
  return {
    take: {
      nodes: true,
      ...(isSlurm && some(isKnown) ? { queue: "partition" as const } : {}),
      ...(isSlurm && Object.keys(rename).length > 0 ? { rename } : {}),
      ...(isSlurm && some(({ queue }) => qos?.has(queue) ?? false) ? { qos: "queue" as const } : {}),
      ...(/Memory/i.test(String(scheduler.SelectTypeParameters ?? "")) || !isSlurm ? { memory: true } : {}),
      ...(groups.some(({ gpus = 0 }) => gpus > 0) ? { gpus: true } : {}),
    },
    threads: Math.max(1, ...options.map(({ ThreadsPerCore = 1 }) => ThreadsPerCore)),
  };
}

/** What of the jobs is taken and what is not. */
export function notesOfAsks(ran: readonly LogJob[], { take }: Asks, ledger: Ledger): void {
  const note = (isTaken: boolean, what: string, has: (job: LogJob) => boolean, why: string) => {
    const jobs = ran.filter(has).length;
    if (jobs === 0) return;
    if (isTaken) ledger.taken(`${what} of ${jobs} jobs`);
    else ledger.leftOut(`${what} of ${jobs} jobs`, why);
  };
  const { queue, qos, memory = false, gpus = false } = take;
  note(queue !== undefined, "the partition", ({ partition }) => partition !== "", "kept in the trace; the stack has none of that name");
  note(
    qos !== undefined,
    "the quality of service or queue",
    ({ queue: own }) => own !== "",
    "kept in the trace; the stack has none of that name",
  );
  note(gpus, "the GPUs", (job) => (job.gpus ?? 0) > 0, "kept in the trace's table; the stack's nodes have none");
  note(memory, "the memory", ({ memoryMiB }) => memoryMiB !== null, "kept in the trace; the site's Slurm does not count memory");
  note(false, "the account", ({ account }) => account !== "", "kept in the trace's table; a replayed job has none");
}
