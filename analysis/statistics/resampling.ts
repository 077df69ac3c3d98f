import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** How to resample; the same options always give the same resamples. */
export interface Resampling {
  /** Of the random numbers, not of the runs; 1 if left out. */
  readonly seed?: number;
  /** 2,000 if left out. */
  readonly resamples?: number;
}

/** Draws of `size` indices out of `size`, with replacement. */
export function* draws(size: number, { seed = 1, resamples = 2000 }: Resampling = {}): Generator<Uint32Array> {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`invalid number of resamples; not a positive integer: ${resamples}`);
  const random = xoroshiro128plus(seed);
  for (let i = 0; i < resamples; i++) {
    const draw = new Uint32Array(size);
    for (let k = 0; k < size; k++) draw[k] = uniformInt(random, 0, size - 1);
    yield draw;
  }
}
