import type { Points } from "../pareto/points.ts";
import type { ConfigurationRuns, PairedRuns } from "./paired-runs.ts";

/**
 * Weighted means of every configuration, as points to be minimised in the order of the configurations; the same weights
 * for all of them keep runs paired. Equal weights where none are given. An objective of which only a lower bound is known
 * is +∞: what may be arbitrarily bad wins nothing. `bounds` says to take it for its least value instead.
 */
export function meanPoints(
  { configurations, seeds, dimensions }: PairedRuns,
  weights: ArrayLike<number> = equalWeights(seeds.length),
  bounds: "as the worst" | "as they are" = "as the worst",
): Points {
  const values = new Float64Array(configurations.length * dimensions);
  configurations.forEach((configuration, i) => {
    const own = weightedMean(configuration, weights);
    configuration.isBound.forEach((isBound, k) => {
      values[i * dimensions + k] = isBound && bounds === "as the worst" ? Number.POSITIVE_INFINITY : (own[k] as number);
    });
  });
  return { values, count: configurations.length, dimensions };
}

/** Σ w · x of each objective, bounds taken at their value. */
export function weightedMean({ bySeed, isBound }: ConfigurationRuns, weights: ArrayLike<number>): number[] {
  return isBound.map((_, k) => bySeed.reduce((sum, vector, i) => sum + (weights[i] as number) * (vector[k] as number), 0));
}

export const equalWeights = (count: number): number[] => Array<number>(count).fill(1 / count);
