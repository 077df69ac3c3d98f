import { noncentralProbability, studentQuantile } from "./student.ts";

/** How a test of a mean difference is planned. */
export interface Plan {
  /** Standard deviation of the differences between paired runs, on the objective's scale. */
  readonly spread: number;
  /** Share of false alarms that the test allows, on one side. */
  readonly level: number;
}

/** The share of true differences that a test is meant to find. */
export const plannedPower = 0.8;

/** Seeds beyond which nobody is asked to go. */
const mostSeeds = 10_000;

/** Probability that Student's one-sided paired test with so many seeds finds this difference: P(T′ > t(1 − level)), T′ noncentral. */
export function power(difference: number, seeds: number, { spread, level }: Plan): number {
  if (seeds < 2) return 0;
  if (spread === 0) return difference > 0 ? 1 : 0;
  const noncentrality = (difference / spread) * Math.sqrt(seeds);
  // Beyond this the distribution's tail is below what is computed.
  if (noncentrality > 37) return 1;
  return 1 - noncentralProbability(studentQuantile(1 - level, seeds - 1), seeds - 1, noncentrality);
}

/** The smallest difference, on the scale, that so many seeds find in four of five comparisons; null with fewer than two seeds. */
export function minimumDetectableDifference(seeds: number, plan: Plan): number | null {
  if (seeds < 2) return null;
  if (plan.spread === 0) return 0;
  let [low, high] = [0, plan.spread];
  while (power(high, seeds, plan) < plannedPower) high *= 2;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (power(middle, seeds, plan) < plannedPower) low = middle;
    else high = middle;
  }
  return high;
}

/** How many seeds find this difference in four of five comparisons, three at least; null where more than ten thousand would be needed. */
export function seedsNeeded(difference: number, plan: Plan): number | null {
  let [low, high] = [2, 3];
  while (power(difference, high, plan) < plannedPower) {
    if (high >= mostSeeds) return null;
    [low, high] = [high, 2 * high];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (power(difference, middle, plan) < plannedPower) low = middle;
    else high = middle;
  }
  return high;
}
