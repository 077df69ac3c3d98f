import type { BootstrapOptions } from "./bootstrap.ts";
import type { Estimate } from "./estimate.ts";
import { pairedDifference, type SeededValue } from "./paired-difference.ts";

/** What a rig cannot tell from nothing. */
export interface DetectableDifference {
  /** A difference below this was seen, or may have been, between two that are the same; null where runs are too few. */
  readonly minimum: number | null;
  readonly reason?: string;
  /** What the comparison itself found: its interval should hold 0, or the rig drifts. */
  readonly difference: Estimate | null;
  readonly seeds: readonly number[];
}

/**
 * A/A comparison: the same configuration measured twice on the same seeds. The minimum detectable difference is the end
 * of the difference's interval that lies farther from 0, in the value's unit.
 */
export function minimumDetectableDifference<Run>(
  first: readonly Run[],
  second: readonly Run[],
  accessors: SeededValue<Run>,
  options: BootstrapOptions = {},
): DetectableDifference {
  const { difference, seeds } = pairedDifference(first, second, accessors, options);
  if (difference === null) return { minimum: null, reason: "no seed was run twice", difference, seeds };
  if (difference.interval === null) return { minimum: null, reason: difference.reason ?? "no interval", difference, seeds };
  const { low, high } = difference.interval;
  return { minimum: Math.max(Math.abs(low), Math.abs(high)), difference, seeds };
}
