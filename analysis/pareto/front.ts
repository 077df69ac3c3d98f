import { dominates, equal } from "./dominance.ts";
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

/** Indices of the points that no pivot dominates. */
function undominatedBy(points: Points, pivotPoints: Points): Uint32Array {
  const kept = new Uint32Array(points.count);
  let size = 0;
  for (let i = 0; i < points.count; i++) {
    let pivot = 0;
    while (pivot < pivotPoints.count && !dominates(pivotPoints, pivot, points, i)) pivot++;
    if (pivot === pivotPoints.count) kept[size++] = i;
  }
  return kept.subarray(0, size);
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
