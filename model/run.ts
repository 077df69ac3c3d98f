import { z } from "zod";

/** What one run of one workload yields: the agent on the head node prints it, the program reads it. */

const metric = z.strictObject({
  name: z.string(),
  /** Null where it could not be had; then there is a reason. */
  value: z.number().nullable(),
  unit: z.string(),
  reason: z.string().optional(),
});
export type Metric = z.output<typeof metric>;

/** Why a result is not to be trusted. */
const doubt = z.strictObject({
  code: z.enum([
    "jobs lost",
    "driver late",
    "invalid result",
    "unofficial",
    "clock skew",
    "saturated",
    "censored",
    "job failed",
    "cores shared",
    "network differs",
  ]),
  /** Whether the result must not be used at all, or only with this in mind. */
  severity: z.enum(["invalid", "caution"]),
  message: z.string(),
});
export type Doubt = z.output<typeof doubt>;

const figure = z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), better: z.enum(["higher", "lower"]) });

/** A long table, kept beside the record. */
const table = z.strictObject({ name: z.string(), path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type Table = z.output<typeof table>;

const count = z.int().min(0);

export const run = z.strictObject({
  workload: z.string(),
  /** Through the scheduler, or by plain mpirun on the same hosts. */
  mode: z.enum(["scheduler", "bare"]),
  seed: z.int(),
  /** Submitted = completed + failed + timeout + cancelled + censored, or jobs were lost. */
  jobs: z.strictObject({ submitted: count, completed: count, failed: count, timeout: count, cancelled: count, censored: count }),
  metrics: z.array(metric),
  figures: z.array(figure),
  doubts: z.array(doubt),
  tables: z.array(table),
});
export type Run = z.output<typeof run>;

export const isValid = (doubts: readonly Doubt[]): boolean => doubts.every(({ severity }) => severity !== "invalid");
