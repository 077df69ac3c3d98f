import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** How to draw; the same options always give the same draws. */
export interface Drawing {
  /** Of the random numbers, not of the runs; 1 if left out. */
  readonly seed?: number;
  /** 2,000 if left out. */
  readonly draws?: number;
}

/**
 * What the true means may be, given n runs each: weights of the runs, which sum to 1, so that Σ w · x is a draw from Student's
 * distribution with n − 1 degrees of freedom about x̄, of scale s/√n, for any objective and any paired difference alike: the
 * posterior of a normal mean with a flat prior (Gelman et al., Bayesian Data Analysis, section 3.2). A bootstrap of three
 * runs would be too sure. Needs two runs at least.
 */
export function* meanDraws(runs: number, { seed = 1, draws = 2000 }: Drawing = {}): Generator<Float64Array> {
  if (!Number.isInteger(draws) || draws < 1) throw new RangeError(`invalid number of draws; not a positive integer: ${draws}`);
  const random = xoroshiro128plus(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  for (let i = 0; i < draws; i++) {
    // Σ g (x − x̄) is normal with variance (n − 1) s²; χ² ÷ (n − 1) turns it into Student's.
    const g = Float64Array.from({ length: runs }, normal);
    const centre = g.reduce((sum, value) => sum + value, 0) / runs;
    let chiSquared = 0;
    for (let k = 1; k < runs; k++) chiSquared += normal() ** 2;
    const spread = 1 / Math.sqrt(runs * chiSquared);
    yield g.map((value) => 1 / runs + (value - centre) * spread);
  }
}
