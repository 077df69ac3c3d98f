import { quantileSorted } from "simple-statistics";
import { tauSeconds } from "../../model/metrics/bounded-slowdown.ts";
import type { Distribution, JobRow } from "./analysis.ts";

/** A run's jobs with what is needed to judge them. */
export interface StreamRun {
  readonly jobs: readonly JobRow[];
  readonly timeCompression: number;
}

/** The jobs that count: without the warm-up, which the table tells of. */
export const steady = (jobs: readonly JobRow[]): readonly JobRow[] => jobs.filter(({ isCounted }) => isCounted);

/** When the last thing happened that the table tells of. */
const lastSecond = (jobs: readonly JobRow[]): number => jobs.reduce((most, { submit, end }) => Math.max(most, end ?? submit), 0);

/** Seconds from when it was due to the first instruction; a job that never started has waited until the run's end, at least. */
export const waits = ({ jobs }: StreamRun): number[] => steady(jobs).map(({ due, start }) => (start ?? lastSecond(jobs)) - due);

/** Bounded slowdowns as objective α has them: p is the nominal run time. */
export const slowdowns = ({ jobs, timeCompression }: StreamRun): number[] => {
  const last = lastSecond(jobs);
  return steady(jobs).map(({ due, start, runSeconds }) => {
    const p = runSeconds ?? 0;
    return Math.max(1, ((start ?? last) - due + p) / Math.max(p, tauSeconds / timeCompression));
  });
};

/** Null without jobs. */
export function distribution(runs: readonly StreamRun[], unit: string, values: (run: StreamRun) => number[]): Distribution | null {
  const all = Float64Array.from(runs.flatMap(values)).sort();
  if (all.length === 0) return null;
  const quantiles = Array.from({ length: 101 }, (_, percent) => quantileSorted(all as unknown as number[], percent / 100));
  const censored = runs.flatMap(({ jobs }) => steady(jobs)).filter(({ start }) => start === null).length;
  return { unit, jobs: all.length, censored, quantiles };
}
