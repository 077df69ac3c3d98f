import * as z from "zod";
import { extentProblem } from "./extent.ts";
import { imageBackends } from "./image.ts";
import { type DeclaredObjective, objectiveList, objectivesSchema } from "./objectives.ts";
import { InvalidInput, parse, quote } from "./problem.ts";
import { digest, doubt, message, metric, quantity, runFields, words } from "./run.ts";
import { mostNodes } from "./topology.ts";

/**
 * What one trial yields, `results/<stack>/trial-<digest>.json`: the one schema of what the program writes, of the stack's outputs,
 * and of what the report, `sweep status` and `sweep compare` read.
 *
 * A record outlives the program that wrote it. Whatever changes its form raises `schemaVersion` and adds a step to `upgrades`, so
 * that older records stay readable; newer ones are refused. A further objective does not change the form.
 */
export const schemaVersion = 1;

/** What the nodes of a result were; no front ever mixes them. */
export const fidelities = [
  "vm",
  "vm-emulated-cpu",
  "emulated-nodes",
  "emulated-nodes-emulated-cpu",
  "emulated-nodes-virtual-time",
] as const;
export type Fidelity = (typeof fidelities)[number];

/**
 * How a trial's machines came to be: booted for it; restored as they were once they had been, ready for a scheduler; or restored
 * with the scheduler running, as it was when it was first verified.
 */
export const starts = ["booted", "restored", "restored running"] as const;
export type Start = (typeof starts)[number];

/** The tuple as the program that wrote the record read it, defaults written out: of this version's keys those that are used here. */
const tuple = z.looseObject({
  topology: z.looseObject({
    compute: z
      .array(
        z.looseObject({
          count: z.int().min(1).max(mostNodes),
          cpus: quantity.positive(),
          memoryGiB: quantity.positive(),
          gpus: z.int().min(0).max(1000).optional(),
        }),
      )
      .min(1)
      .max(64),
    network: z.looseObject({}).optional(),
    hypervisor: z.looseObject({ uri: words.optional() }).optional(),
  }),
  scheduler: z.looseObject({ kind: words }),
  workloads: z
    .array(z.looseObject({ kind: words, seed: z.int().optional(), timeCompression: quantity.positive().optional() }))
    .min(1)
    .max(64),
});
export type RecordedTuple = z.output<typeof tuple>;

/** What is left of it is not read here, but shown: a text in it is a scheduler's whole configuration at most. */
const tupleExtent = { values: 100_000, levels: 40, characters: 100_000 };
const boundedTuple = tuple.superRefine((given, context) => {
  const problem = extentProblem(given, tupleExtent);
  if (problem !== null) context.addIssue({ code: "custom", path: [...problem.path], message: problem.message });
});

/** What was measured between nodes, against what the topology asks for. */
const network = z.strictObject({
  asked: z.looseObject({ bandwidthGbitPerSecond: quantity.nullable(), latencyMicroseconds: quantity, mtu: quantity.optional() }),
  /** Why there are no paths, where there are none to measure. */
  reason: message.optional(),
  paths: z.array(
    z.strictObject({
      from: words,
      to: words,
      bandwidthGbitPerSecond: quantity,
      roundTripMicroseconds: z.strictObject({ min: quantity, mean: quantity }),
      mtu: quantity,
    }),
  ),
});
export type NetworkMeasurement = z.output<typeof network>;

/** What the running scheduler says of itself, once a canary job has run on every node. */
const verified = z.strictObject({
  version: words,
  /** The whole effective configuration, by the scheduler's own names. */
  effective: z.record(z.string(), z.string()),
  /** sha256 of `effective`. */
  digest: words,
  canary: z.array(z.strictObject({ node: words, seconds: quantity })),
});
export type Verified = z.output<typeof verified>;

const provenance = z.strictObject({
  /** The program's version and the digest of its sources. */
  program: z.strictObject({ version: words, sources: words }),
  image: z.strictObject({ backend: z.enum(imageBackends), digest: words, manifest: z.string() }),
  start: z.enum(starts),
  scheduler: verified,
  hypervisor: z.strictObject({
    cpus: z.int().min(1),
    cpuModel: words,
    memoryTotalGiB: quantity,
    libvirtVersion: words,
    qemuVersion: words,
    kvm: z.boolean(),
  }),
});

