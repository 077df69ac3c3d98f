import { hypervolume } from "../pareto/hypervolume.ts";
import { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
import type { Estimate } from "./estimate.ts";
import { meanPoints } from "./mean-points.ts";
import { type AnchoredObjective, normalisedPoints } from "./normalised-points.ts";
import type { PairedRuns } from "./paired-runs.ts";

/** The reference point in every normalised objective: a tenth beyond the nadir. */
export const normalisedReference = 1.1;

/** Hypervolume of the configurations' means in normalised units, its interval by bootstrap over seeds. Up to four objectives. */
export function hypervolumeEstimate(runs: PairedRuns, objectives: readonly AnchoredObjective[], options: BootstrapOptions = {}): Estimate {
  const reference = objectives.map(() => normalisedReference);
  const statistic = (seeds: readonly number[]) => hypervolume(normalisedPoints(meanPoints(runs, seeds), objectives), reference);
  return bootstrap([...runs.seeds.keys()], statistic, options);
}
