import { type Anchors, normalised } from "../pareto/normalisation.ts";
import type { Points } from "../pareto/points.ts";

/** Frozen anchors of one objective, and which direction is better in it. */
export interface AnchoredObjective {
  readonly anchors: Anchors;
  readonly better: "lower" | "higher";
}

/** Points to be minimised, in normalised units: 0 at the ideal, 1 at the nadir. */
export function normalisedPoints({ values, count, dimensions }: Points, objectives: readonly AnchoredObjective[]): Points {
  if (objectives.length !== dimensions) throw new RangeError(`${dimensions} objectives, anchors for ${objectives.length}`);
  const scaled = values.map((value, at) => {
    const { anchors, better } = objectives[at % dimensions] as AnchoredObjective;
    return normalised(better === "lower" ? value : -value, anchors, better);
  });
  return { values: scaled, count, dimensions };
}
