import { bcaInterval } from "./bca-interval.ts";
import type { Estimate } from "./estimate.ts";
import { draws, type Resampling } from "./resampling.ts";

export interface BootstrapOptions extends Resampling {
  /** 0.95 if left out. */
  readonly confidence?: number;
}

/**
 * A statistic of runs with its BCa bootstrap interval. The sample is the runs, one element each: resampling the jobs of
 * a run would take them for independent, which jobs that share a queue are not. Throws RangeError for an empty sample.
 */
export function bootstrap<Run>(
  sample: readonly Run[],
  statistic: (runs: readonly Run[]) => number,
  options: BootstrapOptions = {},
): Estimate {
  if (sample.length === 0) throw new RangeError("bootstrap of no runs");
  const value = statistic(sample);
  if (sample.length === 1) return { value, interval: null, reason: "one run only" };
  const replicates: number[] = [];
  const drawn: Run[] = [...sample];
  for (const draw of draws(sample.length, options)) {
    for (let k = 0; k < draw.length; k++) drawn[k] = sample[draw[k] as number] as Run;
    replicates.push(statistic(drawn));
  }
  const jackknife = sample.map((_, left) => statistic(sample.filter((_, i) => i !== left)));
  return { value, interval: bcaInterval({ value, replicates, jackknife, confidence: options.confidence ?? 0.95 }) };
}
