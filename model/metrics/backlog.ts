import type { Machine } from "../machine.ts";
import { unitsOf } from "../machine.ts";
import type { JobTimes } from "../timeline.ts";
import { nominalSeconds } from "./nominal.ts";

/** Work that waits, seen just after each arrival, in node-seconds, or core-seconds where jobs share nodes. */
export function backlogAtArrivals(rows: readonly JobTimes[], endSeconds: number, machine: Machine): number[] {
  const steps = rows.flatMap((row) => {
    const work = unitsOf(row.job, machine) * nominalSeconds(row);
    return [
      { seconds: row.due, change: work, isArrival: true },
      { seconds: Math.max(row.due, row.started ?? endSeconds), change: -work, isArrival: false },
    ];
  });
  steps.sort((a, b) => a.seconds - b.seconds || Number(b.isArrival) - Number(a.isArrival));
  let queued = 0;
  return steps.flatMap(({ change, isArrival }) => {
    queued += change;
    return isArrival ? [queued] : [];
  });
}
