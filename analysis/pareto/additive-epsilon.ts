import type { Points } from "./points.ts";

/**
 * Additive ε-indicator (Zitzler et al. 2003): the least that must be taken off every objective of the approximation so
 * that it weakly dominates the whole reference set; negative if it is better throughout. Objectives are minimised and
 * should be normalised alike. Throws RangeError if one of the sets is empty or their objectives differ in number.
 */
export function additiveEpsilon(approximation: Points, reference: Points): number {
  if (approximation.count === 0 || reference.count === 0) throw new RangeError("additive epsilon of an empty set");
  if (approximation.dimensions !== reference.dimensions) {
    throw new RangeError(`additive epsilon: ${approximation.dimensions} objectives against ${reference.dimensions}`);
  }
  let epsilon = Number.NEGATIVE_INFINITY;
  for (let target = 0; target < reference.count; target++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let point = 0; point < approximation.count; point++) nearest = Math.min(nearest, shift(approximation, point, reference, target));
    epsilon = Math.max(epsilon, nearest);
  }
  return epsilon;
}

/** The least to take off point `i` of `a` so that it weakly dominates point `j` of `b`. */
function shift(a: Points, i: number, b: Points, j: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < a.dimensions; k++) most = Math.max(most, a.values[i * a.dimensions + k]! - b.values[j * b.dimensions + k]!);
  return most;
}
