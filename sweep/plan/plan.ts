import { describe } from "../../model/axis-values.ts";
import { isCompleted, type TrialFile } from "../../model/trial-file.ts";
import type { Saving } from "../run/saved-clusters.ts";
import { duration } from "./duration.ts";
import { type Estimate, estimate, secondsFrom } from "./estimate.ts";
import type { Host } from "./host.ts";
import type { PlannedTrial } from "./trials.ts";

/** Whether a trial has to run, and why. */
export interface Standing {
  readonly trial: PlannedTrial;
  /** The trial's file, where it is there. */
  readonly file: TrialFile | undefined;
  /** Null: its result is there. */
  readonly reason: string | null;
}

/** Where each trial stands, in the order of the plan. A failed one is a result, too, unless `retry` asks for it again. */
export function standings(trials: readonly PlannedTrial[], files: readonly TrialFile[], retry: boolean): Standing[] {
  const byId = new Map(files.map((file) => [file.id, file]));
  const before = new Map(files.map((file) => [`${file.key.tuple} ${file.key.repetition}`, file]));
  return trials.map((trial) => {
    const file = byId.get(trial.id);
    if (file !== undefined) return { trial, file, reason: retry && !isCompleted(file) ? `it ended as: ${file.outcome.kind}` : null };
    const earlier = before.get(`${trial.key.tuple} ${trial.key.repetition}`);
    return { trial, file, reason: earlier === undefined ? "it never ran" : change(trial, earlier) };
  });
}

/** What tells a trial from one of the same tuple that ran earlier. */
const change = ({ key }: PlannedTrial, earlier: TrialFile) =>
  key.image === earlier.key.image ? "the program has changed" : "what makes the image has changed";

/** How trials start where that is saved. */
const startOf = { nothing: "booted", clusters: "restored", schedulers: "restored running" } as const;

/** What a run would do. */
export interface Plan {
  readonly sweep: string;
  readonly configurations: number;
  readonly trials: readonly Standing[];
  /** Null where no hypervisor was asked. */
  readonly estimate: Estimate | null;
}

export function planOf(
  sweep: string,
  trials: readonly PlannedTrial[],
  files: readonly TrialFile[],
  { hosts, parallel, retry, saving }: { hosts: readonly Host[]; parallel: number; retry: boolean; saving: Saving },
): Plan {
  const found = standings(trials, files, retry);
  const toRun = found.filter(({ reason }) => reason !== null).map(({ trial }) => trial);
  const secondsOf = secondsFrom(files);
  const seconds = (trial: PlannedTrial) => secondsOf(trial, trial.tuple.fresh ? "booted" : startOf[saving]);
  return {
    sweep,
    configurations: new Set(trials.map(({ values }) => describe(values))).size,
    trials: found,
    estimate: hosts.length === 0 ? null : estimate(toRun, hosts, parallel, seconds),
  };
}

/** The plan for people. */
export function planText({ sweep, configurations, trials, estimate }: Plan): string {
  const toRun = trials.filter(({ reason }) => reason !== null);
  const blocks = new Set(trials.map(({ trial }) => trial.block)).size;
  return [
    `sweep ${sweep}: ${count(configurations, "configuration")} × ${count(blocks, "block")} = ${count(trials.length, "trial")}`,
    `  ${trials.length - toRun.length} have a result, ${toRun.length} have to run`,
    ...[...countBy(toRun.map(({ reason }) => reason ?? ""))].map(([reason, count]) => `    ${count}: ${reason}`),
    ...(toRun.length === 0 ? [] : estimateLines(toRun[0] as Standing, estimate)),
  ].join("\n");
}

function estimateLines({ trial }: Standing, estimate: Estimate | null): string[] {
  const { machines, cpus, memoryGiB, diskGiB } = trial.demand;
  const one = `  the first takes ${machines} machines, ${cpus} virtual cores, ${memoryGiB.toFixed(1)} GiB of memory, ${diskGiB.toFixed(1)} GiB of disk`;
  if (estimate === null) return [one, "  no hypervisor was asked, so nothing is said of how many fit side by side"];
  const { parallel, seconds } = estimate;
  return [
    one,
    `  at most ${parallel} at once, with ${estimate.memoryGiB.toFixed(1)} GiB of memory and ${estimate.diskGiB.toFixed(1)} GiB of disk`,
    `  time: ${seconds === undefined ? "unknown until a trial of the sweep has ended" : `about ${duration(seconds)}, by earlier trials`}`,
  ];
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

export function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The plan for programs. */
export const planJson = ({ sweep, configurations, trials, estimate }: Plan) => ({
  sweep,
  configurations,
  estimate,
  trials: trials.map(({ trial: { id, key, stack, values, seed, repetition, block, demand }, file, reason }) => {
    return { id, key, stack, values, seed, repetition, block, demand, outcome: file?.outcome.kind ?? null, reason };
  }),
});
