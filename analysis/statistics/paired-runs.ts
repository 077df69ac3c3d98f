import { mean } from "simple-statistics";
import { type Axis, valueOn } from "../pareto/axis.ts";
import { commonSeeds } from "./common-seeds.ts";
import { type Scale, toScale } from "./scale.ts";

/** One objective of runs. */
export interface RunAxis<Run> extends Axis<Run> {
  readonly scale: Scale;
  /** Whether the run's value is only a lower bound, or no result at all; never, if left out. */
  readonly isBound?: (run: Run) => boolean;
}

/** How to read runs of several configurations. */
export interface RunAccessors<Run> {
  /** Name of the configuration that was run. */
  readonly configuration: (run: Run) => string;
  /** Runs of one seed had the same jobs, whatever the configuration. */
  readonly seed: (run: Run) => number;
  readonly axes: readonly RunAxis<Run>[];
}

/** Runs of several configurations on the seeds that all of them have. Repetitions of a seed are averaged. */
export interface PairedRuns {
  readonly configurations: readonly ConfigurationRuns[];
  /** Ascending. */
  readonly seeds: readonly number[];
  /** Configurations that are not compared: without any run that has all objectives, or with too few of the others' seeds. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly dimensions: number;
}

export interface ConfigurationRuns {
  readonly name: string;
  /** For each of the seeds the objectives, on their scales and all to be minimised. */
  readonly bySeed: readonly (readonly number[])[];
  /** For each objective whether some run gives no more than a bound: the configuration never wins by it. */
  readonly isBound: readonly boolean[];
}

/** Sorts runs by configuration and seed. A run that lacks an objective takes no part. */
export function pairedRuns<Run>(runs: readonly Run[], { configuration, seed, axes }: RunAccessors<Run>): PairedRuns {
  const found = new Map<string, Map<number, { vector: number[]; isBound: boolean[] }[]>>();
  for (const run of runs) {
    const own = found.get(configuration(run)) ?? new Map<number, { vector: number[]; isBound: boolean[] }[]>();
    found.set(configuration(run), own);
    const vector = axes.flatMap((axis) => {
      const value = valueOn(axis, run);
      if (value === null) return [];
      const scaled = toScale(value, axis.scale);
      return [axis.better === "lower" ? scaled : -scaled];
    });
    if (vector.length < axes.length) continue;
    const isBound = axes.map((axis) => axis.isBound?.(run) ?? false);
    own.set(seed(run), [...(own.get(seed(run)) ?? []), { vector, isBound }]);
  }
  const measured = [...found].filter(([, own]) => own.size > 0);
  const lacking = [...found].filter(([, own]) => own.size === 0).map(([name]) => ({ name, reason: "no run has all objectives" }));
  const { seeds, compared, leftOut } = commonSeeds(measured.map(([name, own]) => ({ name, seeds: new Set(own.keys()) })));
  return {
    configurations: compared.map((name) => {
      const bySeed = seeds.map((key) => found.get(name)?.get(key) ?? []);
      return {
        name,
        bySeed: bySeed.map((own) => axes.map((_, k) => mean(own.map(({ vector }) => vector[k] as number)))),
        isBound: axes.map((_, k) => bySeed.flat().some(({ isBound }) => isBound[k])),
      };
    }),
    seeds,
    leftOut: [...leftOut, ...lacking],
    dimensions: axes.length,
  };
}
