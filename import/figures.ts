import { quantileSorted } from "simple-statistics";
import * as z from "zod";
import { tauSeconds } from "../model/metrics/bounded-slowdown.ts";
import type { LogJob } from "./log-job.ts";
import { isBelowNode, type LogMachine, sizeClass, sizeClasses, wholeNodes } from "./sizes.ts";

/** How long jobs waited; null where there are none. */
const waits = z.strictObject({
  jobs: z.int().min(0),
  medianWaitSeconds: z.number().nullable(),
  p95WaitSeconds: z.number().nullable(),
  /** Mean of max(1, (wait + run) ÷ max(run, 10 s)). */
  meanBoundedSlowdown: z.number().nullable(),
});
export type Waits = z.output<typeof waits>;

/** What a log says of itself, before anything of it is replayed. */
export const logFigures = z.strictObject({
  version: z.literal(1),
  /** Jobs that were chosen, and those of them that ran to an end. */
  jobs: z.int().min(0),
  ran: z.int().min(0),
  /** First and last submission, seconds since 1970. */
  fromSeconds: z.number().nullable(),
  toSeconds: z.number().nullable(),
  machine: z.strictObject({ nodes: z.number(), cpus: z.number(), cpusPerNode: z.number(), gpusPerNode: z.number() }),
  /** Σ run time · processors ÷ (processors of the machine · time between first and last submission). */
  offeredLoad: z.number().nullable(),
  /** The same with each job's whole nodes: what a replay offers that shares none. */
  wholeNodeLoad: z.number().nullable(),
  /** Share of the jobs, and of their processor time, that leave a part of a node to others. */
  belowNodeShare: z.number().nullable(),
  belowNodeWorkShare: z.number().nullable(),
  all: waits,
  bySize: z.record(z.string(), waits),
  byPartition: z.record(z.string(), waits),
});
export type LogFigures = z.output<typeof logFigures>;

/** A job that ran to an end. */
export type RanJob = LogJob & { readonly startSeconds: number; readonly runSeconds: number };

export const hasRun = (job: LogJob): job is RanJob => job.startSeconds !== null && job.runSeconds !== null;

/** Waits of jobs as they are counted: a log has a million. */
export class WaitCounter {
  readonly #waits: number[] = [];
  #slowdowns = 0;

  add(waitSeconds: number, runSeconds: number): void {
    this.#waits.push(waitSeconds);
    this.#slowdowns += Math.max(1, (waitSeconds + runSeconds) / Math.max(runSeconds, tauSeconds));
  }

  figures(): Waits {
    const jobs = this.#waits.length;
    if (jobs === 0) return { jobs, medianWaitSeconds: null, p95WaitSeconds: null, meanBoundedSlowdown: null };
    const sorted = Array.from(Float64Array.from(this.#waits).sort());
    return {
      jobs,
      medianWaitSeconds: quantileSorted(sorted, 0.5),
      p95WaitSeconds: quantileSorted(sorted, 0.95),
      meanBoundedSlowdown: this.#slowdowns / jobs,
    };
  }
}

/** Counts by a key, in the order in which the keys are named or first appear. */
export class WaitsBy {
  readonly #groups: Map<string, WaitCounter>;

  constructor(order: readonly string[] = []) {
    this.#groups = new Map(order.map((key) => [key, new WaitCounter()]));
  }

  add(key: string, waitSeconds: number, runSeconds: number): void {
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new WaitCounter();
      this.#groups.set(key, group);
    }
    group.add(waitSeconds, runSeconds);
  }

  figures(): Record<string, Waits> {
    const all = [...this.#groups].map(([key, group]): [string, Waits] => [key, group.figures()]);
    return Object.fromEntries(all.filter(([, { jobs }]) => jobs > 0));
  }
}

/** @param jobs in order of submission */
export function figuresOf(jobs: readonly LogJob[], machine: LogMachine): LogFigures {
  const [first, last] = [jobs.at(0)?.submitSeconds ?? null, jobs.at(-1)?.submitSeconds ?? null];
  const span = first === null || last === null || last <= first ? null : last - first;
  const [all, bySize, byPartition] = [new WaitCounter(), new WaitsBy(sizeClasses), new WaitsBy()];
  const [work, below] = [
    { jobs: 0, cpuSeconds: 0, nodeSeconds: 0 },
    { jobs: 0, cpuSeconds: 0 },
  ];
  for (const job of jobs) {
    if (!hasRun(job)) continue;
    const { runSeconds } = job;
    const wait = Math.max(0, job.startSeconds - job.submitSeconds);
    all.add(wait, runSeconds);
    bySize.add(sizeClass(job, machine), wait, runSeconds);
    byPartition.add(job.partition || "(none)", wait, runSeconds);
    const cpuSeconds = runSeconds * (job.cpus ?? 1);
    work.jobs++;
    work.cpuSeconds += cpuSeconds;
    work.nodeSeconds += runSeconds * wholeNodes(job, machine);
    if (!isBelowNode(job, machine)) continue;
    below.jobs++;
    below.cpuSeconds += cpuSeconds;
  }
  return {
    version: 1,
    jobs: jobs.length,
    ran: work.jobs,
    fromSeconds: first,
    toSeconds: last,
    machine: { ...machine },
    offeredLoad: span === null ? null : work.cpuSeconds / (machine.cpus * span),
    wholeNodeLoad: span === null ? null : work.nodeSeconds / (machine.nodes * span),
    belowNodeShare: work.jobs === 0 ? null : below.jobs / work.jobs,
    belowNodeWorkShare: work.cpuSeconds === 0 ? null : below.cpuSeconds / work.cpuSeconds,
    all: all.figures(),
    bySize: bySize.figures(),
    byPartition: byPartition.figures(),
  };
}
