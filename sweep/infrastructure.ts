import * as z from "zod";
import type { RawTuple } from "./configurations.ts";
import { doubt, objective, recordFile } from "./trial-file.ts";

/** What a trial needs of Pulumi, and no more: tests put their own in its place. */
export interface Infrastructure {
  /**
   * A stack that saves machines for others to start from: its own when they are ready for a scheduler, or restored ones with the
   * scheduler that it started on them. At once where that was done.
   */
  save(stack: StackSettings, onStep: (step: string) => void, signal: AbortSignal): Promise<{ readonly failure?: Failure }>;
  /** From whatever there is of the stack to its outputs. Ends soon, by a rejection, when `signal` is aborted. */
  up(stack: StackSettings, onStep: (step: string) => void, signal: AbortSignal): Promise<UpResult>;
  /** Leaves nothing of the stack, in whatever state it is: locked, half-made, or not there. */
  destroy(stack: OldStack, onStep: (step: string) => void): Promise<void>;
  /** Names of the stacks in the backend. */
  list(): Promise<string[]>;
}

export interface StackSettings {
  readonly name: string;
  readonly raw: RawTuple;
  /** Where it is not given, the stack boots machines of its own. */
  readonly restoreFrom?: Source;
}

/** Saved machines that a stack starts from. */
export interface Source {
  /** The stack that saved them. */
  readonly savedBy: string;
  /** The stack whose machines they are. */
  readonly machines: string;
}

/** A stack that is to go; how it was configured may be forgotten. */
export type OldStack = Pick<StackSettings, "name"> & Partial<StackSettings>;

export type UpResult = { readonly outputs: StackOutputs } | { readonly failure: Failure };

/** Of a stack's outputs, what a trial's file keeps. */
export const stackOutputs = z.object({
  fidelity: z.string(),
  objectives: z.record(z.string(), objective),
  validity: z.object({ valid: z.boolean(), doubts: z.array(doubt) }),
  record: recordFile,
});
export type StackOutputs = z.output<typeof stackOutputs>;

/** What Pulumi said of an update that failed. */
export interface Failure {
  /** Names of the resources that failed, in order. */
  readonly failed: readonly string[];
  /** Error messages, in order. */
  readonly messages: readonly string[];
}
