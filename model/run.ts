import * as z from "zod";
import { filePath } from "./file-path.ts";
import { printable } from "./printable.ts";

/** What one run of one workload yields: the agent on the head node prints it, the program reads it, records keep it. */

/** A name, a unit, a version: a few words. */
export const words = z.string().max(500);

/** A sentence for people; what is too long is cut, and what a terminal acts upon written out. */
export const message = z.string().transform((text) => printable(text));

/** Far beyond anything measured, and far from where sums overflow. */
export const quantity = z.number().min(-1e18).max(1e18);

export const metric = z.strictObject({
  name: words,
  /** Null where it could not be had; then there is a reason. */
  value: quantity.nullable(),
  unit: words,
  reason: message.optional(),
  /** The value is no less than this, and may be more: jobs were cut off before it was known. */
  lowerBound: z.literal(true).optional(),
  /** The coarsest clock that it was computed from, in seconds. */
  precisionSeconds: quantity.positive().optional(),
  /** What must be the same in another run for the two to be compared. */
  basis: words.optional(),
});
export type Metric = z.output<typeof metric>;

/** Why a result is not to be trusted. */
export const doubt = z.strictObject({
  code: z.enum([
    "jobs lost",
    "driver late",
    "invalid result",
    "configuration differs",
    "unofficial",
    "clock skew",
    "node troubled",
    "host loaded",
    "processor stolen",
    "saturated",
    "stream short",
    "launching compressed",
    "few slots",
    "censored",
    "job failed",
    "timeout",
    "cancelled",
    "out of memory",
    "cores shared",
    "network differs",
  ]),
  /** Whether the result must not be used at all, or only with this in mind. */
  severity: z.enum(["invalid", "caution"]),
  message,
});
export type Doubt = z.output<typeof doubt>;

const figure = z.strictObject({ name: words, value: quantity, unit: words, better: z.enum(["higher", "lower"]) });

export const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A path below the folder that it is read from: relative, and without a way up. */
const pathBelow = filePath.regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))/);

/** A long table, kept beside the record. */
const table = z.strictObject({ name: words, path: pathBelow, sha256: digest });
export type Table = z.output<typeof table>;

const count = z.int().min(0).max(1e9);

const counts = z.strictObject({
  submitted: count,
  completed: count,
  failed: count,
  timeout: count,
  cancelled: count,
  outOfMemory: count,
  censored: count,
});
export type Counts = z.output<typeof counts>;

/** Submitted jobs that are nowhere else in the counts; below 0 where one was counted twice. */
export const unaccounted = ({ submitted, completed, failed, timeout, cancelled, outOfMemory, censored }: Counts): number =>
  submitted - (completed + failed + timeout + cancelled + outOfMemory + censored);

/** A run as a record has it. */
export const runFields = z.strictObject({
  workload: words,
  /** Through the scheduler, or by plain mpirun on the same hosts. */
  mode: z.enum(["scheduler", "bare"]),
  seed: z.int(),
  jobs: counts,
  metrics: z.array(metric),
  figures: z.array(figure),
  doubts: z.array(doubt),
  tables: z.array(table),
});
export type Run = z.output<typeof runFields>;

/** A run whose counts do not add up is invalid, whoever made it. */
export const run = runFields.transform((given): Run => {
  const missing = unaccounted(given.jobs);
  if (missing === 0 || given.doubts.some(({ code }) => code === "jobs lost")) return given;
  const message = `${given.jobs.submitted} jobs were submitted, ${given.jobs.submitted - missing} are accounted for`;
  return { ...given, doubts: [...given.doubts, { code: "jobs lost", severity: "invalid", message }] };
});

export const isValid = (doubts: readonly Doubt[]): boolean => doubts.every(({ severity }) => severity !== "invalid");
