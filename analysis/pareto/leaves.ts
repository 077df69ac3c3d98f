import { ascending } from "./ascending.ts";
import type { Points } from "./points.ts";

/** Points that a leaf holds at most. */
const leafSize = 8;

/** Where a k-d tree's leaves have their points, when all points are held in the order of leaves. */
export interface Leaves {
  /** Levels below the root. */
  readonly depth: number;
  /** How many: 2 ** depth. */
  readonly leaves: number;
  /** Of each point, its leaf. */
  readonly leafOf: Uint32Array;
  /** Of each leaf, how many points are in leaves before it; at the end, how many points there are. */
  readonly leafStart: Uint32Array;
}

/** Halves the points by one coordinate after the other, those before `first` left out, until leaves are small. */
export function leavesOf({ values, count, dimensions }: Points, first: number): Leaves {
  const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, count) / leafSize)));
  const leaves = 2 ** depth;
  const leafOf = new Uint32Array(count);
  const leafStart = new Uint32Array(leaves + 1);
  const members = ascending(count);
  leafStart[leaves] = count;

  function split(from: number, to: number, level: number, node: number): void {
    if (level === depth) {
      leafStart[node] = from;
      for (let i = from; i < to; i++) leafOf[members[i]!] = node;
      return;
    }
    const middle = (from + to) >>> 1;
    if (dimensions > first) partition(from, to - 1, middle, first + (level % (dimensions - first)));
    split(from, middle, level + 1, 2 * node);
    split(middle, to, level + 1, 2 * node + 1);
  }

  /** Hoare's quickselect: what is left of `middle` is nowhere above what is right of it. */
  function partition(left: number, right: number, middle: number, dimension: number): void {
    while (left < right) {
      const pivot = values[members[(left + right) >>> 1]! * dimensions + dimension]!;
      let [i, j] = [left, right];
      while (i <= j) {
        while (values[members[i]! * dimensions + dimension]! < pivot) i++;
        while (values[members[j]! * dimensions + dimension]! > pivot) j--;
        if (i <= j) {
          const member = members[i]!;
          members[i++] = members[j]!;
          members[j--] = member;
        }
      }
      if (middle <= j) right = j;
      else if (middle >= i) left = i;
      else return;
    }
  }

  split(0, count, 0, 0);
  return { depth, leaves, leafOf, leafStart };
}
