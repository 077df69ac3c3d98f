import { sampleStandardDeviation } from "simple-statistics";
import { minimumDetectableDifference, seedsNeeded } from "./power.ts";
import { fromScale, type Scale, stepOf } from "./scale.ts";

/** Differences that a study may want to find: × 1.05, 1.1 and 1.2 for ratios, 5, 10 and 20 percentage points for fractions. */
export const plannedShares = [0.05, 0.1, 0.2] as const;

/** What paired differences say of how many seeds to run. */
export interface SeedPlan {
  /** With these seeds found in four of five comparisons; a difference in the unit, or a ratio on a logarithmic scale. */
  readonly detectable: number;
  /** For each of the planned shares, how many seeds find it in four of five; null: more than ten thousand. */
  readonly seeds: readonly { readonly share: number; readonly seeds: number | null }[];
}

/**
 * From differences on the scale, two at least, for a one-sided test at `level`, by power 80 %. `beyond`: how large a
 * difference is allowed, so that what is looked for lies that far beyond it.
 */
export function seedPlan(differences: readonly number[], scale: Scale, level: number, beyond = 0): SeedPlan | null {
  if (differences.length < 2) return null;
  const plan = { spread: sampleStandardDeviation([...differences]), level };
  const detectable = minimumDetectableDifference(differences.length, plan) ?? Number.POSITIVE_INFINITY;
  return {
    detectable: fromScale(beyond + detectable, scale),
    seeds: plannedShares.map((share) => {
      const difference = stepOf(share, scale) - beyond;
      return { share, seeds: difference > 0 ? seedsNeeded(difference, plan) : null };
    }),
  };
}
