import { randomExponential, randomLogNormal, randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Seeded distributions. */
export function distributions(seed: number) {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  return {
    normal: randomNormal.source(uniform)(),
    exponential: randomExponential.source(uniform)(1),
    lognormal: (sigma: number) => randomLogNormal.source(uniform)(0, sigma),
  };
}

export const sample = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
