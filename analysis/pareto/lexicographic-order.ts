import { ascending } from "./ascending.ts";
import type { Points } from "./points.ts";

/** Below this many points a comparison sort beats counting digits. */
const smallRun = 64;

/**
 * Indices of the points by first coordinate, ties by the second, and so on; equal points in the order they came in.
 * No point comes before one that dominates it.
 */
export function lexicographicOrder(points: Points): Uint32Array {
  const order = ascending(points.count);
  if (points.dimensions > 0) sortRun(points, order, 0, points.count, 0);
  return order;
}

function sortRun(points: Points, order: Uint32Array, from: number, to: number, dimension: number): void {
  if (to - from <= smallRun) {
    order.subarray(from, to).sort((a, b) => compare(points, a, b) || a - b);
    return;
  }
  sortByCoordinate(points, order, from, to, dimension);
  if (dimension + 1 < points.dimensions) sortTies(points, order, from, to, dimension);
}

function sortTies(points: Points, order: Uint32Array, from: number, to: number, dimension: number): void {
  const { values, dimensions } = points;
  let start = from;
  for (let i = from + 1; i <= to; i++) {
    const first = values[order[start]! * dimensions + dimension]!;
    if (i < to && values[order[i]! * dimensions + dimension] === first) continue;
    if (i - start > 1) sortRun(points, order, start, i, dimension + 1);
    start = i;
  }
}

function compare({ values, dimensions }: Points, a: number, b: number): number {
  for (let k = 0; k < dimensions; k++) {
    const [left, right] = [values[a * dimensions + k]!, values[b * dimensions + k]!];
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

const digitBits = 11;
const digits = 6;
const buckets = 1 << digitBits;

/** Stable radix sort of `order[from, to)` by one coordinate: doubles as 64-bit integers that sort alike, 11 bits at a time. */
function sortByCoordinate({ values, dimensions }: Points, order: Uint32Array, from: number, to: number, dimension: number): void {
  const count = to - from;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const histograms = new Uint32Array(digits * buckets);
  const float = new Float64Array(1);
  const halves = new Uint32Array(float.buffer);
  for (let i = 0; i < count; i++) {
    // Adding zero makes -0 the 0 that it equals.
    float[0] = values[order[from + i]! * dimensions + dimension]! + 0;
    const [lowHalf, highHalf] = [halves[0]!, halves[1]!];
    const negative = highHalf >>> 31 === 1;
    high[i] = negative ? ~highHalf : highHalf ^ 0x80000000;
    low[i] = negative ? ~lowHalf : lowHalf;
    for (let digit = 0; digit < digits; digit++) histograms[digit * buckets + digitOf(high[i]!, low[i]!, digit)]!++;
  }
  let ranked = ascending(count);
  let next = new Uint32Array(count);
  for (let digit = 0; digit < digits; digit++) {
    const starts = histograms.subarray(digit * buckets, (digit + 1) * buckets);
    if (starts[digitOf(high[0]!, low[0]!, digit)] === count) continue;
    for (let bucket = 0, start = 0; bucket < buckets; bucket++) {
      const size = starts[bucket]!;
      starts[bucket] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const index = ranked[i]!;
      next[starts[digitOf(high[index]!, low[index]!, digit)]!++] = index;
    }
    [ranked, next] = [next, ranked];
  }
  const before = order.slice(from, to);
  for (let i = 0; i < count; i++) order[from + i] = before[ranked[i]!]!;
}

/** Three digits in each half: 11, 11 and 10 bits. */
function digitOf(high: number, low: number, digit: number): number {
  const half = digit < 3 ? low : high;
  return (half >>> (digitBits * (digit % 3))) & (buckets - 1);
}
