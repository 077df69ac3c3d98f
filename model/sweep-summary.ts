import * as z from "zod";
import { parse } from "./problem.ts";
import { message, words } from "./run.ts";

/** `results/sweeps/<name>.json`: what a report must know of a sweep beside its trials. Written when the sweep runs. */
const sweepSummary = z.strictObject({
  schemaVersion: z.literal(1),
  sweep: words,
  description: message.optional(),
  /** The stack that every configuration starts from. */
  base: words,
  /** {@link comparedDigest} of the base's tuple. */
  baseline: words,
});
export type SweepSummary = z.output<typeof sweepSummary>;

/** Throws InvalidInput. */
export const parseSweepSummary = (raw: unknown): SweepSummary => parse("sweep summary", sweepSummary, raw);
