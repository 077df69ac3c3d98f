import * as z from "zod";
import { failureKinds } from "./failure.ts";
import { type DeclaredObjective, objectiveList } from "./objectives.ts";
import { parse } from "./problem.ts";
import { measuredSchema, schemaVersion, starts, upToDate, withBetter } from "./record.ts";
import { message, quantity, words } from "./run.ts";

/** What a trial is called, and its files: the first digits of what it is for. */
export const trialId = /^[0-9a-f]{16}$/;

/** `results/trials/<id>.json`: how one trial of a sweep ended. Written once, whole. Its version is the record's, of which it keeps parts. */

const unmeasured = z.strictObject({
  kind: z.enum(failureKinds),
  /** What failed: a resource's name, where it is known. */
  at: words.nullable(),
  message,
});

const trialFileSchema = (declared: readonly DeclaredObjective[]) => {
  /** It ran to its end; its own checks say whether the numbers may be used. */
  const measured = measuredSchema(declared).extend({ kind: z.enum(["completed", "invalid result"]) });
  return z.strictObject({
    schemaVersion: z.literal(schemaVersion),
    id: z.string().regex(trialId),
    key: z.strictObject({ tuple: words, image: words, program: words, repetition: z.int() }),
    sweep: words,
    stack: words,
    /** Axis values by path. */
    values: z.record(words, z.unknown()),
    seed: z.int(),
    repetition: z.int(),
    /** Connection to the host that it ran on, and the machine that ran Pulumi. */
    hypervisor: words,
    machine: words,
    /** How its machines came to be. */
    start: z.enum(starts),
    /** ISO 8601. */
    started: words,
    ended: words,
    /** From nothing, or saved machines, to the result, the destruction left out. */
    seconds: quantity,
    /** What it took before that to save them; near 0 where they were there, or the trial booted. */
    savingSeconds: quantity,
    outcome: z.discriminatedUnion("kind", [measured, unmeasured]),
  });
};
export type TrialFile = z.output<ReturnType<typeof trialFileSchema>>;
export type Outcome = TrialFile["outcome"];

/** Reads a trial's file, of whatever version so far; throws InvalidInput. */
export const parseTrialFile = (raw: unknown, declared: readonly DeclaredObjective[] = objectiveList): TrialFile =>
  parse("trial", trialFileSchema(declared), upToDate("trial", raw, { 0: withVersion }));

/** Before there were versions, trials had no choice of start at first. */
function withVersion({ outcome, ...raw }: Readonly<Record<string, unknown>>) {
  const found = typeof outcome === "object" && outcome !== null && "objectives" in outcome;
  return {
    start: "booted",
    savingSeconds: 0,
    ...raw,
    schemaVersion: 1,
    outcome: found ? { ...outcome, objectives: withBetter(outcome.objectives) } : outcome,
  };
}

/** Whether the trial yielded numbers that may be used. */
export const isCompleted = ({ outcome }: TrialFile): boolean => outcome.kind === "completed";
