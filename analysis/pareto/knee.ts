import type { Points } from "./points.ts";

/**
 * Index of the point nearest to the ideal, by Euclidean distance in normalised objectives (ideal 0); the first of equals.
 * Throws RangeError without points.
 */
export function kneeByDistanceToIdeal(points: Points): number {
  return least(points, (point) => Math.hypot(...vector(points, point)));
}

/** A knee and the hyperplane that it was measured from. */
export interface HyperplaneKnee {
  readonly point: number;
  /** `unit` (Σ z = 1, through ideal and nadir) where the extreme points span no hyperplane that faces the ideal. */
  readonly plane: "extreme points" | "unit";
}

/**
 * The point farthest on the ideal's side from the hyperplane through the extreme points (Das 1999, "On characterizing the
 * knee of the Pareto curve based on normal-boundary intersection"). Points of a front, normalised. Throws RangeError without points.
 */
export function kneeByHyperplane(points: Points): HyperplaneKnee {
  if (points.count === 0) throw new RangeError("no point, so no knee");
  const spanned = planeThrough(extremePoints(points));
  const normal = spanned ?? Array<number>(points.dimensions).fill(1);
  const height = (point: number) => vector(points, point).reduce((sum, value, k) => sum + value * normal[k]!, 0);
  return { point: least(points, height), plane: spanned === null ? "unit" : "extreme points" };
}

/**
 * For each objective the point nearest to its axis: least in all others (Deb and Jain 2014, the achievement scalarising
 * function of NSGA-III, from the best value of each objective on).
 */
function extremePoints(points: Points): number[][] {
  const best = Array.from({ length: points.dimensions }, (_, k) => {
    const column = points.values.filter((_, at) => at % points.dimensions === k);
    return column.reduce((a, b) => Math.min(a, b));
  });
  return best.map((_, axis) => {
    const offAxis = (point: number) => Math.max(...vector(points, point).map((value, k) => (value - best[k]!) * (k === axis ? 1 : 1e6)));
    return vector(points, least(points, offAxis));
  });
}

/**
 * Normal n of the hyperplane n · z = 1 through these points, by Gaussian elimination with partial pivoting. Null where
 * there is none, or one on which getting better in some objective does not lead to the ideal's side.
 */
function planeThrough(vectors: readonly (readonly number[])[]): number[] | null {
  const size = vectors.length;
  const rows = vectors.map((vector) => [...vector, 1]);
  for (let column = 0; column < size; column++) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + candidates.indexOf(Math.max(...candidates));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    if (!(Math.abs(rows[column]![column]!) > 1e-12)) return null;
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = row[column]! / rows[column]![column]!;
      for (let k = column; k <= size; k++) row[k]! -= factor * rows[column]![k]!;
    }
  }
  const normal = rows.map((row, k) => row[size]! / row[k]!);
  return normal.every((component) => component > 1e-12) ? normal : null;
}

function vector({ values, dimensions }: Points, point: number): number[] {
  return Array.from(values.subarray(point * dimensions, (point + 1) * dimensions));
}

function least(points: Points, measure: (point: number) => number): number {
  if (points.count === 0) throw new RangeError("no point, so no knee");
  let best = 0;
  let lowest = measure(0);
  for (let point = 1; point < points.count; point++) {
    const value = measure(point);
    if (value < lowest) [best, lowest] = [point, value];
  }
  return best;
}
