import { mean, sampleStandardDeviation } from "simple-statistics";

/** What pairs of measurements tell of a change, for a value that is to be small. */
export interface PairedResult {
  /** Mean of the candidate's values less that of the baseline's. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
  /** 95 % interval of the baseline's mean: where a mean of this many runs is found if nothing changes. */
  readonly range: readonly [number, number];
  /** The smallest difference that this many pairs, which vary as these do, tell from none. */
  readonly minimumDetectableDifference: number;
}

/** Compares values that are paired by index; null where there are too few to tell anything. */
export type PairedComparison = (baseline: readonly number[], candidate: readonly number[]) => PairedResult | null;

/**
 * Student's paired comparison: d̄ ± t(0.975, n − 1) · s/√n over the differences d, and the same of the baseline's values.
 * Needs two pairs. For a gate on three seeds, of which a bootstrap can make no more than ten different samples.
 */
export const studentsPairs: PairedComparison = (baseline, candidate) => {
  if (baseline.length !== candidate.length) throw new Error(`${baseline.length} and ${candidate.length} values are no pairs`);
  if (baseline.length < 2) return null;
  const differences = candidate.map((value, i) => value - (baseline[i] as number));
  const [difference, half] = meanWithHalf(differences);
  const [centre, spread] = meanWithHalf(baseline);
  return {
    difference,
    interval: [difference - half, difference + half],
    range: [centre - spread, centre + spread],
    minimumDetectableDifference: half,
  };
};

/** The mean, and half of the width of its 95 % interval. */
function meanWithHalf(values: readonly number[]): [number, number] {
  const half = (studentQuantile(values.length - 1) * sampleStandardDeviation([...values])) / Math.sqrt(values.length);
  return [mean([...values]), half];
}

/** t with 97.5 % of Student's distribution below it, by bisection. */
export function studentQuantile(degreesOfFreedom: number): number {
  let [low, high] = [0, 13];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (withinProbability(middle, degreesOfFreedom) < 0.95) low = middle;
    else high = middle;
  }
  return high;
}

/** P(−t < T < t) for whole degrees of freedom, a finite sum: Abramowitz and Stegun, 26.7.3 and 26.7.4. */
function withinProbability(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const odd = degreesOfFreedom % 2;
  let term = odd === 1 ? Math.cos(angle) : 1;
  let sum = 0;
  for (let k = odd; k < degreesOfFreedom - 1; k += 2) {
    sum += term;
    term *= ((k + 1) / (k + 2)) * Math.cos(angle) ** 2;
  }
  return odd === 1 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
