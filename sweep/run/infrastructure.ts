import type { StackOutputs } from "../../model/record.ts";
import type { RawTuple } from "../plan/configurations.ts";

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

/** Of a stack's outputs, what a trial's file keeps. */
export type Measured = Pick<StackOutputs, "fidelity" | "objectives" | "validity" | "record">;

export type UpResult = { readonly outputs: Measured } | { readonly failure: Failure };

/** What Pulumi said of an update that failed. */
export interface Failure {
  /** The resources that failed, in order. */
  readonly failed: readonly { readonly name: string; readonly type: string }[];
  /** Error messages, in order. */
  readonly messages: readonly string[];
}
