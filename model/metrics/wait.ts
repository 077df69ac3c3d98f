import { type JobTimes, leftSeconds } from "../timeline.ts";

/**
 * How long a job waited, in seconds, ≥ 0: from its submission to its first instruction. One that never started waited
 * until it was taken out of the queue, or until `endSeconds`: then this is a lower bound.
 */
export const waitSeconds = (row: JobTimes, endSeconds: number): number =>
  Math.max(0, (row.started ?? leftSeconds(row, endSeconds)) - row.submit);
