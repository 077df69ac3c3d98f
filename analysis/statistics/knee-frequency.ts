import { front } from "../pareto/front.ts";
import { kneeByDistanceToIdeal, kneeByHyperplane } from "../pareto/knee.ts";
import { select } from "../pareto/points.ts";
import { meanPoints } from "./mean-points.ts";
import { type AnchoredObjective, normalisedPoints } from "./normalised-points.ts";
import type { PairedRuns } from "./paired-runs.ts";
import { draws, type Resampling } from "./resampling.ts";

/** The knee by one definition, and how often it is this one. */
export interface KneeFrequency {
  /** The knee of the means over all seeds. */
  readonly knee: string;
  /** Share of the resamples of seeds in which each configuration is the knee, those that never are left out; null with fewer than two seeds. */
  readonly frequency: Readonly<Record<string, number>> | null;
}

export interface Knees {
  readonly distanceToIdeal: KneeFrequency;
  readonly hyperplane: KneeFrequency & { readonly plane: "extreme points" | "unit" };
}

/** Both knees. The objectives' anchors stay what they are in every resample. Throws RangeError without configurations. */
export function kneeFrequency(runs: PairedRuns, objectives: readonly AnchoredObjective[], resampling: Resampling = {}): Knees {
  const { configurations, seeds } = runs;
  const name = (index: number) => configurations[index]?.name ?? "";
  const all = kneesOf(runs, objectives, [...seeds.keys()]);
  const found = seeds.length < 2 ? [] : Array.from(draws(seeds.length, resampling), (draw) => kneesOf(runs, objectives, draw));
  const frequency = (knees: readonly number[]) => (knees.length === 0 ? null : shares(knees.map(name)));
  return {
    distanceToIdeal: { knee: name(all.ideal), frequency: frequency(found.map(({ ideal }) => ideal)) },
    hyperplane: { knee: name(all.hyperplane), plane: all.plane, frequency: frequency(found.map(({ hyperplane }) => hyperplane)) },
  };
}

function kneesOf(runs: PairedRuns, objectives: readonly AnchoredObjective[], draw: ArrayLike<number>) {
  const means = meanPoints(runs, draw);
  const members = front(means);
  const points = normalisedPoints(select(means, members), objectives);
  const { point, plane } = kneeByHyperplane(points);
  return { ideal: members[kneeByDistanceToIdeal(points)] as number, hyperplane: members[point] as number, plane };
}

function shares(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => [name, count / names.length]));
}
