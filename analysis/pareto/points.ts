/**
 * Points of one comparison, every objective to be minimised and every coordinate there.
 * Row-major: coordinate `k` of point `i` is `values[i * dimensions + k]`. No NaN; infinities are allowed.
 */
export interface Points {
  readonly values: Float64Array;
  readonly count: number;
  readonly dimensions: number;
}

/** Points from one array a point, all of the same length. Throws RangeError for NaN and for ragged input. */
export function points(vectors: readonly (readonly number[])[]): Points {
  const dimensions = vectors[0]?.length ?? 0;
  const values = new Float64Array(vectors.length * dimensions);
  vectors.forEach((vector, i) => {
    if (vector.length !== dimensions) throw new RangeError(`point ${i} has ${vector.length} objectives, the first has ${dimensions}`);
    vector.forEach((value, k) => {
      if (Number.isNaN(value)) throw new RangeError(`point ${i}, objective ${k}: NaN; leave incomplete points out`);
      values[i * dimensions + k] = value;
    });
  });
  return { values, count: vectors.length, dimensions };
}

/** The points with these indices, in this order. */
export function select({ values, dimensions }: Points, indices: Uint32Array): Points {
  const chosen = new Float64Array(indices.length * dimensions);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * dimensions;
    for (let k = 0; k < dimensions; k++) chosen[i * dimensions + k] = values[from + k]!;
  }
  return { values: chosen, count: indices.length, dimensions };
}

/** `size` of the points, from the whole length of their list. */
export const evenlySpaced = (points: Points, size: number): Points =>
  select(
    points,
    Uint32Array.from({ length: size }, (_, i) => Math.floor((i * points.count) / size)),
  );
