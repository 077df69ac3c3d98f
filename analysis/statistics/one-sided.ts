import { mean } from "simple-statistics";
import { standardError } from "./mean-estimate.ts";
import { studentProbability } from "./student.ts";

/**
 * p-value of Student's one-sided test that the mean of these differences is above `limit`: P(T ≥ (d̄ − limit) · √n/s) if it
 * were not. Needs two differences at least. Differences that are all the same leave no doubt either way.
 */
export function probabilityNotAbove(differences: readonly number[], limit = 0): number {
  const beyond = mean([...differences]) - limit;
  if (beyond === 0) return 1;
  return 1 - studentProbability(beyond / standardError(differences), differences.length - 1);
}
