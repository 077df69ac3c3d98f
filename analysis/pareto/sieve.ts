import { leavesOf } from "./leaves.ts";
import type { Points } from "./points.ts";

/**
 * A k-d tree over all coordinates of a few points. Asked about many others, it gives the indices of those that none of the
 * few dominates, ascending. Equal points do not dominate each other.
 */
export function sieve(few: Points): (points: Points) => Uint32Array {
  const { dimensions } = few;
  const { leaves, leafOf, leafStart } = leavesOf(few, 0);
  // Node 1 is the root, the children of node n are 2n and 2n + 1, leaves are the last level.
  const lowest = new Float64Array(2 * leaves * dimensions).fill(Number.POSITIVE_INFINITY);
  const held = new Float64Array(few.count * dimensions);
  const leafEnd = leafStart.slice(0, leaves);
  for (let point = 0; point < few.count; point++) {
    const leaf = leafOf[point]!;
    const slot = leafEnd[leaf]!++;
    for (let k = 0; k < dimensions; k++) {
      const value = few.values[point * dimensions + k]!;
      held[slot * dimensions + k] = value;
      for (let node = leaves + leaf; node > 0; node >>= 1) {
        if (value < lowest[node * dimensions + k]!) lowest[node * dimensions + k] = value;
      }
    }
  }
  return ({ values, count }) => undominated(values, count, dimensions, leaves, leafStart, lowest, held);
}

/** Most of the time goes into this loop. With all that it reads at hand, and not in a closure, it takes half as long. */
function undominated(
  values: Float64Array,
  count: number,
  dimensions: number,
  leaves: number,
  leafStart: Uint32Array,
  lowest: Float64Array,
  held: Float64Array,
): Uint32Array {
  const stack = new Int32Array(64);
  const kept = new Uint32Array(count);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const at = i * dimensions;
    let dominated = false;
    let top = 0;
    stack[top++] = 1;
    while (top > 0 && !dominated) {
      const node = stack[--top]!;
      if (!notAbove(lowest, node * dimensions, values, at, dimensions)) continue;
      if (node >= leaves) {
        const end = leafStart[node - leaves + 1]! * dimensions;
        for (let from = leafStart[node - leaves]! * dimensions; from < end && !dominated; from += dimensions) {
          dominated = dominates(held, from, values, at, dimensions);
        }
      } else {
        // The higher half first: its points are nearer to one that they may dominate.
        stack[top++] = 2 * node;
        stack[top++] = 2 * node + 1;
      }
    }
    if (!dominated) kept[size++] = i;
  }
  return kept.subarray(0, size);
}

function notAbove(own: Float64Array, from: number, values: Float64Array, at: number, dimensions: number): boolean {
  for (let k = 0; k < dimensions; k++) if (own[from + k]! > values[at + k]!) return false;
  return true;
}

function dominates(own: Float64Array, from: number, values: Float64Array, at: number, dimensions: number): boolean {
  if (!notAbove(own, from, values, at, dimensions)) return false;
  for (let k = 0; k < dimensions; k++) if (own[from + k]! < values[at + k]!) return true;
  return false;
}
