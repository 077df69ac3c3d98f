import { quantileSorted } from "simple-statistics";
import { grouped } from "../../../model/grouped.ts";
import { nodeClass, nodeClasses } from "../../../model/size-class.ts";
import type { JobRow } from "../analysis.ts";
import { type StreamRun, steady, waits } from "../distribution.ts";

/** By what waits are broken down. */
export const breakdowns = ["all", "size", "partition", "user"] as const;
export type Breakdown = (typeof breakdowns)[number];

/** Waits of one class of a trial's jobs, in the stream's own seconds: a compressed run's are multiplied by its compression. */
export interface ClassWaits {
  readonly by: Breakdown;
  /** `all jobs`, `2 to 4 nodes`, `debug`, `u3`. */
  readonly of: string;
  readonly jobs: number;
  readonly medianSeconds: number;
  readonly p95Seconds: number;
}

/** What one trial's job streams say. */
export interface StreamFigures {
  /** From the first submission to the last end, in the stream's own seconds. */
  readonly spanSeconds: number;
  readonly timeCompression: number;
  /** Jobs that count, without the warm-up; of those that never started the wait is a lower bound. */
  readonly jobs: number;
  readonly neverStarted: number;
  readonly waits: readonly ClassWaits[];
}

/** Classes of users beyond these many are left out, those with the fewest jobs first. */
const mostUsers = 20;

/** Null without a job that counts. */
export function streamFigures(runs: readonly StreamRun[]): StreamFigures | null {
  const all = runs.flatMap((run) => {
    const seconds = waits(run);
    return steady(run.jobs).map((job, i) => ({ job, seconds: Math.max(0, seconds[i] as number) * run.timeCompression }));
  });
  if (all.length === 0) return null;
  type Waited = (typeof all)[number];
  const by = (breakdown: Breakdown, classOf: (job: JobRow) => string | undefined): ClassWaits[] => {
    const told = all.filter(({ job }) => classOf(job) !== undefined);
    const classes = grouped(told, ({ job }: Waited) => classOf(job) as string);
    return [...classes].map(([of, own]) => ({ by: breakdown, of, ...quantiles(own.map(({ seconds }) => seconds)) }));
  };
  const sizes = by("size", ({ nodes }) => nodeClass(nodes));
  const users = by("user", ({ user }) => user).toSorted((a, b) => b.jobs - a.jobs || a.of.localeCompare(b.of, "en", { numeric: true }));
  const partitions = by("partition", ({ queue }) => queue);
  return {
    spanSeconds: Math.max(...runs.map(({ jobs, timeCompression }) => spanOf(jobs) * timeCompression)),
    timeCompression: Math.max(...runs.map(({ timeCompression }) => timeCompression)),
    jobs: all.length,
    neverStarted: all.filter(({ job }) => job.start === null).length,
    waits: [
      ...by("all", () => "all jobs"),
      ...(sizes.length > 1 ? sizes.toSorted((a, b) => nodeClasses.indexOf(a.of) - nodeClasses.indexOf(b.of)) : []),
      ...(partitions.length > 1 ? partitions.toSorted((a, b) => a.of.localeCompare(b.of)) : []),
      ...(users.length > 1 ? users.slice(0, mostUsers) : []),
    ],
  };
}

const spanOf = (jobs: readonly JobRow[]) => jobs.reduce((most, { submit, end }) => Math.max(most, end ?? submit), 0);

function quantiles(given: readonly number[]) {
  const sorted = given.toSorted((a, b) => a - b);
  return { jobs: sorted.length, medianSeconds: quantileSorted(sorted, 0.5), p95Seconds: quantileSorted(sorted, 0.95) };
}
