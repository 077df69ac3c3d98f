import * as z from "zod";
import { queues } from "../stream/queues.ts";

/** Keys that every workload has. */
export const repeated = {
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe("Where the random numbers start; repetition r (from 0) uses seed + r."),
  repetitions: z.int().min(1).max(1000).default(1).describe("How often the workload runs."),
  queues,
};
