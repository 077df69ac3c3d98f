import { errorFunction, probit } from "simple-statistics";

/** Probability of at most z under the standard normal distribution, to seven digits. */
export const normalProbability = (z: number): number => (1 + errorFunction(z / Math.SQRT2)) / 2;

/** The z whose probability is p, for p in (0, 1). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`invalid probability; not in (0, 1): ${p}`);
  let z = probit(p);
  // probit has three digits; a Newton step doubles them.
  for (let step = 0; step < 3; step++) z -= (normalProbability(z) - p) / (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  return z;
}
