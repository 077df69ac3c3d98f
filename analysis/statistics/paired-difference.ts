import { mean } from "simple-statistics";
import type { Estimate } from "./estimate.ts";
import { type MeanOptions, scaledEstimate } from "./mean-estimate.ts";
import { type Scale, toScale } from "./scale.ts";

/** How to read runs that are to be compared seed by seed. */
export interface SeededValue<Run> {
  readonly seed: (run: Run) => number;
  /** Null, undefined and NaN mean that the run lacks it. */
  readonly value: (run: Run) => number | null | undefined;
  readonly scale: Scale;
}

/** Two configurations on the same seeds. */
export interface PairedDifference {
  /**
   * Mean over the seeds of candidate minus baseline, in the value's unit; on the logarithmic scale candidate over
   * baseline, a ratio. Null without a shared seed.
   */
  readonly difference: Estimate | null;
  /** The difference of each shared seed, on the scale. */
  readonly differences: readonly number[];
  /** Seeds that both have, ascending. */
  readonly seeds: readonly number[];
  /** Seeds that only one of them has; they take no part. */
  readonly unpaired: readonly number[];
}

/** Candidate against baseline: each seed's difference is one element of the sample. Repetitions of a seed are averaged. */
export function pairedDifference<Run>(
  baseline: readonly Run[],
  candidate: readonly Run[],
  accessors: SeededValue<Run>,
  options: MeanOptions = {},
): PairedDifference {
  const [before, after] = [meansBySeed(baseline, accessors), meansBySeed(candidate, accessors)];
  const all = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  const shared = all.flatMap((seed) => {
    const [from, to] = [before.get(seed), after.get(seed)];
    return from === undefined || to === undefined ? [] : [{ seed, value: to - from }];
  });
  const seeds = shared.map(({ seed }) => seed);
  const differences = shared.map(({ value }) => value);
  return {
    difference: differences.length === 0 ? null : scaledEstimate(differences, accessors.scale, options),
    differences,
    seeds,
    unpaired: all.filter((seed) => !seeds.includes(seed)),
  };
}

function meansBySeed<Run>(runs: readonly Run[], { seed, value, scale }: SeededValue<Run>): Map<number, number> {
  const bySeed = new Map<number, number[]>();
  for (const run of runs) {
    const found = value(run);
    if (found === null || found === undefined || Number.isNaN(found)) continue;
    bySeed.set(seed(run), [...(bySeed.get(seed(run)) ?? []), toScale(found, scale)]);
  }
  return new Map([...bySeed].map(([key, values]) => [key, mean(values)]));
}