const purposedRun = z.strictObject({
  purpose: z.enum(["stream", "fill", "burst", "kernel"]),
  kernel: words.optional(),
  run: runFields,
});

/** @param declared the objectives that it may have */
const recordSchema = (declared: readonly DeclaredObjective[]) =>
  z.strictObject({
    schemaVersion: z.literal(schemaVersion),
    tuple: boundedTuple,
    fidelity: z.enum(fidelities),
    objectives: objectivesSchema(declared),
    /** By workload and seed: `hpl seed 1 bare`. */
    metrics: z.record(words, z.record(words, metric.omit({ name: true }))),
    validity: z.strictObject({ valid: z.boolean(), doubts: z.array(doubt) }),
    network,
    provenance,
    runs: z.array(purposedRun),
  });
export type TrialRecord = z.output<ReturnType<typeof recordSchema>>;

/** Of a large suite on thousands of nodes. */
const recordExtent = { values: 1_000_000, levels: 40 };

/** Where the record stands and what it holds. */
export const recordFile = z.strictObject({ path: words, sha256: digest });
export type RecordFile = z.output<typeof recordFile>;

/** Of the record what a stack's outputs have: all but the tuple, which is its configuration, and the runs. */
const outputsSchema = (declared: readonly DeclaredObjective[]) =>
  recordSchema(declared).omit({ tuple: true, runs: true }).extend({ record: recordFile });
export type StackOutputs = z.output<ReturnType<typeof outputsSchema>>;

/** Of the record what a sweep's file keeps of each trial. */
export const measuredSchema = (declared: readonly DeclaredObjective[]) => {
  const { fidelity, objectives, validity } = recordSchema(declared).shape;
  return z.strictObject({ fidelity, objectives, doubts: validity.shape.doubts, record: recordFile });
};

/** Reads a record, of whatever version so far; throws InvalidInput. */
export const parseRecord = (raw: unknown, declared: readonly DeclaredObjective[] = objectiveList): TrialRecord =>
  parse("record", recordSchema(declared), upToDate("record", raw, { 0: withVersion }), recordExtent);

/** Reads a stack's outputs, of whatever version so far; throws InvalidInput. */
export const parseOutputs = (raw: unknown, declared: readonly DeclaredObjective[] = objectiveList): StackOutputs =>
  parse("outputs", outputsSchema(declared), upToDate("outputs", raw, { 0: withVersion }), recordExtent);

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const mapped = (value: unknown, change: (value: Raw) => unknown): unknown => (isRaw(value) ? change(value) : value);

/** By version: how what was written then becomes what the next version writes. */
export type Upgrades = Readonly<Record<number, (raw: Raw) => unknown>>;

/** What is written today, from what was written by an older version; refuses what a newer one wrote. */
export function upToDate(subject: string, raw: unknown, upgrades: Upgrades): unknown {
  if (!isRaw(raw)) return raw;
  const { schemaVersion: version = 0 } = raw;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 0) return raw;
  if (version > schemaVersion) {
    const what = `${quote(version)} is newer than this program reads, which is ${schemaVersion}; read it with the version that wrote it or a later one`;
    throw new InvalidInput(subject, [{ path: ["schemaVersion"], message: what }]);
  }
  let current: unknown = raw;
  for (let from = version; from < schemaVersion; from++) current = mapped(current, upgrades[from] ?? ((same) => same));
  return current;
}

/** Before there were versions an objective had a direction, `minimise`; and some records neither backend nor start. */
function withVersion(raw: Raw): Raw {
  return {
    ...raw,
    schemaVersion: 1,
    objectives: withBetter(raw.objectives),
    provenance: mapped(raw.provenance, (found) => ({
      start: "booted",
      ...found,
      image: mapped(found.image, (image) => ({ backend: "debian", ...image })),
    })),
  };
}

export const withBetter = (objectives: unknown): unknown =>
  mapped(objectives, (all) => Object.fromEntries(Object.entries(all).map(([key, own]) => [key, mapped(own, turned)])));

const turned = ({ direction, ...own }: Raw): Raw =>
  direction === "minimise" ? { better: "lower", scale: "linear", ...own } : { direction, ...own };
