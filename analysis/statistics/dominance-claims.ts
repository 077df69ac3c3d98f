import { holmAdjusted } from "./holm.ts";
import { type Drawing, meanDraws } from "./mean-draws.ts";
import { weightedMean } from "./mean-points.ts";
import { areNothing, probabilityNotAbove } from "./one-sided.ts";
import type { ConfigurationRuns, PairedRuns } from "./paired-runs.ts";

/** The share of sections in which some claim of dominance may be false. */
export const falseClaims = 0.05;

/** With fewer, means that differ say too little of what is true. */
export const seedsForDominance = 5;

/** How sure it is that one configuration dominates another. */
export interface DominanceClaim {
  readonly configuration: string;
  readonly other: string;
  /** Of this pair alone, share of the draws of the true means in which it does. */
  readonly probability: number;
  /** Whether it may be claimed, all pairs together. */
  readonly dominates: boolean;
  readonly seeds: number;
}

/**
 * Of the ordered pairs of configurations, those of which one may dominate the other: a million of others would say that they do not. None
 * with fewer than {@link seedsForDominance} common seeds. One dominates another if it is nowhere worse and somewhere better. It is claimed
 * where each objective, by Student's one-sided paired test, is better (the intersection–union test: Berger, Technometrics 24,
 * 1982), with one error of 5 % over all pairs (Holm). An objective that is equal on every seed decides nothing; one of which
 * only a lower bound is known is never better.
 */
export function dominanceClaims(runs: PairedRuns, drawing: Drawing = {}): DominanceClaim[] {
  const { configurations, seeds } = runs;
  const pairs = configurations.flatMap((one) => configurations.filter((other) => other !== one).map((other) => [one, other] as const));
  if (seeds.length < seedsForDominance) return [];
  const adjusted = holmAdjusted(pairs.map(([one, other]) => probabilityNotDominating(one, other)));
  const draws = [...meanDraws(seeds.length, drawing)];
  const drawn = new Map(configurations.map((own) => [own, draws.map((weights) => weightedMean(own, weights))]));
  const drawnOf = (own: ConfigurationRuns) => drawn.get(own) ?? [];
  return pairs.flatMap(([one, other], i) => {
    const others = drawnOf(other);
    const times = drawnOf(one).filter((means, draw) => isAhead(one, means, others[draw] as number[])).length;
    const dominates = (adjusted[i] as number) <= falseClaims;
    if (times === 0 && !dominates) return [];
    return [{ configuration: one.name, other: other.name, probability: times / draws.length, dominates, seeds: seeds.length }];
  });
}

function probabilityNotDominating(one: ConfigurationRuns, other: ConfigurationRuns): number {
  const perObjective = one.isBound.flatMap((isBound, k) => {
    const differences = one.bySeed.map((vector, i) => (other.bySeed[i]?.[k] as number) - (vector[k] as number));
    if (isBound) return [1];
    return areNothing(differences) ? [] : [probabilityNotAbove(differences)];
  });
  return perObjective.length === 0 ? 1 : Math.max(...perObjective);
}

/** Dominance of means; the other's bound is what it has at least. */
function isAhead({ isBound }: ConfigurationRuns, means: readonly number[], others: readonly number[]): boolean {
  let isBetter = false;
  for (let k = 0; k < means.length; k++) {
    const [own, other] = [means[k] as number, others[k] as number];
    if (isBound[k] || own > other) return false;
    if (own < other) isBetter = true;
  }
  return isBetter;
}
