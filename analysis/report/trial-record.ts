import * as z from "zod";

/**
 * What the report reads of a trial's record, `results/<stack>/trial-<digest>.json`. Records outlive the version of the
 * program that wrote them: keys that this version does not know are left alone, what the report needs must be there.
 */

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const tuple = z.looseObject({
  topology: z.looseObject({
    compute: z.array(z.looseObject({ count: z.int().min(1), cpus: z.number(), memoryGiB: z.number(), gpus: z.number().optional() })).min(1),
    network: z.looseObject({}).optional(),
    hypervisor: z.looseObject({ uri: z.string().optional() }).optional(),
  }),
  scheduler: z.looseObject({ kind: z.string() }),
  workloads: z
    .array(z.looseObject({ kind: z.string(), seed: z.int().optional(), timeCompression: z.number().positive().optional() }))
    .min(1),
});

const objective = z.looseObject({
  symbol: z.string(),
  name: z.string(),
  unit: z.string(),
  direction: z.literal("minimise"),
  /** Null: not measured, and `reason` says why. */
  value: z.number().nullable(),
  reason: z.string().optional(),
  /** The value is no less than this: jobs were cut off before it was known. */
  lowerBound: z.boolean().optional(),
});

const doubt = z.looseObject({ code: z.string(), severity: z.enum(["invalid", "caution"]), message: z.string() });

const run = z.looseObject({
  purpose: z.string(),
  run: z.looseObject({
    workload: z.string(),
    mode: z.string(),
    seed: z.int(),
    tables: z.array(z.looseObject({ name: z.string(), path: z.string(), sha256: z.string() })),
  }),
});

const provenance = z.looseObject({
  program: z.looseObject({ version: z.string(), sources: z.string() }),
  image: z.looseObject({ digest: z.string(), backend: z.string().optional() }),
  scheduler: z.looseObject({ version: z.string(), digest: z.string(), effective: z.record(z.string(), scalar) }),
  hypervisor: z.looseObject({ cpuModel: z.string(), cpus: z.number() }),
});

export const trialRecord = z.looseObject({
  tuple,
  fidelity: z.string(),
  objectives: z.record(z.string(), objective),
  validity: z.looseObject({ valid: z.boolean(), doubts: z.array(doubt) }),
  provenance,
  runs: z.array(run),
});
export type TrialRecord = z.output<typeof trialRecord>;
export type TrialTuple = TrialRecord["tuple"];

/** What the report reads of `results/trials/<id>.json`, which a sweep writes of every trial, whatever became of it. */
export const sweepTrial = z.looseObject({
  id: z.string(),
  key: z.looseObject({ tuple: z.string() }),
  sweep: z.string(),
  stack: z.string(),
  /** Axis values by path in the tuple. */
  values: z.record(z.string(), z.unknown()),
  seed: z.int(),
  repetition: z.int(),
  ended: z.string().optional(),
  outcome: z.union([
    z.looseObject({ kind: z.string(), record: z.looseObject({ path: z.string(), sha256: z.string() }) }),
    z.looseObject({ kind: z.string(), message: z.string() }),
  ]),
});
export type SweepTrial = z.output<typeof sweepTrial>;
