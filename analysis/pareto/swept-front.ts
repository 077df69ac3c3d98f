import { Staircase } from "./staircase.ts";

/**
 * A front in x, y, z that says what volume each new point adds to it, up to the limits. Its points are kept twice: in
 * order of x, to find what is free around a new point at its own z, and in order of z, to follow how that is cut.
 */
export class SweptFront {
  /** x, y, z of the points in ascending order of x. */
  readonly #byX: Float64Array;
  /** x, y, z of the points in ascending order of z. */
  readonly #byZ: Float64Array;
  #size = 0;
  readonly #free: Staircase;
  readonly #limitX: number;
  readonly #limitY: number;
  readonly #limitZ: number;

  constructor(capacity: number, limitX: number, limitY: number, limitZ: number) {
    this.#byX = new Float64Array(3 * capacity);
    this.#byZ = new Float64Array(3 * capacity);
    this.#free = new Staircase(capacity);
    this.#limitX = limitX;
    this.#limitY = limitY;
    this.#limitZ = limitZ;
  }

  /** Volume that only (x, y, z) dominates, 0 if another point does so too. Points that it dominates leave the front. */
  add(x: number, y: number, z: number): number {
    this.#openAt(x, y, z);
    if (this.#free.isEmpty) return 0;
    const volume = this.#sweepUp(x, y, z);
    insert(this.#byX, this.#size, 0, x, y, z);
    this.#size = insert(this.#byZ, this.#size, 2, x, y, z);
    return volume;
  }

  /** Frees what (x, y) dominates alone at height z. */
  #openAt(x: number, y: number, z: number): void {
    const [points, free, end] = [this.#byX, this.#free, 3 * this.#size];
    let lowest = this.#limitY;
    let at = 0;
    for (; at < end && points[at]! <= x; at += 3) {
      if (points[at + 2]! <= z && points[at + 1]! < lowest) lowest = points[at + 1]!;
    }
    free.reset(x, y, this.#limitX, lowest);
    for (; at < end && lowest > y; at += 3) {
      if (points[at + 2]! <= z && points[at + 1]! < lowest) {
        lowest = points[at + 1]!;
        free.cut(points[at]!, Math.max(y, lowest));
      }
    }
  }

  /** Volume over the free area from z to the limit, cut by what lies above. */
  #sweepUp(x: number, y: number, z: number): number {
    const [points, free, end] = [this.#byZ, this.#free, 3 * this.#size];
    let volume = 0;
    let level = z;
    let area = free.area;
    for (let at = 3 * firstAbove(points, this.#size, 2, z); at < end; at += 3) {
      if (points[at]! >= free.right || points[at + 1]! >= free.top) continue;
      const removed = free.cut(Math.max(x, points[at]!), Math.max(y, points[at + 1]!));
      volume += area * (points[at + 2]! - level);
      level = points[at + 2]!;
      if (free.isEmpty) return volume;
      area -= removed;
    }
    return volume + area * (this.#limitZ - level);
  }
}

/** How many of the triples have the key coordinate at most at `value`. */
function firstAbove(triples: Float64Array, size: number, key: number, value: number): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (triples[3 * middle + key]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts a triple where its key belongs, in place of those that it dominates. Returns how many there are now. */
function insert(triples: Float64Array, size: number, key: number, x: number, y: number, z: number): number {
  const value = key === 0 ? x : z;
  let from = firstAbove(triples, size, key, value);
  // Those with the same key may be dominated too.
  while (from > 0 && triples[3 * (from - 1) + key] === value) from--;
  let kept = from;
  for (let i = from; i < size; i++) {
    const at = 3 * i;
    if (triples[at]! >= x && triples[at + 1]! >= y && triples[at + 2]! >= z) continue;
    if (kept < i) {
      triples[3 * kept] = triples[at]!;
      triples[3 * kept + 1] = triples[at + 1]!;
      triples[3 * kept + 2] = triples[at + 2]!;
    }
    kept++;
  }
  triples.copyWithin(3 * (from + 1), 3 * from, 3 * kept);
  triples[3 * from] = x;
  triples[3 * from + 1] = y;
  triples[3 * from + 2] = z;
  return kept + 1;
}
