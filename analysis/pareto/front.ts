import { ascending } from "./ascending.ts";
import { equal } from "./dominance.ts";
import { dominanceTree } from "./dominance-tree.ts";
import { lexicographicOrder } from "./lexicographic-order.ts";
import { pivots } from "./pivots.ts";
import { evenlySpaced, type Points, select } from "./points.ts";
import { sieve } from "./sieve.ts";

/** Large enough for a front that most other points lose against, small enough for a processor's cache. */
const sampleSize = 16_384;
/** How many points tell whether a sample's front is worth asking about all of them. */
const probeSize = 1024;

/** Indices, ascending, of the points that no other point dominates; every copy of such a point is among them. */
export function front(points: Points): Uint32Array {
  // Most points lose against a few good ones, long before anything has to be sorted; what is left has better ones still.
  for (const remove of [undominatedByPivots, undominatedBySample]) {
    const kept = remove(points);
    if (2 * kept.length < points.count) return front(select(points, kept)).map((i) => kept[i]!);
  }
  return nonDominated(points);
}

const undominatedByPivots = (points: Points) => undominatedBy(points, pivots(points));

/** Indices of the points that none of a sample's front dominates; of all, where the points are too few or too much alike. */
function undominatedBySample(points: Points): Uint32Array {
  const all = ascending(points.count);
  if (points.count < 4 * sampleSize) return all;
  const sample = evenlySpaced(points, sampleSize);
  const undominated = sieve(select(sample, nonDominated(sample)));
  const probe = evenlySpaced(points, probeSize);
  return 2 * undominated(probe).length > probe.count ? all : undominated(points);
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
