import { hypervolume } from "../pareto/hypervolume.ts";
import { type Estimate, needsMoreSeeds, seedsForAnInterval } from "./estimate.ts";
import { standardError } from "./mean-estimate.ts";
import { meanPoints } from "./mean-points.ts";
import { type AnchoredObjective, normalisedPoints } from "./normalised-points.ts";
import type { PairedRuns } from "./paired-runs.ts";
import { studentQuantile } from "./student.ts";

/** The reference point in every normalised objective: a tenth beyond the nadir. */
export const normalisedReference = 1.1;

const confidence = 0.95;

/**
 * Hypervolume of the configurations' means in normalised units, with Student's interval of the jackknife's pseudo-values
 * (Tukey 1958; Miller, "The jackknife: a review", Biometrika 61, 1974): n times the volume less n − 1 times that without
 * one seed.
 */
export function hypervolumeEstimate(runs: PairedRuns, objectives: readonly AnchoredObjective[]): Estimate {
  const reference = objectives.map(() => normalisedReference);
  const count = runs.seeds.length;
  const volume = (weights?: readonly number[]) => hypervolume(normalisedPoints(meanPoints(runs, weights), objectives), reference);
  const value = volume();
  if (count < seedsForAnInterval) return { value, interval: null, reason: needsMoreSeeds(count, seedsForAnInterval) };
  const pseudo = runs.seeds.map(
    (_, left) => count * value - (count - 1) * volume(runs.seeds.map((_, i) => (i === left ? 0 : 1 / (count - 1)))),
  );
  const half = studentQuantile((1 + confidence) / 2, count - 1) * standardError(pseudo);
  return { value, interval: { low: Math.max(0, value - half), high: value + half, confidence } };
}
