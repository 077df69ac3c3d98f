import { isCut, type JobTimes, leftSeconds } from "../timeline.ts";

/** From when it was due to its end (response time), in seconds; up to `endSeconds`, a lower bound, for a job that had not ended or was cancelled. */
export const turnaroundSeconds = (row: JobTimes, endSeconds: number): number =>
  Math.max(0, (isCut(row) ? endSeconds : leftSeconds(row, endSeconds)) - row.due);
