import { front } from "./front.ts";
import { type Points, select } from "./points.ts";

/**
 * For any number of objectives (While, Bradstreet and Barone, "A fast way of calculating exact hypervolumes", IEEE Trans.
 * Evol. Comput. 16, 2012): each point adds its own box less what later points dominate of it, which is the hypervolume
 * of those points, moved into the box. Exponential in the number of objectives. Points in ascending order of the first
 * objective, all below the reference point.
 */
export function hypervolumeWfg(points: Points, reference: readonly number[]): number {
  let volume = 0;
  for (let i = 0; i < points.count; i++) volume += box(points, i, reference) - hypervolumeWfg(limited(points, i), reference);
  return volume;
}

function box({ values, dimensions }: Points, point: number, reference: readonly number[]): number {
  let volume = 1;
  for (let k = 0; k < dimensions; k++) volume *= reference[k]! - values[point * dimensions + k]!;
  return volume;
}

/** The front of the points after this one, each no better than it in any objective. */
function limited({ values, count, dimensions }: Points, point: number): Points {
  const later = new Float64Array((count - point - 1) * dimensions);
  for (let at = 0; at < later.length; at++) {
    const own = values[point * dimensions + (at % dimensions)]!;
    later[at] = Math.max(own, values[(point + 1) * dimensions + at]!);
  }
  const all = { values: later, count: count - point - 1, dimensions };
  return withoutCopies(select(all, front(all)));
}

/** Equal points are all on a front; one of them is enough here. */
function withoutCopies(points: Points): Points {
  const { values, count, dimensions } = points;
  const seen = new Set<string>();
  const kept = Array.from({ length: count }, (_, i) => i).filter((i) => {
    const key = values.subarray(i * dimensions, (i + 1) * dimensions).join(" ");
    return !seen.has(key) && seen.add(key);
  });
  return select(points, Uint32Array.from(kept));
}
