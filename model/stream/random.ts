import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** The next number of a seeded sequence, in [0, 1). */
export type Uniform = () => number;

/** What is drawn of a job. Their order decides who draws what: a new one goes to the end. */
const aspects = ["arrival", "size", "runTime", "walltime", "user", "memory", "gpus", "dependency", "shake", "queue"] as const;
export type Aspect = (typeof aspects)[number];

/**
 * One sequence for each aspect of a job, 2⁶⁴ numbers apart: who asks for other users or walltimes gets the same arrivals.
 * The first jump also parts the seeds: without it the first numbers of small seeds all lie just below 1.
 */
export function uniforms(seed: number): Readonly<Record<Aspect, Uniform>> {
  const generator = xoroshiro128plus(seed);
  const sequence = (): Uniform => {
    generator.jump();
    const own = generator.clone();
    return () => uniformFloat64(own);
  };
  return Object.fromEntries(aspects.map((aspect) => [aspect, sequence()])) as Record<Aspect, Uniform>;
}
