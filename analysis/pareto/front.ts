import { equal } from "./dominance.ts";
import { dominanceTree } from "./dominance-tree.ts";
import { lexicographicOrder } from "./lexicographic-order.ts";
import { pivots } from "./pivots.ts";
import { type Points, select } from "./points.ts";

/** Indices, ascending, of the points that no other point dominates; every copy of such a point is among them. */
export function front(points: Points): Uint32Array {
  const kept = undominatedBy(points, pivots(points));
  const left = select(points, kept);
  // Most points lose against a few good ones, long before anything has to be sorted; what is left has better ones still.
  const found = 2 * kept.length < points.count ? front(left) : nonDominated(left);
  return found.map((i) => kept[i]!);
}

/** Indices of the points that no pivot dominates. Most of the time of `front` goes into this loop, so it is written out. */
function undominatedBy({ values, count, dimensions }: Points, { values: pivots }: Points): Uint32Array {
  const kept = new Uint32Array(count);
  const end = pivots.length;
  let size = 0;
  for (let i = 0, at = 0; i < count; i++, at += dimensions) {
    const first = values[at]!;
    let pivot = 0;
    for (; pivot < end; pivot += dimensions) {
      if (pivots[pivot]! > first) continue;
      let k = 1;
      while (k < dimensions && pivots[pivot + k]! <= values[at + k]!) k++;
      if (k === dimensions && differ(values, at, pivots, pivot, dimensions)) break;
    }
    if (pivot === end) kept[size++] = i;
  }
  return kept.subarray(0, size);
}

function differ(a: Float64Array, i: number, b: Float64Array, j: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[i + k] !== b[j + k]) return true;
  return false;
}

function nonDominated(points: Points): Uint32Array {
  const order = lexicographicOrder(points);
  const tree = dominanceTree(points);
  const found = new Uint32Array(points.count);
  let size = 0;
  for (let i = 0; i < order.length; i++) {
    const point = order[i]!;
    if (size > 0 && equal(points, found[size - 1]!, point)) found[size++] = point;
    else if (tree.highestRankBelow(point) < 0) {
      tree.insert(point, 0);
      found[size++] = point;
    }
  }
  return found.subarray(0, size).sort();
}
