import { randomWeibull } from "d3-random";
import * as z from "zod";
import type { Uniform } from "./random.ts";

const poisson = z.strictObject({ kind: z.literal("poisson") });
const weibull = z.strictObject({
  kind: z.literal("weibull"),
  shape: z.number().min(0.1).max(10).describe("Below 1: bursty; 1: Poisson; above 1: regular."),
});
const keep = z.strictObject({ kind: z.literal("keep") });

/** Distribution of the times between arrivals. */
export const arrival = z.discriminatedUnion("kind", [poisson, weibull]);

/** The same for what has arrivals of its own, which may stay. */
export const ownArrival = z.discriminatedUnion("kind", [keep, poisson, weibull]);

/**
 * `count` times of arrival, the first at 0, in units of the distribution's scale: the load decides what that is in seconds.
 * Weibull of shape 1 is exponential, which makes the arrivals a Poisson process.
 */
export function arrivals(given: z.output<typeof arrival>, count: number, uniform: Uniform): number[] {
  const gap = randomWeibull.source(uniform)(given.kind === "weibull" ? given.shape : 1, 0, 1);
  let clock = 0;
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) clock += gap();
    return clock;
  });
}
