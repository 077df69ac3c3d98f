import { normalised } from "../../pareto/normalisation.ts";
import type { Configuration, Section } from "../analysis.ts";
import type { Preferences, Stability } from "./schema.ts";

/** What a recommendation is chosen from. */
type Judged = Pick<Section, "configurations" | "objectives" | "front">;

/** Weights that sum to 1, by the objective's key: those that were given, or all the same where none were. */
export function preferencesOf(
  { objectives }: Pick<Section, "objectives">,
  given: Readonly<Record<string, number>>,
  limits: Readonly<Record<string, number>>,
): Preferences {
  const own = objectives.map(({ key }) => Math.max(0, given[key] ?? 0));
  const sum = own.reduce((a, b) => a + b, 0);
  const weights = objectives.map(({ key }, k) => [key, sum > 0 ? (own[k] as number) / sum : 1 / objectives.length]);
  return { weights: Object.fromEntries(weights), stated: sum > 0 || Object.keys(limits).length > 0, limits: { ...limits } };
}

interface Candidate {
  readonly own: Configuration;
  /** On each objective, 0 at the front's best value and 1 at its worst. */
  readonly point: readonly number[];
}

/** Ranked configurations of which every objective is known, not only a bound, and none is beyond a limit. */
function candidates({ configurations, objectives, front }: Judged, limits: Preferences["limits"]): Candidate[] {
  if (front === null) return [];
  return configurations.flatMap((own) => {
    if (own.standing.kind !== "ranked") return [];
    const point = objectives.flatMap(({ key, better }, k) => {
      const estimate = own.estimates[key];
      const [limit, anchors] = [limits[key], front.anchors[k]];
      if (estimate == null || estimate.lowerBound === true || anchors === undefined) return [];
      if (limit !== undefined && (better === "lower" ? estimate.value > limit : estimate.value < limit)) return [];
      return [normalised(estimate.value, anchors, better)];
    });
    return point.length < objectives.length ? [] : [{ own, point }];
  });
}

/**
 * The candidate nearest to the ideal, by √Σ (w · z)² over normalised objectives z; with equal weights the knee by distance. Of equals
 * the one of the better rank, then the first.
 */
function nearest(all: readonly Candidate[], weights: readonly number[]): Configuration | null {
  const distance = ({ point }: Candidate) => Math.hypot(...point.map((z, k) => (weights[k] as number) * z));
  const rank = ({ own: { standing } }: Candidate) => (standing.kind === "ranked" ? standing.rank : Number.POSITIVE_INFINITY);
  const [best] = all.toSorted((a, b) => distance(a) - distance(b) || rank(a) - rank(b));
  return best?.own ?? null;
}

/** What the preferences recommend; null where nothing is left. */
export function recommended(section: Judged, { weights, limits }: Preferences): Configuration | null {
  const vector = section.objectives.map(({ key }) => weights[key] ?? 0);
  return nearest(candidates(section, limits), vector);
}

/** Weights that are tried from 0 to 1. */
const steps = 100;

/** Between which weights of each objective, the others keeping their proportions, the recommendation stays what it is. */
export function stability(section: Judged, preferences: Preferences): Stability[] {
  const { objectives } = section;
  const all = candidates(section, preferences.limits);
  const current = objectives.map(({ key }) => preferences.weights[key] ?? 0);
  const chosen = nearest(all, current);
  if (chosen === null || objectives.length < 2) return [];
  return objectives.map(({ key }, k) => {
    const own = current[k] as number;
    const isSame = (weight: number) => nearest(all, reweighted(current, k, weight)) === chosen;
    const walk = (step: number) => {
      let last = own;
      for (let next = own + step; next > -1e-9 && next < 1 + 1e-9; next += step) {
        if (!isSame(Math.min(1, Math.max(0, next)))) return last;
        last = next;
      }
      return step < 0 ? 0 : 1;
    };
    return { objective: key, from: rounded(walk(-1 / steps)), to: rounded(walk(1 / steps)) };
  });
}

const rounded = (weight: number) => Math.min(1, Math.max(0, Number(weight.toFixed(2))));

/** The k-th weight set, the others in their old proportions; alike where they were nothing. */
function reweighted(weights: readonly number[], k: number, weight: number): number[] {
  const rest = 1 - (weights[k] as number);
  return weights.map((own, i) => {
    if (i === k) return weight;
    return (1 - weight) * (rest > 0 ? own / rest : 1 / (weights.length - 1));
  });
}
