import { describe } from "../../model/axis-values.ts";
import { isCompleted, type TrialFile } from "../../model/trial-file.ts";
import type { SecondsOf } from "../plan/estimate.ts";
import type { Host } from "../plan/host.ts";
import type { PlannedTrial } from "../plan/trials.ts";
import type { Interruption } from "./interruption.ts";
import type { Progress, RunningView } from "./progress.ts";
import type { TrialEnd } from "./run-trial.ts";
import { type SavedClusters, type SavedStacks, stacksOf, startFrom } from "./saved-clusters.ts";

/** A trial that a process of its own runs. */
export interface RunningTrial {
  readonly ended: Promise<TrialEnd | Crashed>;
  /** Give the trial up and clean up after it. */
  stop(): void;
  /** End at once, and leave things as they are. */
  kill(): void;
}

/** The process that ran it ended without a word. */
export interface Crashed {
  readonly kind: "crashed";
  readonly message: string;
}

/** What starts trials: processes here; in tests, whatever they like. */
export type StartTrial = (trial: PlannedTrial, place: Place, onStep: (step: string) => void) => RunningTrial;

/** Where a trial runs. */
export interface Place extends SavedStacks {
  readonly hypervisor: string;
}

export interface SweepSetting {
  readonly start: StartTrial;
  readonly hosts: readonly Host[];
  readonly savedClusters: SavedClusters;
  /** Most trials at once, whatever the hosts could hold. */
  readonly parallel: number;
  /** Go on after a trial that failed. */
  readonly keepGoing: boolean;
  /** No trial starts after this long; undefined: no limit. */
  readonly hours?: number | undefined;
  readonly interruption: Interruption;
  readonly progress: Progress;
  readonly secondsOf: SecondsOf;
}

/** What came of a sweep's run. */
export interface SweepEnd {
  readonly ended: readonly TrialFile[];
  /** Begun and given up; they yield nothing and run again. */
  readonly interrupted: number;
  /** Never begun, and why. */
  readonly waiting: number;
  readonly why: "interrupted" | "a trial failed" | "the hours are used up" | null;
  /** Stacks that could not be destroyed, with the reason. */
  readonly left: readonly string[];
}

/** Runs the trials in their order, as many side by side as the hosts hold. Resolves when none runs any more. */
export async function runSweep(trials: readonly PlannedTrial[], setting: SweepSetting): Promise<SweepEnd> {
  const { hosts, interruption, progress, secondsOf } = setting;
  const queue = [...trials];
  const ended: TrialFile[] = [];
  const left: string[] = [];
  const running = new Map<PlannedTrial, { task: RunningTrial; view: RunningView }>();
  const began = performance.now();
  let interrupted = 0;
  let why: SweepEnd["why"] = null;

  const show = () =>
    progress.update({ total: trials.length, ended, waiting: queue, running: [...running.values()].map(({ view }) => view) });
  const mayStart = () => {
    if (interruption.stop.aborted) why ??= "interrupted";
    if (setting.hours !== undefined && performance.now() - began > setting.hours * 3_600_000) why ??= "the hours are used up";
    return why === null;
  };
  const settle = (trial: PlannedTrial, end: TrialEnd | Crashed) => {
    running.delete(trial);
    if ("left" in end && end.left !== undefined) left.push(`${trial.stack}: ${end.left}`);
    if (end.kind === "ended") ended.push(end.trial);
    else if (end.kind === "crashed") left.push(`${trial.stack}: ${interruption.abandon.aborted ? "interrupted" : end.message}`);
    if (end.kind === "interrupted" || end.kind === "crashed") interrupted++;
    if (!interruption.abandon.aborted) progress.note(sentence(trial, end));
    const failed = end.kind === "crashed" || (end.kind === "ended" && !isCompleted(end.trial));
    if (failed && !setting.keepGoing && !interruption.stop.aborted) why ??= "a trial failed";
  };
  const start = (trial: PlannedTrial, host: Host) => {
    host.take(trial);
    const saved = setting.savedClusters.take(trial, host.uri, queue, host.facts.diskAvailableGiB ?? Infinity);
    const place = { hypervisor: host.uri, ...stacksOf(saved) };
    const expectedSeconds = secondsOf(trial, startFrom(place));
    const view: RunningView = { trial, began: performance.now(), step: "starting", expectedSeconds };
    const task = setting.start(trial, place, (step) => {
      view.step = step;
      progress.step(view);
    });
    running.set(trial, { task, view });
    progress.note(`${trial.stack} begins: ${describe(trial.values)}, seed ${trial.seed}`);
    // The signal may have come while it was being made.
    if (interruption.stop.aborted) task.stop();
    return task.ended.then((end) => {
      host.free(trial);
      if (saved !== undefined) setting.savedClusters.free(saved);
      settle(trial, end);
      show();
    });
  };

  const stop = () => {
    progress.note("stopping: no new trial starts, and running ones are destroyed; Ctrl-C again leaves them running");
    for (const { task } of running.values()) task.stop();
  };
  const abandon = () => {
    progress.note("leaving everything running: --resume continues from here");
    for (const { task } of running.values()) task.kill();
  };
  interruption.stop.addEventListener("abort", stop);
  interruption.abandon.addEventListener("abort", abandon);
  const underWay = new Set<Promise<void>>();
  show();
  try {
    while (queue.length > 0 && mayStart()) {
      const [next] = queue;
      const host = next && running.size < setting.parallel ? hosts.find((candidate) => candidate.hasRoomFor(next)) : undefined;
      if (next === undefined || host === undefined) {
        if (underWay.size === 0)
          throw new Error(`${next?.stack}: none of ${hosts.map(({ uri }) => uri).join(", ") || "no hosts"} may hold it`);
        await Promise.race(underWay);
      } else {
        queue.shift();
        const task: Promise<void> = start(next, host).finally(() => underWay.delete(task));
        underWay.add(task);
      }
      show();
    }
    await Promise.all(underWay);
  } finally {
    interruption.stop.removeEventListener("abort", stop);
    interruption.abandon.removeEventListener("abort", abandon);
    progress.end();
  }
  return { ended, interrupted, waiting: queue.length, why, left };
}

/** How a trial ended, for people. */
function sentence({ stack }: PlannedTrial, end: TrialEnd | Crashed): string {
  switch (end.kind) {
    case "ended": {
      const { outcome, seconds } = end.trial;
      return `${stack} ended after ${Math.round(seconds)} s: ${outcome.kind}${"message" in outcome ? `: ${outcome.message}` : ""}`;
    }
    case "taken":
      return `${stack} is being run by process ${end.by.pid} on ${end.by.machine}`;
    case "crashed":
      return `${stack}: ${end.message}`;
    case "interrupted":
      return `${stack} was interrupted`;
  }
}
