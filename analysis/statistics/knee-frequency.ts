import { front } from "../pareto/front.ts";
import { kneeByDistanceToIdeal, kneeByHyperplane } from "../pareto/knee.ts";
import { select } from "../pareto/points.ts";
import { seedsForAnInterval } from "./estimate.ts";
import { type Drawing, meanDraws } from "./mean-draws.ts";
import { meanPoints } from "./mean-points.ts";
import { type AnchoredObjective, normalisedPoints } from "./normalised-points.ts";
import type { PairedRuns } from "./paired-runs.ts";

/** The knee by one definition, and how often it is this one. */
export interface KneeFrequency {
  /** The knee of the means over the seeds. */
  readonly knee: string;
  /** Share of the draws of the true means in which each configuration is the knee, without those that never are; null with fewer than three seeds. */
  readonly frequency: Readonly<Record<string, number>> | null;
}

export interface Knees {
  readonly distanceToIdeal: KneeFrequency;
  readonly hyperplane: KneeFrequency & { readonly plane: "extreme points" | "unit" };
}

/** Both knees. The objectives' anchors stay what they are in every draw. Throws RangeError without configurations. */
export function kneeFrequency(runs: PairedRuns, objectives: readonly AnchoredObjective[], drawing: Drawing = {}): Knees {
  const { configurations, seeds } = runs;
  const name = (index: number) => configurations[index]?.name ?? "";
  const all = kneesOf(runs, objectives);
  const found =
    seeds.length < seedsForAnInterval ? [] : Array.from(meanDraws(seeds.length, drawing), (weights) => kneesOf(runs, objectives, weights));
  const frequency = (knees: readonly number[]) => (knees.length === 0 ? null : shares(knees.map(name)));
  return {
    distanceToIdeal: { knee: name(all.ideal), frequency: frequency(found.map(({ ideal }) => ideal)) },
    hyperplane: { knee: name(all.hyperplane), plane: all.plane, frequency: frequency(found.map(({ hyperplane }) => hyperplane)) },
  };
}

function kneesOf(runs: PairedRuns, objectives: readonly AnchoredObjective[], weights?: ArrayLike<number>) {
  const { configurations } = runs;
  const means = meanPoints(runs, weights);
  const all = front(means);
  // What has only a bound in some objective is nowhere near the ideal, as far as is known.
  const known = all.filter((i) => !configurations[i]?.isBound.includes(true));
  const members = known.length > 0 ? known : all;
  const points = normalisedPoints(select(means, members), objectives);
  const { point, plane } = kneeByHyperplane(points);
  return { ideal: members[kneeByDistanceToIdeal(points)] as number, hyperplane: members[point] as number, plane };
}

function shares(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => [name, count / names.length]));
}
