/**
 * What is free in the plane right of and above a corner, up to a limit: steps from left to right, each lower than the
 * one before. Points of a sweep cut their quadrant out of it.
 */
export class Staircase {
  /** Left edges of the steps, ascending; after the last one the right limit. */
  readonly #left: Float64Array;
  /** Heights of the steps, descending. */
  readonly #top: Float64Array;
  #steps = 0;
  #floor = 0;

  /** For at most `capacity` points between two calls of `reset`. */
  constructor(capacity: number) {
    this.#left = new Float64Array(capacity + 3);
    this.#top = new Float64Array(capacity + 3);
  }

  /** One step, from the corner to the limits. */
  reset(cornerX: number, cornerY: number, limitX: number, limitY: number): void {
    this.#left[0] = cornerX;
    this.#left[1] = limitX;
    this.#top[0] = limitY;
    this.#steps = limitX > cornerX && limitY > cornerY ? 1 : 0;
    this.#floor = cornerY;
  }

  get right(): number {
    return this.#left[this.#steps]!;
  }

  get top(): number {
    return this.#top[0]!;
  }

  get isEmpty(): boolean {
    return this.#steps === 0;
  }

  get area(): number {
    let area = 0;
    for (let i = 0; i < this.#steps; i++) area += (this.#left[i + 1]! - this.#left[i]!) * (this.#top[i]! - this.#floor);
    return area;
  }

  /** Cuts out what is right of `x` and above `y`, neither of them below the corner, and returns its area. */
  cut(x: number, y: number): number {
    const [left, top] = [this.#left, this.#top];
    const first = this.#stepAt(x);
    if (first === this.#steps || top[first]! <= y) return 0;
    let removed = 0;
    let from = x;
    let after = first;
    while (after < this.#steps && top[after]! > y) {
      const to = left[after + 1]!;
      removed += (to - from) * (top[after]! - y);
      from = to;
      after++;
    }
    this.#replace(left[first]! < x ? first + 1 : first, after, x, y);
    return removed;
  }

  /** The steps in [from, to) give way to one, or to none where it would have no height. */
  #replace(from: number, to: number, x: number, y: number): void {
    const [left, top] = [this.#left, this.#top];
    if (y <= this.#floor) {
      left[from] = x;
      this.#steps = from;
      return;
    }
    if (to !== from + 1) {
      left.copyWithin(from + 1, to, this.#steps + 1);
      top.copyWithin(from + 1, to, this.#steps);
      this.#steps += from + 1 - to;
    }
    left[from] = x;
    top[from] = y;
  }

  /** The step that `x` is on; the number of steps if it is right of all. */
  #stepAt(x: number): number {
    if (x >= this.right) return this.#steps;
    let low = 0;
    let high = this.#steps - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#left[middle]! <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
