import { hypervolume3d } from "./hypervolume-3d.ts";
import { hypervolume4d } from "./hypervolume-4d.ts";
import { hypervolumeWfg } from "./hypervolume-wfg.ts";
import { lexicographicOrder } from "./lexicographic-order.ts";
import { type Points, select } from "./points.ts";

/**
 * Exact volume that the points dominate up to the reference point (Zitzler and Thiele 1998), all objectives minimised.
 * Points that are not better than the reference in every objective add nothing. Throws RangeError without objectives, for
 * a reference of another length or not finite, and where the volume is unbounded or beyond the largest number.
 */
export function hypervolume(points: Points, reference: readonly number[]): number {
  const { dimensions, count } = points;
  if (count > 0 && reference.length !== dimensions) {
    throw new RangeError(`reference point has ${reference.length} coordinates, the points have ${dimensions} objectives`);
  }
  if (reference.length < 1) throw new RangeError("hypervolume without objectives");
  const odd = reference.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`reference point: ${odd} is not finite`);
  const inside = within(points, reference);
  if (inside.values.includes(Number.NEGATIVE_INFINITY)) throw new RangeError("hypervolume is unbounded: an objective is -Infinity");
  const sorted = select(inside, lexicographicOrder(inside));
  const volume = volumeOf(sorted, reference);
  if (!Number.isFinite(volume)) throw new RangeError("hypervolume is beyond the largest number; give the objectives smaller units");
  return volume;
}

function volumeOf(sorted: Points, reference: readonly number[]): number {
  if (reference.length > 4) return hypervolumeWfg(sorted, reference);
  return reference.length === 4 ? hypervolume4d(sorted, reference) : hypervolume3d(sorted, [...reference, 1, 1]);
}

/**
 * The points that are better than the reference in every objective, with three columns at least. An objective that is
 * not there is 0, and 1 in the reference point: a side of length 1 leaves the volume what it is.
 */
function within({ values, count, dimensions }: Points, reference: readonly number[]): Points {
  const columns = Math.max(3, dimensions);
  const inside = new Float64Array(count * columns);
  let size = 0;
  for (let i = 0; i < count; i++) {
    let k = 0;
    while (k < dimensions && values[i * dimensions + k]! < reference[k]!) k++;
    if (k < dimensions) continue;
    for (k = 0; k < dimensions; k++) inside[size * columns + k] = values[i * dimensions + k]!;
    size++;
  }
  return { values: inside.subarray(0, size * columns), count: size, dimensions: columns };
}
