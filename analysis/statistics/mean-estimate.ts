import { mean, sampleStandardDeviation } from "simple-statistics";
import { type Estimate, needsMoreSeeds, seedsForAnInterval } from "./estimate.ts";
import { fromScale, type Scale, toScale } from "./scale.ts";
import { studentQuantile } from "./student.ts";

export interface MeanOptions {
  /** 0.95 if left out. */
  readonly confidence?: number;
  /** How many intervals are to hold together, by Bonferroni's inequality; 1 if left out. */
  readonly family?: number;
}

/**
 * Mean over runs on the scale, with Student's interval there: x̄ ± t(1 − α/2m, n − 1) · s/√n (Student, Biometrika 6, 1908;
 * m intervals together: Bonferroni). One element a run: the jobs of a run share a queue and are not independent. Throws
 * RangeError for an empty sample.
 */
export const meanEstimate = (sample: readonly number[], scale: Scale, options: MeanOptions = {}): Estimate =>
  scaledEstimate(
    sample.map((value) => toScale(value, scale)),
    scale,
    options,
  );

/** The same of numbers, or differences of numbers, that are on the scale already. */
export function scaledEstimate(sample: readonly number[], scale: Scale, { confidence = 0.95, family = 1 }: MeanOptions = {}): Estimate {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`invalid confidence; not in (0, 1): ${confidence}`);
  if (sample.length === 0) throw new RangeError("mean of no runs");
  const centre = mean([...sample]);
  const value = fromScale(centre, scale);
  if (sample.length < seedsForAnInterval) return { value, interval: null, reason: needsMoreSeeds(sample.length, seedsForAnInterval) };
  const half = studentQuantile(1 - (1 - confidence) / (2 * family), sample.length - 1) * standardError(sample);
  return { value, interval: { low: fromScale(centre - half, scale), high: fromScale(centre + half, scale), confidence } };
}

export const standardError = (sample: readonly number[]): number => sampleStandardDeviation([...sample]) / Math.sqrt(sample.length);
