import { type Axis, axisName, valueOn } from "./axis.ts";

/** What 0 and 1 of a normalised objective stand for, in the objective's own unit: frozen, and printed with every result. */
export interface Anchors {
  readonly ideal: number;
  readonly nadir: number;
  /** Logarithmic where ratios matter and values spread over decades. */
  readonly scale: "linear" | "log10";
}

/**
 * (z − ideal) / (nadir − ideal), of logarithms where the scale says so: 0 is ideal, 1 is nadir, and less is better. Where
 * ideal and nadir are equal, one unit of the scale is 1. Throws RangeError for a logarithm of what is not positive.
 */
export function normalised(value: number, { ideal, nadir, scale }: Anchors, better: "lower" | "higher" = "lower"): number {
  const [z, from, to] = [scaled(value, scale), scaled(ideal, scale), scaled(nadir, scale)];
  const unit = better === "lower" ? 1 : -1;
  return (z - from) / (to === from ? unit : to - from);
}

function scaled(value: number, scale: Anchors["scale"]): number {
  if (scale === "linear") return value;
  if (value <= 0) throw new RangeError(`${value} has no logarithm; give the objective a linear scale`);
  return Math.log10(value);
}

/** Anchors at the best and the worst value of the rows on each axis, which should be those of a front. */
export function anchorsOf<Row>(
  rows: readonly Row[],
  axes: readonly Axis<Row>[],
  scale: (axis: Axis<Row>) => Anchors["scale"] = () => "linear",
): Anchors[] {
  return axes.map((axis, k) => {
    const values = rows.flatMap((row) => valueOn(axis, row) ?? []);
    if (values.length === 0) throw new RangeError(`no row has ${axisName(axis, k)}, so it has no anchors`);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return { ...(axis.better === "lower" ? { ideal: least, nadir: most } : { ideal: most, nadir: least }), scale: scale(axis) };
  });
}

/** The axes in normalised units: all to be minimised, 0 at the ideal and 1 at the nadir. */
export function normalisedAxes<Row>(axes: readonly Axis<Row>[], anchors: readonly Anchors[]): Axis<Row>[] {
  if (axes.length !== anchors.length) throw new RangeError(`${axes.length} objectives, anchors for ${anchors.length}`);
  return axes.map((axis, k) => ({
    name: axisName(axis, k),
    better: "lower",
    value: (row) => {
      const value = valueOn(axis, row);
      return value === null ? null : normalised(value, anchors[k]!, axis.better);
    },
  }));
}
