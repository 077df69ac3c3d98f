import { hostname } from "node:os";
import { type Start, schemaVersion } from "../../model/record.ts";
import { isCompleted, type Outcome, type TrialFile } from "../../model/trial-file.ts";
import type { RawTuple } from "../plan/configurations.ts";
import type { PlannedTrial } from "../plan/trials.ts";
import { withValue } from "../plan/value-path.ts";
import type { Claim, Claims } from "../store/claims.ts";
import { isHeld } from "../store/claims.ts";
import type { TrialStore } from "../store/trial-store.ts";
import { failureOutcome } from "./failure-outcome.ts";
import type { Failure, Infrastructure, StackSettings, UpResult } from "./infrastructure.ts";
import { type SavedStacks, startFrom } from "./saved-clusters.ts";

export interface TrialSetting extends SavedStacks {
  readonly infrastructure: Infrastructure;
  readonly store: TrialStore;
  readonly claims: Claims;
  /** Connection to a host in place of the tuple's own. */
  readonly hypervisor?: string;
  readonly limitMinutes: number;
  /** Aborted: the trial is given up, its stack destroyed, and it yields no result. */
  readonly stop: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** How running a trial ended; `left` says why its stack could not be destroyed. */
export type TrialEnd =
  | { readonly kind: "ended"; readonly trial: TrialFile; readonly left?: string }
  | { readonly kind: "interrupted"; readonly left?: string }
  /** Somebody else runs it. */
  | { readonly kind: "taken"; readonly by: Claim };

/** One trial from nothing to nothing but its file: claims it, brings its stack up, keeps what came of it, destroys the stack. */
export async function runTrial(trial: PlannedTrial, setting: TrialSetting): Promise<TrialEnd> {
  const { infrastructure, store, claims, stop, onStep } = setting;
  const hypervisor = setting.hypervisor ?? trial.tuple.topology.hypervisor.uri;
  const claim = claims.take(trial, hypervisor);
  if (!isHeld(claim)) return { kind: "taken", by: claim };
  // Since it was planned, somebody else may have run it.
  const done = store.read(trial.id);
  if (done !== undefined && isCompleted(done)) {
    claim.release();
    return { kind: "ended", trial: done };
  }
  const raw = onHypervisor(trial.raw, hypervisor);
  const saved = savedStacks(setting, raw);
  const stack = { name: trial.stack, raw, ...sourceOf(saved) };
  const clocks = { started: new Date(), begun: performance.now(), saved: performance.now() };
  const outcome = await up(stack, saved, setting, clocks);
  const file = outcome === "interrupted" ? undefined : trialFileOf(trial, { hypervisor, start: startFrom(setting), clocks, outcome });
  // Before the destruction, which may fail: what was measured is kept.
  if (file !== undefined) store.write(file);
  let left: string | undefined;
  try {
    onStep(stop.aborted ? "interrupted: destroying" : "destroying");
    await infrastructure.destroy(stack, (step) => onStep(`destroying ${step}`));
    claim.release();
  } catch (error) {
    // The claim stays: it says that something is left over.
    left = (error as Error).message;
  }
  return { ...(file === undefined ? { kind: "interrupted" } : { kind: "ended", trial: file }), ...(left === undefined ? {} : { left }) };
}

/** When a trial began, and when what it starts from was there: from then on its own time counts. */
interface Clocks {
  readonly started: Date;
  readonly begun: number;
  saved: number;
}

/** What has to be saved before the trial, in order. */
function savedStacks({ savedCluster, savedScheduler }: SavedStacks, raw: RawTuple): StackSettings[] {
  if (savedCluster === undefined) return [];
  const cluster = { name: savedCluster, raw };
  return savedScheduler === undefined ? [cluster] : [cluster, { name: savedScheduler, raw, ...sourceOf([cluster]) }];
}

/** A stack starts from the last that was saved, on the machines of the first. */
function sourceOf(saved: readonly StackSettings[]): Pick<StackSettings, "restoreFrom"> {
  const [first, last] = [saved[0], saved.at(-1)];
  return first === undefined || last === undefined ? {} : { restoreFrom: { machines: first.name, savedBy: last.name } };
}

async function up(
  stack: StackSettings,
  saved: readonly StackSettings[],
  { infrastructure, limitMinutes, stop, onStep }: TrialSetting,
  clocks: Clocks,
): Promise<Outcome | "interrupted"> {
  const limit = AbortSignal.timeout(limitMinutes * 60_000);
  let result: UpResult;
  try {
    stop.throwIfAborted();
    const signal = AbortSignal.any([stop, limit]);
    let failure: Failure | undefined;
    for (const one of saved) {
      if (failure === undefined) ({ failure } = await infrastructure.save(one, onStep, signal));
    }
    clocks.saved = performance.now();
    result = failure === undefined ? await infrastructure.up(stack, onStep, signal) : { failure };
  } catch (error) {
    if (stop.aborted) return "interrupted";
    if (limit.aborted) return timeout(limitMinutes);
    return { kind: "failed", at: null, message: (error as Error).message };
  }
  // An interrupted update may look like one that failed.
  if ("failure" in result && stop.aborted) return "interrupted";
  if ("failure" in result && limit.aborted) return timeout(limitMinutes);
  if ("failure" in result) return failureOutcome(result.failure);
  const { fidelity, objectives, validity, record } = result.outputs;
  return { kind: validity.valid ? "completed" : "invalid result", fidelity, objectives, doubts: validity.doubts, record };
}

const timeout = (minutes: number): Outcome => ({ kind: "timeout", at: null, message: `did not end within ${minutes} minutes` });

const onHypervisor = (raw: RawTuple, uri: string): RawTuple => {
  const set = withValue(raw, ["topology", "hypervisor", "uri"], uri);
  if (typeof set === "string") throw new Error(set);
  return set.root as RawTuple;
};

function trialFileOf(
  { id, key, sweep, stack, values, seed, repetition }: PlannedTrial,
  { hypervisor, start, clocks, outcome }: { hypervisor: string; start: Start; clocks: Clocks; outcome: Outcome },
): TrialFile {
  const { started, begun, saved } = clocks;
  const tenths = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
  return {
    schemaVersion,
    id,
    key,
    sweep,
    stack,
    values,
    seed,
    repetition,
    hypervisor,
    machine: hostname(),
    start,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    seconds: tenths(performance.now() - saved),
    savingSeconds: tenths(saved - begun),
    outcome,
  };
}
