import { mean, sum } from "simple-statistics";
import { grouped } from "../../model/grouped.ts";
import { canonical } from "../../model/identity.ts";
import type { TrialFile } from "../../model/trial-file.ts";
import type { Host } from "./host.ts";
import type { PlannedTrial } from "./trials.ts";

/** How long a trial that starts in this way may take, in seconds, by those that ended; undefined where none of the sweep did. */
export type SecondsOf = (trial: PlannedTrial, start: TrialFile["start"]) => number | undefined;

/**
 * The mean of earlier trials that started in the same way: of those with the same axis values, else of all of the same
 * sweep; else of those that started in the other way. Failed ones tell nothing.
 */
export function secondsFrom(earlier: readonly TrialFile[]): SecondsOf {
  const ended = earlier.filter(({ outcome }) => "record" in outcome);
  const bySweep = grouped(ended, ({ sweep }) => sweep);
  const byStart = grouped(ended, ({ sweep, start }) => canonical([sweep, start]));
  const byValues = grouped(ended, ({ sweep, start, values }) => canonical([sweep, start, values]));
  return ({ sweep, values }, start) => {
    const alike = byValues.get(canonical([sweep, start, values])) ?? byStart.get(canonical([sweep, start])) ?? bySweep.get(sweep);
    return alike === undefined ? undefined : mean(alike.map(({ seconds }) => seconds));
  };
}

export interface Estimate {
  /** Undefined where no earlier trial tells. */
  readonly seconds: number | undefined;
  /** Most trials at once. */
  readonly parallel: number;
  /** Most memory at once, over all hosts. */
  readonly memoryGiB: number;
  readonly diskGiB: number;
}

/** Plays the trials through on the hosts, which must be empty, in their order: each starts as soon as a host has room. */
export function estimate(
  trials: readonly PlannedTrial[],
  hosts: readonly Host[],
  parallel: number,
  secondsOf: (trial: PlannedTrial) => number | undefined,
): Estimate {
  const times = trials.map(secondsOf);
  const running: { trial: PlannedTrial; host: Host; ends: number }[] = [];
  let now = 0;
  const peak = { parallel: 0, memoryGiB: 0, diskGiB: 0 };
  const endNext = () => {
    running.sort((a, b) => a.ends - b.ends);
    const first = running.shift();
    if (first === undefined) throw new Error("no host");
    first.host.free(first.trial);
    now = first.ends;
  };
  const roomFor = (trial: PlannedTrial) => (running.length < parallel ? hosts.find((host) => host.hasRoomFor(trial)) : undefined);
  for (const [i, trial] of trials.entries()) {
    let host = roomFor(trial);
    while (host === undefined) {
      endNext();
      host = roomFor(trial);
    }
    host.take(trial);
    // Without times, any equal ones show what fits side by side.
    running.push({ trial, host, ends: now + (times[i] ?? 1) });
    const taken = running.map(({ trial }) => trial.demand);
    peak.parallel = Math.max(peak.parallel, running.length);
    peak.memoryGiB = Math.max(peak.memoryGiB, sum(taken.map(({ memoryGiB }) => memoryGiB)));
    peak.diskGiB = Math.max(peak.diskGiB, sum(taken.map(({ diskGiB }) => diskGiB)));
  }
  while (running.length > 0) endNext();
  return { ...peak, seconds: times.every((time) => time !== undefined) ? now : undefined };
}
