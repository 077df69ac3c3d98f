import { mean } from "simple-statistics";
import { standardError } from "./mean-estimate.ts";
import { studentProbability } from "./student.ts";

/** Differences of this share are what is left of numbers that are equal. */
const rounding = 1e-12;

/** Whether differences are nothing but rounding. */
export const areNothing = (differences: readonly number[]): boolean => differences.every((difference) => Math.abs(difference) <= rounding);

/**
 * p-value of Student's one-sided test that the mean of these differences is above `limit`: P(T ≥ (d̄ − limit) · √n/s) if it
 * were not. Needs two differences at least. Differences that are all the same leave no doubt either way.
 */
export function probabilityNotAbove(differences: readonly number[], limit = 0): number {
  const beyond = mean([...differences]) - limit;
  const largest = differences.reduce((most, difference) => Math.max(most, Math.abs(difference)), Math.max(1, Math.abs(limit)));
  if (Math.abs(beyond) <= rounding * largest) return 1;
  return 1 - studentProbability(beyond / standardError(differences), differences.length - 1);
}
