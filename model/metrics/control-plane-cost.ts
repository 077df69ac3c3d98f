import type { JobTimes } from "../timeline.ts";

/**
 * The event that stands for a job's last moment: `cleaned` where the scheduler says it of every job that ended, else
 * `ended`. Compare γ only between runs that used the same.
 */
export const lastEvent = (rows: readonly JobTimes[]): "cleaned" | "ended" =>
  rows.every(({ cleaned, ended }) => cleaned !== null || ended === null) ? "cleaned" : "ended";

/**
 * γ, control-plane cost, in milliseconds a job: 1000 ÷ sustained jobs per second, which is jobs ÷ (last clean − first
 * submit), of one-node jobs that do nothing. The last clean is that of {@link lastEvent}. Null where no job ended.
 * Source: the sustained launch rate by which resource managers are compared, as in Ahn et al., "Flux: Overcoming
 * Scheduling Challenges for Exascale Workflows", FGCS 110, 2020; its inverse is a cost, to be minimised.
 */
export function controlPlaneCost(rows: readonly JobTimes[]): number | null {
  const event = lastEvent(rows);
  let [jobs, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    first = Math.min(first, row.submit);
    const seconds = row[event];
    if (seconds === null) continue;
    jobs += 1;
    last = Math.max(last, seconds);
  }
  return jobs === 0 ? null : (1000 * (last - first)) / jobs;
}
