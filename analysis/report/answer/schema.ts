import * as z from "zod";

/** The answer of a section, as `analysis.json` holds it in `sections[].answer`; schema/answer.schema.json is made from it. */

const id = z.string().describe("A configuration's letter within its section.");
const level = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const parameterChange = z.strictObject({
  name: z.string().describe("Path in the tuple."),
  from: level.describe("null: not set."),
  to: level,
});
export type ParameterChange = z.output<typeof parameterChange>;

export const verdicts = ["better", "worse", "no difference told", "equal", "too few seeds to tell", "not comparable"] as const;

const change = z.strictObject({
  key: z.string(),
  name: z.string(),
  unit: z.string(),
  better: z.enum(["lower", "higher"]),
  scale: z.enum(["linear", "log10"]).describe("log10: before and after are geometric means, and the change is a ratio."),
  before: z.number().nullable().describe("Mean over the seeds that both have."),
  after: z.number().nullable(),
  change: z
    .strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
    .nullable()
    .describe("After minus before, or after over before; low and high are Student's paired 95 % interval, null below three seeds."),
  verdict: z.enum(verdicts),
  seeds: z.int(),
  lowerBounds: z
    .array(z.enum(["before", "after"]))
    .optional()
    .describe("Sides whose value is a lower bound."),
  reason: z.string().optional(),
});
export type Change = z.output<typeof change>;

const comparison = z.strictObject({
  baseline: id,
  candidate: id,
  parameters: z.array(parameterChange),
  changes: z.array(change).describe("Objectives, then the median and P95 of all waits."),
  waits: z.array(change).describe("Waits by size class, partition and user."),
});
export type Comparison = z.output<typeof comparison>;

const stability = z.strictObject({
  objective: z.string(),
  from: z.number().describe("Lowest and highest weight of this objective, of 1 in all, at which the recommendation stays."),
  to: z.number(),
});
export type Stability = z.output<typeof stability>;

const preferences = z.strictObject({
  weights: z.record(z.string(), z.number()).describe("By the objective's key; they sum to 1."),
  stated: z.boolean().describe("false: nobody stated any, and all objectives weigh the same."),
  limits: z.record(z.string(), z.number()).describe("A configuration whose mean is worse is infeasible."),
});
export type Preferences = z.output<typeof preferences>;

const recommendation = z.strictObject({
  configuration: id,
  label: z.string(),
  comparison: comparison.nullable().describe("Against the baseline; null without one, or where it is the baseline itself."),
  stability: z.array(stability),
});
export type Recommendation = z.output<typeof recommendation>;

const lineChange = z.strictObject({ file: z.string(), removed: z.array(z.string()), added: z.array(z.string()) });

export const answer = z.strictObject({
  compared: z.strictObject({
    machines: z.string(),
    workloads: z.string(),
    schedulers: z.array(z.string()),
    spanSeconds: z.number().nullable().describe("Median over the trials, in the stream's own seconds."),
    jobs: z.number().nullable().describe("Median over the trials, without the warm-up."),
    seeds: z.int(),
    configurations: z.int(),
    trials: z.int(),
  }),
  baseline: z.strictObject({ configuration: id.nullable(), label: z.string(), source: z.string() }),
  preferences,
  recommendation: recommendation.nullable(),
  bestFor: z.array(z.strictObject({ objective: z.string(), configuration: id, label: z.string(), change: change.nullable() })),
  lines: z.array(lineChange).describe("Lines of the scheduler's own files that differ between baseline and recommendation."),
  notCompared: z.array(z.string()),
  warnings: z.array(z.string()).describe("What could change the answer."),
  words: z.array(z.string()).describe("The answer, sentence by sentence."),
});
export type Answer = z.output<typeof answer>;
