import type { Sweep } from "../plan/sweep.ts";
import type { PlannedTrial } from "../plan/trials.ts";
import type { SweepEnd } from "./run-sweep.ts";

/** What a run of a sweep has to do. */
export interface Work {
  /** The sweep's name. */
  readonly name: string;
  readonly sweep: Pick<Sweep, "trialMinutes" | "budget">;
  /** Trials that have no result yet and that nobody runs, in their order. */
  readonly trials: readonly PlannedTrial[];
}

/** What came of it: the trials have ended; or others run them from now on, and `text` says who, or is what these read. */
export type Executed = { readonly kind: "ended"; readonly end: SweepEnd } | { readonly kind: "handed over"; readonly text: string };

/** Gives each trial to one process, here or elsewhere, that runs it by `sweep trial` and leaves its file in the store. */
export interface Executor {
  execute(work: Work): Promise<Executed>;
}

/**
 * The trials dealt to at most `most` units, each for one process on one machine: a batch system's array has a limit, and so has a matrix
 * of GitHub's (256). Dealt in turn, so that each unit's share is of all blocks.
 */
export function units(trials: readonly PlannedTrial[], most: number): string[][] {
  const dealt = Array.from({ length: Math.min(most, trials.length) }, (): string[] => []);
  for (const [i, { id }] of trials.entries()) dealt[i % dealt.length]?.push(id);
  return dealt;
}
