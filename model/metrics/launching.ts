import { mean } from "simple-statistics";
import type { JobTimes } from "../timeline.ts";
import { boundedSlowdown, tauSeconds } from "./bounded-slowdown.ts";

/**
 * Mean bounded slowdown as it would be if launching, too, were compressed: each job's time from its allocation to its first
 * instruction divided by the compression, all else as it was. Time compression shrinks run times and τ, and launching counts
 * that many times over. Of the first order: nodes that are free earlier would shorten other waits, too. Null where no job
 * tells both moments.
 */
export function slowdownWithLaunchingCompressed(rows: readonly JobTimes[], endSeconds: number, timeCompression: number): number | null {
  if (rows.every(({ allocated, started }) => allocated === null || started === null)) return null;
  const compressed = rows.map((row) => {
    const { allocated, started } = row;
    if (allocated === null || started === null) return row;
    const launch = Math.max(0, started - allocated);
    return { ...row, started: started - launch + launch / timeCompression };
  });
  return mean(compressed.map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression)));
}

/** The share of α that is launching, which compression multiplies: 0 where it would be the same with launching compressed. */
export const launchingShare = (alpha: number, withLaunchingCompressed: number): number =>
  alpha > 0 ? Math.max(0, 1 - withLaunchingCompressed / alpha) : 0;
