import { capacity, type Machine, unitsOf } from "../machine.ts";
import type { JobTimes } from "../timeline.ts";
import { spanSeconds } from "./makespan.ts";

/**
 * Utilisation, a fraction: Σ n · (end − start) ÷ (N · T), with n a job's nodes, or its cores where jobs share nodes, N all
 * there are, and T the time from the first submission to the last end. Below saturation it is the offered load,
 * whatever the scheduler does; so it is no objective. Null without time to fill.
 * Source: Feitelson et al., "Theory and Practice in Parallel Job Scheduling", JSSPP 1997.
 */
export function utilisation(rows: readonly JobTimes[], endSeconds: number, machine: Machine): number | null {
  const all = capacity(machine) * spanSeconds(rows, endSeconds);
  if (all <= 0) return null;
  return rows.reduce((sum, row) => sum + unitsOf(row.job, machine) * ranSeconds(row, endSeconds), 0) / all;
}

/** How long a job ran, in seconds: 0 if it never started. */
export const ranSeconds = ({ started, ended }: JobTimes, endSeconds: number): number =>
  started === null ? 0 : Math.max(0, (ended ?? endSeconds) - started);
