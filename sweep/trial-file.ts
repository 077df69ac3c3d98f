import * as z from "zod";
import { starts } from "../model/trial.ts";

/** What a trial is called, and its files: the first digits of what it is for. */
export const trialId = /^[0-9a-f]{16}$/;

/** `results/trials/<id>.json`: how one trial ended. Written once, whole. */

export const objective = z.object({
  symbol: z.string(),
  name: z.string(),
  unit: z.string(),
  direction: z.literal("minimise"),
  value: z.number().nullable(),
  reason: z.string().optional(),
  lowerBound: z.literal(true).optional(),
});

export const doubt = z.object({ code: z.string(), severity: z.enum(["invalid", "caution"]), message: z.string() });

/** The record, which holds everything else. */
export const recordFile = z.strictObject({ path: z.string(), sha256: z.string() });

/** It ran to its end; its own checks say whether the numbers may be used. */
const measured = z.strictObject({
  kind: z.enum(["completed", "invalid result"]),
  fidelity: z.string(),
  objectives: z.record(z.string(), objective),
  doubts: z.array(doubt),
  record: recordFile,
});

const unmeasured = z.strictObject({
  kind: z.enum([
    /** It took longer than a trial may. */
    "timeout",
    "out of memory",
    /** A machine did not come up. */
    "boot",
    /** The running scheduler does not say what it was told. */
    "configuration differs",
    /** The program would not begin: the tuple, or a hypervisor that it does not fit. */
    "refused",
    /** Anything else. */
    "failed",
  ]),
  /** What failed: a resource's name, where it is known. */
  at: z.string().nullable(),
  message: z.string(),
});

const outcome = z.discriminatedUnion("kind", [measured, unmeasured]);
export type Outcome = z.output<typeof outcome>;

/** How a trial failed. */
export type FailureKind = z.output<typeof unmeasured>["kind"];

export const trialFile = z.strictObject({
  id: z.string().regex(trialId),
  key: z.strictObject({ tuple: z.string(), image: z.string(), program: z.string(), repetition: z.int() }),
  sweep: z.string(),
  stack: z.string(),
  /** Axis values by path. */
  values: z.record(z.string(), z.unknown()),
  seed: z.int(),
  repetition: z.int(),
  /** libvirt connection that it ran on, and the machine that ran Pulumi. */
  hypervisor: z.string(),
  machine: z.string(),
  /** How its machines came to be; trials of before there was a choice were booted. */
  start: z.enum(starts).default("booted"),
  /** ISO 8601. */
  started: z.string(),
  ended: z.string(),
  /** From nothing, or saved machines, to the result, the destruction left out. */
  seconds: z.number(),
  /** What it took before that to save them; near 0 where they were there, or the trial booted. */
  savingSeconds: z.number().default(0),
  outcome,
});
export type TrialFile = z.output<typeof trialFile>;

/** Whether the trial yielded numbers that may be used. */
export const isCompleted = ({ outcome }: TrialFile): boolean => outcome.kind === "completed";
