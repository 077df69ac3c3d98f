import type { JobTimes } from "../timeline.ts";
import { nominalSeconds } from "./nominal.ts";
import { waitSeconds } from "./wait.ts";

/** τ of the bounded slowdown, in seconds, before time compression. */
export const tauSeconds = 10;

/**
 * Bounded slowdown of one job, ≥ 1, no unit: max(1, (w + p) ÷ max(p, τ)), with w from when it was due to the job's
 * first instruction and p the *nominal* run time, so that launch overhead counts against the scheduler.
 * A job that never started gets its lower bound, its wait until `endSeconds`.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997; τ = 10 s as there.
 */
export function boundedSlowdown(row: JobTimes, endSeconds: number, tau: number): number {
  const p = nominalSeconds(row);
  return Math.max(1, (waitSeconds(row, endSeconds) + p) / Math.max(p, tau));
}
