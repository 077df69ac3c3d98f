import { dominates } from "../pareto/dominance.ts";
import { points } from "../pareto/points.ts";
import { meanOver } from "./mean-points.ts";
import type { ConfigurationRuns, PairedRuns } from "./paired-runs.ts";
import { draws, type Resampling } from "./resampling.ts";

/** At and above this probability one configuration is said to dominate another; below it they are incomparable. */
export const dominanceThreshold = 0.95;

/** How sure it is that one configuration dominates another. */
export interface DominanceProbability {
  readonly configuration: string;
  readonly other: string;
  /** Share of the resamples in which the configuration's means dominate the other's; null where they share no two seeds. */
  readonly probability: number | null;
  /** Whether the probability reaches the threshold. */
  readonly dominates: boolean;
  /** How many seeds both were run with; only these take part. */
  readonly seeds: number;
}

/** Of every ordered pair of configurations, by bootstrap over the seeds that both were run with. */
export function dominanceProbabilities({ configurations, seeds }: PairedRuns, resampling: Resampling = {}): DominanceProbability[] {
  return configurations.flatMap((configuration, i) =>
    configurations.slice(i + 1).flatMap((other) => pairOf(configuration, other, seeds.length, resampling)),
  );
}

function pairOf(a: ConfigurationRuns, b: ConfigurationRuns, seedCount: number, resampling: Resampling): DominanceProbability[] {
  const shared = [...Array(seedCount).keys()].filter((seed) => a.bySeed[seed] && b.bySeed[seed]);
  const answer = (first: ConfigurationRuns, second: ConfigurationRuns, probability: number | null) => ({
    configuration: first.name,
    other: second.name,
    probability,
    dominates: probability !== null && probability >= dominanceThreshold,
    seeds: shared.length,
  });
  if (shared.length < 2) return [answer(a, b, null), answer(b, a, null)];
  let [wins, losses, total] = [0, 0, 0];
  for (const draw of draws(shared.length, resampling)) {
    const seeds = Array.from(draw, (i) => shared[i] as number);
    const pair = points([meanOver(a, seeds) ?? [], meanOver(b, seeds) ?? []]);
    if (dominates(pair, 0, pair, 1)) wins++;
    if (dominates(pair, 1, pair, 0)) losses++;
    total++;
  }
  return [answer(a, b, wins / total), answer(b, a, losses / total)];
}
