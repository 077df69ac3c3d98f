import { jStat } from "jstat";

/** P(T ≤ t) of Student's distribution; t may be infinite. */
export function studentProbability(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return t > 0 ? 1 : 0;
  return jStat.studentt.cdf(t, degreesOfFreedom);
}

/** The t with P(T ≤ t) = probability. Throws RangeError for a probability outside (0, 1). */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`invalid probability; not in (0, 1): ${probability}`);
  return jStat.studentt.inv(probability, degreesOfFreedom);
}

/** P(T ≤ t) of the noncentral distribution, which the test statistic has where there is an effect. */
export const noncentralProbability = (t: number, degreesOfFreedom: number, noncentrality: number): number =>
  jStat.noncentralt.cdf(t, degreesOfFreedom, noncentrality);
