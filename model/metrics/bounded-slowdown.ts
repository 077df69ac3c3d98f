import { mean } from "simple-statistics";
import type { JobTimes } from "../timeline.ts";

/** τ of the bounded slowdown, in seconds, before time compression. */
export const tauSeconds = 10;

/**
 * Bounded slowdown of one job, ≥ 1, no unit: max(1, (w + p) ÷ max(p, τ)), with w from submission to the job's
 * first instruction and p the *nominal* run time, so that launch overhead counts against the scheduler.
 * A job that had not started at `endSeconds` gets its lower bound.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997; τ = 10 s as there.
 */
export function boundedSlowdown({ job, submit, started }: JobTimes, endSeconds: number, tau: number): number {
  const p = job.runSeconds ?? 0;
  const w = (started ?? endSeconds) - submit;
  return Math.max(1, (w + p) / Math.max(p, tau));
}

/** The rows that count in per-job means: by order of submission, without the first and the last tenth (warm-up, cool-down). */
export function steady<Row>(rows: readonly Row[]): readonly Row[] {
  const tenth = Math.floor(rows.length / 10);
  return rows.slice(tenth, rows.length - tenth);
}

/** α, responsiveness: mean bounded slowdown of the steady jobs, no unit; τ is divided by the time compression. */
export function responsiveness(rows: readonly JobTimes[], endSeconds: number, timeCompression: number): number {
  return mean(steady(rows).map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression)));
}
