import { mean } from "simple-statistics";
import type { JobTimes } from "../timeline.ts";
import { steady } from "./steady.ts";
import { waitSeconds } from "./wait.ts";

/** τ of the bounded slowdown, in seconds, before time compression. */
export const tauSeconds = 10;

/**
 * Bounded slowdown of one job, ≥ 1, no unit: max(1, (w + p) ÷ max(p, τ)), with w from submission to the job's
 * first instruction and p the *nominal* run time, so that launch overhead counts against the scheduler.
 * A job that had not started at `endSeconds` gets its lower bound, its wait so far. Where no p is known before, the
 * measured run time stands for it, and else the walltime limit, for which the slowdown is least.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997; τ = 10 s as there.
 */
export function boundedSlowdown(row: JobTimes, endSeconds: number, tau: number): number {
  const { job, started, ended } = row;
  const measured = started === null || ended === null ? null : ended - started;
  const p = job.runSeconds ?? measured ?? job.walltimeSeconds;
  return Math.max(1, (waitSeconds(row, endSeconds) + p) / Math.max(p, tau));
}

/** α, responsiveness: mean bounded slowdown of the steady jobs, no unit; τ is divided by the time compression. */
export function responsiveness(rows: readonly JobTimes[], endSeconds: number, timeCompression: number): number {
  return mean(steady(rows).map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression)));
}
