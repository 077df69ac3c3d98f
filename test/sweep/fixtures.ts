import { objectives } from "../../model/objectives.ts";
import { parse } from "../../model/problem.ts";
import { schemaVersion } from "../../model/record.ts";
import type { TrialFile } from "../../model/trial-file.ts";
import { configurations, type RawTuple } from "../../sweep/plan/configurations.ts";
import { type Sweep, sweep } from "../../sweep/plan/sweep.ts";
import { type PlannedTrial, plannedTrials, type Sources } from "../../sweep/plan/trials.ts";

/** Two nodes and a head, three workloads: the smallest that has a list to reach into. */
export const base: RawTuple = {
  topology: { compute: [{ count: 2 }] },
  scheduler: { kind: "slurm", SchedulerParameters: { bf_continue: true } },
  workloads: [
    { kind: "burst", jobs: 4 },
    { kind: "jobstream", jobs: 20, load: 0.5 },
  ],
};

export const sources: Sources = { program: "p1", image: "i1" };

export const sweepOf = (parts: object): Sweep => parse("sweep", sweep, { base: "b", ...parts });

export const trialsOf = (parts: object, from: Sources = sources, start: RawTuple = base): PlannedTrial[] => {
  const read = sweepOf(parts);
  return plannedTrials("s", read, configurations("s", read, start), () => from);
};

export const interval = "scheduler.SchedulerParameters.bf_interval";

/** A file as it is after the trial completed, with one objective's value. */
export function completed(trial: PlannedTrial, value: number | null = 1, parts: Partial<TrialFile> = {}): TrialFile {
  const measured = objectives([]);
  const { reason: _, ...responsiveness } = { ...measured.responsiveness, value };
  return {
    ...unmeasured(trial),
    outcome: {
      kind: "completed",
      fidelity: "vm",
      objectives: { ...measured, ...(value === null ? {} : { responsiveness }) },
      doubts: [],
      record: { path: "results/x/trial.json", sha256: "1".repeat(64) },
    },
    ...parts,
  };
}

/** A file as it is after a machine did not boot. */
export function unmeasured({ id, key, sweep, stack, values, seed, repetition }: PlannedTrial): TrialFile {
  return {
    schemaVersion,
    id,
    key,
    sweep,
    stack,
    values,
    seed,
    repetition,
    hypervisor: "qemu:///system",
    machine: "here",
    start: "booted",
    started: "2026-01-01T00:00:00.000Z",
    ended: "2026-01-01T00:01:40.000Z",
    seconds: 100,
    savingSeconds: 0,
    outcome: { kind: "boot", at: "cluster-ssh", message: "head did not answer ssh within 600 s" },
  };
}
