import type { JobTimes } from "../timeline.ts";
import { spanSeconds } from "./makespan.ts";

/**
 * Throughput in jobs per second: completed jobs ÷ time from the first submission to the last end. Null without time.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997.
 */
export function throughput(rows: readonly JobTimes[], endSeconds: number): number | null {
  const seconds = spanSeconds(rows, endSeconds);
  return seconds <= 0 ? null : rows.filter(({ outcome }) => outcome === "completed").length / seconds;
}
