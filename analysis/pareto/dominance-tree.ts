import { leavesOf } from "./leaves.ts";
import type { Points } from "./points.ts";

/**
 * A k-d tree over every coordinate but the first, for points that come in lexicographic order: the order settles the
 * first coordinate, the tree answers for the others. Its shape is made from all points at once, so it stays balanced;
 * boxes and ranks are those of the points inserted so far.
 */
export interface DominanceTree {
  /** The highest rank among inserted points that are nowhere worse than `point` in the tree's coordinates, -1 without one. */
  highestRankBelow(point: number): number;
  insert(point: number, rank: number): void;
}

export function dominanceTree(points: Points): DominanceTree {
  const { values, count, dimensions } = points;
  const width = dimensions - 1;
  const { depth, leaves, leafOf, leafStart } = leavesOf(points, 1);

  // Node 1 is the root, the children of node n are 2n and 2n + 1, leaves are the last level.
  const lowest = new Float64Array(2 * leaves * width).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(2 * leaves * width).fill(Number.NEGATIVE_INFINITY);
  const highestRank = new Int32Array(2 * leaves).fill(-1);
  const held = new Float64Array(count * width);
  const heldRank = new Int32Array(count);
  const leafEnd = leafStart.slice(0, leaves);
  const stack = new Int32Array(2 * depth + 4);

  function insert(point: number, rank: number): void {
    const leaf = leafOf[point]!;
    const slot = leafEnd[leaf]!++;
    const from = point * dimensions + 1;
    heldRank[slot] = rank;
    for (let k = 0; k < width; k++) held[slot * width + k] = values[from + k]!;
    for (let node = leaves + leaf; node > 0; node >>= 1) {
      if (rank > highestRank[node]!) highestRank[node] = rank;
      for (let k = 0, at = node * width; k < width; k++, at++) {
        const value = values[from + k]!;
        if (value < lowest[at]!) lowest[at] = value;
        if (value > highest[at]!) highest[at] = value;
      }
    }
  }

  function highestRankBelow(point: number): number {
    const from = point * dimensions + 1;
    let best = -1;
    let top = 0;
    stack[top++] = 1;
    while (top > 0) {
      const node = stack[--top]!;
      if (highestRank[node]! <= best || !notAbove(lowest, node * width, from)) continue;
      if (notAbove(highest, node * width, from)) best = highestRank[node]!;
      else if (node >= leaves) best = highestRankInLeaf(node - leaves, from, best);
      else {
        // The child that promises more is looked at first, so that its answer may spare the other.
        const promising = 2 * node + (highestRank[2 * node]! >= highestRank[2 * node + 1]! ? 0 : 1);
        stack[top++] = promising ^ 1;
        stack[top++] = promising;
      }
    }
    return best;
  }

  function highestRankInLeaf(leaf: number, from: number, best: number): number {
    for (let slot = leafEnd[leaf]! - 1; slot >= leafStart[leaf]!; slot--) {
      if (heldRank[slot]! > best && notAbove(held, slot * width, from)) best = heldRank[slot]!;
    }
    return best;
  }

  function notAbove(array: Float64Array, at: number, from: number): boolean {
    for (let k = 0; k < width; k++) if (array[at + k]! > values[from + k]!) return false;
    return true;
  }

  return { highestRankBelow, insert };
}
