import * as z from "zod";
import type { Job } from "../job.ts";
import type { Uniform } from "./random.ts";

export const dependencies = z
  .strictObject({
    share: z.number().min(0).max(1).default(0).describe("Share of the jobs that wait for an earlier one to end."),
    within: z.int().min(1).max(1000).default(10).describe("How many jobs back the earlier one may be."),
  })
  .prefault({})
  .describe("Jobs that may start only after another one has ended.");

/** Of the job with this number (from 0), the number of the one that it waits for, if it does: each of those in reach is as likely. */
export function predecessorOf({ share, within }: z.output<typeof dependencies>, uniform: Uniform): (job: number) => number | null {
  return (job) => {
    const [waits, back] = [uniform() < share, uniform()];
    return waits && job > 0 ? job - 1 - Math.floor(back * Math.min(within, job)) : null;
  };
}

/**
 * How long the longest chain of jobs that wait for each other takes behind its first job, in seconds, if none of them
 * ever waits for nodes. A job whose run time nobody knows takes its walltime.
 * @param jobs in order of submission
 */
export function longestChainSeconds(jobs: readonly Job[]): number {
  const behind = new Map<string, number>();
  for (const { id, after = [], runSeconds, walltimeSeconds } of jobs) {
    const before = Math.max(0, ...after.map((earlier) => behind.get(earlier) ?? 0));
    behind.set(id, after.length === 0 ? 0 : before + (runSeconds ?? walltimeSeconds));
  }
  return [...behind.values()].reduce((most, seconds) => Math.max(most, seconds), 0);
}
