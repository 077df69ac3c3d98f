import type { JobTimes } from "../timeline.ts";

/**
 * γ, control-plane cost, in milliseconds a job: 1000 ÷ sustained jobs per second, which is jobs ÷ (last clean − first
 * submit). Where the scheduler's record has no clean event, the job's end stands for it: compare only runs that used
 * the same events. Null where no job ended.
 */
export function controlPlaneCost(rows: readonly JobTimes[]): number | null {
  const finished = rows.flatMap(({ cleaned, ended }) => cleaned ?? ended ?? []);
  if (finished.length === 0) return null;
  const firstSubmit = rows.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  const lastClean = finished.reduce((most, seconds) => Math.max(most, seconds));
  return (1000 * (lastClean - firstSubmit)) / finished.length;
}
