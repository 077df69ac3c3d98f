import { type JobTimes, leftSeconds } from "../timeline.ts";

/** Seconds from the first submission to the last end; a job that had not ended counts until `endSeconds`. 0 without jobs. */
export function spanSeconds(rows: readonly JobTimes[], endSeconds: number): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    first = Math.min(first, row.submit);
    last = Math.max(last, leftSeconds(row, endSeconds));
  }
  return Math.max(0, last - first);
}

/**
 * Makespan in seconds, of a closed run only: one whose jobs are all there from the start. In an open run the last
 * arrival decides it, not the scheduler; then it is null.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997.
 */
export function makespanSeconds(rows: readonly JobTimes[], endSeconds: number): number | null {
  const [first] = rows;
  const closed = first !== undefined && rows.every(({ job }) => job.submitSeconds === first.job.submitSeconds);
  return closed ? spanSeconds(rows, endSeconds) : null;
}
