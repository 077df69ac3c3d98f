import { mean, quantileSorted } from "simple-statistics";
import type { Interval } from "./estimate.ts";
import { normalProbability, normalQuantile } from "./normal-distribution.ts";

/** What a bias-corrected and accelerated interval is made of. */
export interface BootstrapDistribution {
  /** The statistic of the sample itself. */
  readonly value: number;
  /** The statistic of each resample. */
  readonly replicates: ArrayLike<number>;
  /** The statistic of the sample without its i-th element. */
  readonly jackknife: readonly number[];
  /** For example 0.95. */
  readonly confidence: number;
}

/**
 * BCa interval (Efron 1987, "Better bootstrap confidence intervals"): percentiles of the replicates, moved for bias and
 * for a spread that changes with the value. Replicates that equal the value count half, as in scipy.
 */
export function bcaInterval({ value, replicates, jackknife, confidence }: BootstrapDistribution): Interval {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`invalid confidence; not in (0, 1): ${confidence}`);
  const sorted = Float64Array.from(replicates).sort();
  const bias = normalQuantile(shareBelow(sorted, value));
  const acceleration = accelerationOf(jackknife);
  const percentile = (probability: number) => {
    const shifted = bias + normalQuantile(probability);
    const moved = normalProbability(bias + shifted / (1 - acceleration * shifted));
    return quantileSorted(sorted as unknown as number[], moved);
  };
  return { low: percentile((1 - confidence) / 2), high: percentile((1 + confidence) / 2), confidence };
}

/** Half a replicate away from 0 and 1 at least, where there is no quantile. */
function shareBelow(replicates: Float64Array, value: number): number {
  let share = 0;
  for (const replicate of replicates) share += replicate < value ? 1 : replicate === value ? 0.5 : 0;
  return Math.min(Math.max(share, 0.5), replicates.length - 0.5) / replicates.length;
}

function accelerationOf(jackknife: readonly number[]): number {
  const centre = mean([...jackknife]);
  let [squares, cubes] = [0, 0];
  for (const value of jackknife) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
