import { mean } from "simple-statistics";
import { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
import type { Estimate } from "./estimate.ts";

/** How to read runs that are to be compared seed by seed. */
export interface SeededValue<Run> {
  readonly seed: (run: Run) => number;
  /** Null, undefined and NaN mean that the run lacks it. */
  readonly value: (run: Run) => number | null | undefined;
}

/** Two configurations on the same seeds. */
export interface PairedDifference {
  /** Mean over the seeds of candidate minus baseline, in the value's unit; null without a shared seed. */
  readonly difference: Estimate | null;
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
  options: BootstrapOptions = {},
): PairedDifference {
  const [before, after] = [meansBySeed(baseline, accessors), meansBySeed(candidate, accessors)];
  const all = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  const differences = all.flatMap((seed) => {
    const [from, to] = [before.get(seed), after.get(seed)];
    return from === undefined || to === undefined ? [] : [{ seed, value: to - from }];
  });
  const seeds = differences.map(({ seed }) => seed);
  const values = differences.map(({ value }) => value);
  return {
    difference: values.length === 0 ? null : bootstrap(values, (sample) => mean([...sample]), options),
    seeds,
    unpaired: all.filter((seed) => !seeds.includes(seed)),
  };
}

function meansBySeed<Run>(runs: readonly Run[], { seed, value }: SeededValue<Run>): Map<number, number> {
  const bySeed = new Map<number, number[]>();
  for (const run of runs) {
    const found = value(run);
    if (found === null || found === undefined || Number.isNaN(found)) continue;
    bySeed.set(seed(run), [...(bySeed.get(seed(run)) ?? []), found]);
  }
  return new Map([...bySeed].map(([key, values]) => [key, mean(values)]));
}
