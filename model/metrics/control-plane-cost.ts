import type { Job } from "../job.ts";
import type { Machine } from "../machine.ts";
import type { JobTimes } from "../timeline.ts";
import type { DaemonUse } from "./control-plane-use.ts";
import { FreeCapacity } from "./free-capacity.ts";

/** What was seen of one burst. */
export interface Burst {
  readonly jobs: readonly JobTimes[];
  readonly controlPlane: readonly DaemonUse[];
}

/** The burst that runs first, alone: a quarter of the jobs. Empty where that is less than one. */
export const smallerBurst = (jobs: readonly Job[]): Job[] => jobs.slice(0, Math.floor(jobs.length / 4));

/**
 * The event that stands for a job's last moment: `cleaned` where the scheduler says it of every job that ended, else
 * `ended`. Compare γ only between runs that used the same.
 */
export const lastEvent = (rows: readonly JobTimes[]): "cleaned" | "ended" =>
  rows.every(({ cleaned, ended }) => cleaned !== null || ended === null) ? "cleaned" : "ended";

/**
 * γ, control-plane cost, in milliseconds per job: the slope of (last clean − first submit) over the number of jobs, between
 * two bursts of one-core jobs that do nothing. What every burst takes once, whatever its size, cancels out: the client's
 * start, the wait for the scheduler's next look at its queue, the first job's launch and the last one's end. The last clean
 * is that of {@link lastEvent} over both. Null where the bursts are of one size, as they are without a smaller one.
 * Source: the inverse of the sustained launch rate by which resource managers are compared, as in Ahn et al., "Flux:
 * Overcoming Scheduling Challenges for Exascale Workflows", FGCS 110, 2020, as a slope, so that it holds no start-up.
 */
export function controlPlaneCost(smaller: readonly JobTimes[], larger: readonly JobTimes[]): number | null {
  const event = lastEvent([...smaller, ...larger]);
  const [few, many] = [spanOf(smaller, event), spanOf(larger, event)];
  if (few === null || many === null || few.jobs === many.jobs) return null;
  return (1000 * (many.seconds - few.seconds)) / (many.jobs - few.jobs);
}

/** How many jobs came to that event, and the time from the first submission to the last of them. */
function spanOf(rows: readonly JobTimes[], event: "cleaned" | "ended") {
  let [jobs, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    first = Math.min(first, row.submit);
    const seconds = row[event];
    if (seconds === null) continue;
    jobs += 1;
    last = Math.max(last, seconds);
  }
  return jobs === 0 ? null : { jobs, seconds: last - first };
}

/** What the larger burst used more than the smaller one, by daemon: of as many jobs as it has more. */
export function usedBetween(smaller: Burst, larger: Burst): { readonly daemons: readonly DaemonUse[]; readonly jobs: number } {
  const before = new Map(smaller.controlPlane.map(({ daemon, cpuSeconds }) => [daemon, cpuSeconds]));
  return {
    daemons: larger.controlPlane.map((use) => ({ ...use, cpuSeconds: use.cpuSeconds - (before.get(use.daemon) ?? 0) })),
    jobs: larger.jobs.length - smaller.jobs.length,
  };
}

/** How many of these jobs, all alike, the empty machine can hold at once. */
export function slotsFor(jobs: readonly Job[], machine: Machine): number {
  const free = new FreeCapacity(machine);
  for (const job of jobs) free.join(job);
  for (const [i, job] of jobs.entries()) {
    if (!free.fits()) return i;
    free.leave(job);
    free.take(job, []);
  }
  return jobs.length;
}

/** How the basis of a γ begins that is of one burst, start-up included: records from before there were two said the last event only. */
export const oneBurst = "one burst";

/** The basis of γ as it is shown and compared. */
export const costBasis = (basis: string): string => (basis.startsWith("last ") ? `${oneBurst}, ${basis}` : basis);
