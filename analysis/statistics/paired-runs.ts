import { mean } from "simple-statistics";
import { type Axis, valueOn } from "../pareto/axis.ts";

/** How to read runs of several configurations. */
export interface RunAccessors<Run> {
  /** Name of the configuration that was run. */
  readonly configuration: (run: Run) => string;
  /** Runs of one seed had the same jobs, whatever the configuration. */
  readonly seed: (run: Run) => number;
  readonly axes: readonly Axis<Run>[];
}

/** Runs of several configurations on the same seeds. Repetitions of a seed are averaged. */
export interface PairedRuns {
  readonly configurations: readonly ConfigurationRuns[];
  /** Seeds that at least one configuration was run with, ascending. */
  readonly seeds: readonly number[];
  /** Configurations without any run that has all objectives. */
  readonly missing: readonly string[];
  readonly dimensions: number;
}

export interface ConfigurationRuns {
  readonly name: string;
  /** For each of the seeds the objectives, all to be minimised; null where no run with this seed has all of them. */
  readonly bySeed: readonly (readonly number[] | null)[];
}

/** Sorts runs by configuration and seed. A run that lacks an objective takes no part. */
export function pairedRuns<Run>(runs: readonly Run[], { configuration, seed, axes }: RunAccessors<Run>): PairedRuns {
  const found = new Map<string, Map<number, number[][]>>();
  for (const run of runs) {
    const own = found.get(configuration(run)) ?? new Map<number, number[][]>();
    found.set(configuration(run), own);
    const vector = axes.flatMap((axis) => {
      const value = valueOn(axis, run);
      return value === null ? [] : [axis.better === "lower" ? value : -value];
    });
    if (vector.length === axes.length) own.set(seed(run), [...(own.get(seed(run)) ?? []), vector]);
  }
  const seeds = [...new Set([...found.values()].flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
  const bySeed = (own: Map<number, number[][]>) => seeds.map((key) => averaged(own.get(key) ?? []));
  return {
    configurations: [...found].filter(([, own]) => own.size > 0).map(([name, own]) => ({ name, bySeed: bySeed(own) })),
    seeds,
    missing: [...found].filter(([, own]) => own.size === 0).map(([name]) => name),
    dimensions: axes.length,
  };
}

function averaged(vectors: readonly (readonly number[])[]): number[] | null {
  return vectors[0]?.map((_, k) => mean(vectors.map((vector) => vector[k] as number))) ?? null;
}
