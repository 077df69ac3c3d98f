import * as z from "zod";
import type { Uniform } from "./random.ts";

const exact = z.strictObject({ kind: z.literal("exact") });
const factor = z.strictObject({
  kind: z.literal("factor"),
  factor: z.number().min(1).max(1000).default(2).describe("Estimate ÷ run time."),
  roundUpToSeconds: z.number().min(1).max(86_400).default(1).describe("The estimate is a multiple of this."),
});
const modal = z.strictObject({
  kind: z.literal("modal"),
  maxSeconds: z
    .number()
    .min(300)
    .max(2_592_000)
    .default(64_800)
    .describe("The most that a user may ask for; a longer job asks for its run time."),
});
const trace = z.strictObject({ kind: z.literal("trace") });

/** How a user arrives at the walltime limit. */
export const walltime = z.discriminatedUnion("kind", [exact, factor, modal]);

/** The same for a log, which has what its users asked for. */
export const traceWalltime = z.discriminatedUnion("kind", [trace, exact, factor, modal]);

/** Added to every limit, so that a launch does not cost a job its end. */
export const graceSeconds = z
  .number()
  .min(0)
  .max(3600)
  .default(5)
  .describe("Added to each walltime limit for the job's launch, in seconds of the run.");

/** Round times, in seconds, which users type: minutes, then hours. */
const modes = [
  1, 2, 5, 10, 15, 20, 30, 40, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 900, 1080, 1440, 2160, 2880, 4320, 5760, 7200, 10_080,
].map((minutes) => 60 * minutes);

/**
 * Estimates of run times, in the seconds that they stand for, before any time compression.
 *
 * `modal` is a user's: the run time is a uniform share of what is asked (Mu'alem and Feitelson, IEEE TPDS 12(6), 2001,
 * find the share near uniform), and what is asked is the next round time, for most jobs use one of some twenty
 * (Tsafrir, Etsion, Feitelson, "Modeling User Runtime Estimates", JSSPP 2005). Simplified: that paper fits how often
 * each value is used and by how many users; here the run times decide it.
 */
export function estimator(given: z.output<typeof walltime>, uniform: Uniform): (runSeconds: number) => number {
  switch (given.kind) {
    case "exact":
      return (run) => run;
    case "factor":
      return (run) => Math.ceil((run * given.factor) / given.roundUpToSeconds) * given.roundUpToSeconds;
    case "modal":
      return (run) => {
        const asked = Math.min(run / (1 - uniform()), given.maxSeconds);
        return Math.max(run, Math.min(modes.find((mode) => mode >= asked) ?? asked, given.maxSeconds));
      };
  }
}
