import type { Anchors } from "../pareto/normalisation.ts";
import type { Points } from "../pareto/points.ts";
import { toScale } from "./scale.ts";

/** Anchors of one objective, and which direction is better in it. */
export interface AnchoredObjective {
  readonly anchors: Anchors;
  readonly better: "lower" | "higher";
}

/** Points on their objectives' scales, all to be minimised, in normalised units: 0 at the ideal, 1 at the nadir. */
export function normalisedPoints({ values, count, dimensions }: Points, objectives: readonly AnchoredObjective[]): Points {
  if (objectives.length !== dimensions) throw new RangeError(`${dimensions} objectives, anchors for ${objectives.length}`);
  const ends = objectives.map(({ anchors: { ideal, nadir, scale }, better }) => {
    const sign = better === "lower" ? 1 : -1;
    const [from, to] = [sign * toScale(ideal, scale), sign * toScale(nadir, scale)];
    return { from, span: to === from ? 1 : to - from };
  });
  const scaled = values.map((value, at) => {
    const { from, span } = ends[at % dimensions] as (typeof ends)[number];
    return (value - from) / span;
  });
  return { values: scaled, count, dimensions };
}
