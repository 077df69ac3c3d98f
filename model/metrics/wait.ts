import { isCut, type JobTimes, leftSeconds } from "../timeline.ts";

/**
 * How long a job waited, in seconds, ≥ 0: from when it was due, however late the driver was, to its first instruction. One
 * that never started waited until `endSeconds`, even if the scheduler cancelled it before: a lower bound, for cancelling must
 * not shorten a mean. One that was refused was never there.
 */
export const waitSeconds = (row: JobTimes, endSeconds: number): number =>
  Math.max(0, (row.started ?? (isCut(row) ? endSeconds : leftSeconds(row, endSeconds))) - row.due);
