import { distancesToFront } from "../pareto/distance-to-front.ts";
import { front } from "../pareto/front.ts";
import type { Anchors } from "../pareto/normalisation.ts";
import { select } from "../pareto/points.ts";
import { ranks } from "../pareto/ranks.ts";
import { type DominanceClaim, dominanceClaims } from "../statistics/dominance-claims.ts";
import { type FrontMembership, frontMembership } from "../statistics/front-membership.ts";
import { hypervolumeEstimate, normalisedReference } from "../statistics/hypervolume-estimate.ts";
import { type Knees, kneeFrequency } from "../statistics/knee-frequency.ts";
import { equalWeights, meanPoints, weightedMean } from "../statistics/mean-points.ts";
import { normalisedPoints } from "../statistics/normalised-points.ts";
import type { PairedRuns } from "../statistics/paired-runs.ts";
import { fromScale } from "../statistics/scale.ts";
import type { FrontSummary, ObjectiveAxis } from "./analysis.ts";

/** Ideal and nadir by the objective's key, as they were given: results of several reports are then in one unit. */
export type GivenAnchors = Readonly<Record<string, { readonly ideal: number; readonly nadir: number } | undefined>>;

/** What a front says of its configurations, by their names. */
export interface Ranking {
  readonly rankOf: ReadonlyMap<string, number>;
  readonly membershipOf: ReadonlyMap<string, FrontMembership>;
  /** Distance to the front in normalised units; null where a bound is all that is known. */
  readonly distanceOf: ReadonlyMap<string, number | null>;
  readonly knees: Knees;
  readonly dominance: readonly DominanceClaim[];
  readonly front: FrontSummary;
}

/** Ranks what was compared on common seeds; null where nothing was. Objectives are in the order of the runs' dimensions. */
export function ranking(runs: PairedRuns, objectives: readonly ObjectiveAxis[], given: GivenAnchors | null): Ranking | null {
  const { configurations, seeds } = runs;
  if (configurations.length === 0 || seeds.length === 0 || objectives.length === 0) return null;
  const means = meanPoints(runs);
  const rank = ranks(means);
  const members = front(means);
  const anchors = objectives.map((objective, k): Anchors => {
    const own = given?.[objective.key];
    return { ...(own ?? anchorsOf(runs, members, objective, k)), scale: objective.scale };
  });
  const anchored = anchors.map((own, k) => ({ anchors: own, better: (objectives[k] as ObjectiveAxis).better }));
  const normal = normalisedPoints(means, anchored);
  const distances = distancesToFront(normal, select(normal, members));
  const knees = kneeFrequency(runs, anchored);
  const named = <T>(values: ArrayLike<T>) => new Map(configurations.map(({ name }, i) => [name, values[i] as T]));
  return {
    rankOf: named(rank),
    membershipOf: named(frontMembership(runs)),
    distanceOf: named(distances.map((distance) => (Number.isFinite(distance) ? distance : null))),
    knees,
    dominance: dominanceClaims(runs),
    front: {
      anchors: objectives.map(({ key }, k) => ({ objective: key, ...(anchors[k] as Anchors) })),
      hypervolume: hypervolumeEstimate(runs, anchored),
      reference: normalisedReference,
      kneeByDistance: knees.distanceToIdeal.knee,
      kneeByHyperplane: knees.hyperplane.knee,
      plane: knees.hyperplane.plane,
    },
  };
}

/** The best and the worst mean of the front; a bound is none, unless there is nothing else. */
function anchorsOf(runs: PairedRuns, members: Uint32Array, { scale, better }: ObjectiveAxis, k: number) {
  const sign = better === "lower" ? 1 : -1;
  const own = Array.from(members, (i) => runs.configurations[i] as PairedRuns["configurations"][number]);
  const known = own.filter(({ isBound }) => !isBound[k]);
  const means = (known.length > 0 ? known : own).map((one) => weightedMean(one, equalWeights(runs.seeds.length))[k] as number);
  return { ideal: fromScale(sign * Math.min(...means), scale), nadir: fromScale(sign * Math.max(...means), scale) };
}
