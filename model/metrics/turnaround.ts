import { type JobTimes, leftSeconds } from "../timeline.ts";

/** From submission to end (response time), in seconds; up to `endSeconds`, a lower bound, for a job that had not ended. */
export const turnaroundSeconds = (row: JobTimes, endSeconds: number): number => Math.max(0, leftSeconds(row, endSeconds) - row.submit);
