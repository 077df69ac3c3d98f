import { quantile } from "simple-statistics";
import type { JobTimes } from "../timeline.ts";

/**
 * Quantile p of the launch times, in seconds: from a job's allocation, by the scheduler's clock, to its first
 * instruction, by its node's own. Null where no job has both: a job that is only pretended has no instruction.
 */
export function launchSeconds(rows: readonly JobTimes[], p: number): number | null {
  const launches = rows.flatMap(({ allocated, started, startedBy }) =>
    allocated === null || started === null || startedBy !== "job" ? [] : started - allocated,
  );
  return launches.length === 0 ? null : quantile(launches, p);
}
