import { equal } from "./dominance.ts";
import { dominanceTree } from "./dominance-tree.ts";
import { lexicographicOrder } from "./lexicographic-order.ts";
import type { Points } from "./points.ts";

/**
 * Non-dominated rank of every point: 0 for the front, r for those on the front once all of lower rank are gone.
 * Equal points have equal rank.
 */
export function ranks(points: Points): Int32Array {
  const rank = new Int32Array(points.count);
  const order = lexicographicOrder(points);
  const tree = dominanceTree(points);
  for (let i = 0; i < order.length; i++) {
    const point = order[i]!;
    const previous = order[i - 1];
    if (previous !== undefined && equal(points, previous, point)) rank[point] = rank[previous]!;
    else {
      rank[point] = tree.highestRankBelow(point) + 1;
      tree.insert(point, rank[point]!);
    }
  }
  return rank;
}
