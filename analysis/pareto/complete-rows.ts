import { type Axis, valueOn } from "./axis.ts";
import type { Points } from "./points.ts";

/** Rows that have every objective, as points to be minimised: point `i` is row `rows[i]`. */
export interface CompleteRows {
  readonly points: Points;
  readonly rows: Uint32Array;
}

/** Leaves out rows that lack an objective; values of which more is better change their sign. */
export function completeRows<Row>(rows: readonly Row[], axes: readonly Axis<Row>[]): CompleteRows {
  if (axes.length === 0) throw new RangeError("no objectives; name one at least");
  const dimensions = axes.length;
  const values = new Float64Array(rows.length * dimensions);
  const numbers = new Uint32Array(rows.length);
  let count = 0;
  rows.forEach((row, number) => {
    for (let k = 0; k < dimensions; k++) {
      const axis = axes[k]!;
      const value = valueOn(axis, row);
      if (value === null) return;
      values[count * dimensions + k] = axis.better === "lower" ? value : -value;
    }
    numbers[count++] = number;
  });
  return { points: { values: values.subarray(0, count * dimensions), count, dimensions }, rows: numbers.subarray(0, count) };
}
