import type { Points } from "./points.ts";

/**
 * Distance of every point from a front, ≥ 0: over the front's points the least of the largest excess in any objective; 0 for
 * its members. It is how much a point must gain everywhere to equal some point of the front. Objectives are minimised and
 * should be normalised alike. Infinite where a point is in an objective in which the front is not. Throws RangeError for an
 * empty front or another number of objectives.
 */
export function distancesToFront(points: Points, front: Points): number[] {
  if (front.count === 0) throw new RangeError("distance to an empty front");
  if (points.dimensions !== front.dimensions) {
    throw new RangeError(`distance to a front: ${points.dimensions} objectives against ${front.dimensions}`);
  }
  return Array.from({ length: points.count }, (_, point) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let member = 0; member < front.count; member++) nearest = Math.min(nearest, excess(points, point, front, member));
    return nearest;
  });
}

/** The most by which point `i` of `a` is worse than point `j` of `b`; 0 where it is nowhere worse. */
function excess(a: Points, i: number, b: Points, j: number): number {
  let most = 0;
  for (let k = 0; k < a.dimensions; k++) {
    const [own, other] = [a.values[i * a.dimensions + k]!, b.values[j * b.dimensions + k]!];
    if (own > other) most = Math.max(most, own - other);
  }
  return most;
}
