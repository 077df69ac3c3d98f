import { randomExponential, randomGamma, randomLogNormal } from "d3-random";
import * as z from "zod";
import type { Problem } from "../problem.ts";
import type { Uniform } from "./random.ts";
import { pick, weight } from "./weighted.ts";

const seconds = z.number().min(0.01).max(86_400);
const most = seconds.default(86_400).describe("A longer time is drawn again.");
const gamma = z.strictObject({ shape: z.number().min(0.01).max(10_000), scale: z.number().min(0.0001).max(100) });

const logUniform = z.strictObject({
  kind: z.literal("log-uniform").optional().default("log-uniform"),
  minSeconds: seconds.default(1),
  maxSeconds: seconds.default(20),
});
const exponential = z.strictObject({ kind: z.literal("exponential"), meanSeconds: seconds, maxSeconds: most });
const lognormal = z.strictObject({
  kind: z.literal("lognormal"),
  medianSeconds: seconds,
  sigma: z.number().min(0).max(5).describe("Standard deviation of the logarithm."),
  maxSeconds: most,
});
const hyperGamma = z.strictObject({
  kind: z.literal("hyper-gamma"),
  first: gamma,
  second: gamma,
  probability: z.number().min(0).max(1).describe("Of the first."),
  maxSeconds: most,
});
const list = z.strictObject({ kind: z.literal("list"), values: z.array(z.strictObject({ seconds, weight })).min(1).max(1000) });

/** Distribution of run times. */
export const runTime = z
  .discriminatedUnion("kind", [logUniform, exponential, lognormal, hyperGamma, list])
  .prefault({})
  .describe(
    "Run times: log-uniform between two; exponential; lognormal; hyper-gamma, whose logarithm is one of two Γ(shape, scale); or a list with weights.",
  );
export type RunTime = z.output<typeof runTime>;

/** What no single field knows; paths start at the distribution. */
export function runTimeProblems(given: RunTime): Problem[] {
  const above = (key: string, value: number, limit: number): Problem[] =>
    value > limit ? [{ path: [key], message: `${value} is above maxSeconds, ${limit}` }] : [];
  switch (given.kind) {
    case "log-uniform":
      return above("minSeconds", given.minSeconds, given.maxSeconds);
    case "exponential":
      return above("meanSeconds", given.meanSeconds, given.maxSeconds);
    case "lognormal":
      return above("medianSeconds", given.medianSeconds, given.maxSeconds);
    case "hyper-gamma":
      return (["first", "second"] as const).flatMap((part) => {
        const mean = given[part].shape * given[part].scale;
        const message = `e^(${given[part].shape} · ${given[part].scale}) is above maxSeconds, ${given.maxSeconds}`;
        return mean > Math.log(given.maxSeconds) ? [{ path: [part], message }] : [];
      });
    case "list":
      return [];
  }
}

/** The longest run time that can be drawn, in seconds. */
export const longest = (given: RunTime): number =>
  given.kind === "list" ? Math.max(...given.values.map((value) => value.seconds)) : given.maxSeconds;

/** Draws run times, in seconds. */
export function runTimes(given: RunTime, uniform: Uniform): () => number {
  switch (given.kind) {
    case "log-uniform":
      return () => given.minSeconds * (given.maxSeconds / given.minSeconds) ** uniform();
    case "exponential":
      return within(given.maxSeconds, randomExponential.source(uniform)(1 / given.meanSeconds));
    case "lognormal":
      return within(given.maxSeconds, randomLogNormal.source(uniform)(Math.log(given.medianSeconds), given.sigma));
    case "hyper-gamma": {
      const exponent = hyperGammas(given, uniform);
      return within(given.maxSeconds, () => Math.exp(exponent(given.probability)));
    }
    case "list":
      return () => pick(uniform, given.values).seconds;
  }
}

interface GammaParameters {
  readonly shape: number;
  readonly scale: number;
}

/** Draws from the first Γ(shape, scale) with the given probability, else from the second. Gamma by Marsaglia and Tsang, 2000. */
export function hyperGammas(
  { first, second }: { readonly first: GammaParameters; readonly second: GammaParameters },
  uniform: Uniform,
): (probability: number) => number {
  const gammas = randomGamma.source(uniform);
  const [one, other] = [gammas(first.shape, first.scale), gammas(second.shape, second.scale)];
  return (probability) => (uniform() < probability ? one() : other());
}

/** The first draw that is not above the limit. */
function within(limit: number, draw: () => number): () => number {
  return () => {
    let value = draw();
    while (value > limit) value = draw();
    return value;
  };
}
