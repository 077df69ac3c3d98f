import type { Job } from "../../model/job.ts";
import type { Machine } from "../../model/machine.ts";
import type { JobTimes, Timeline } from "../../model/timeline.ts";

/** Jobs, machines and timelines for tests of what is computed from them. */

export const job = (id: string, parts: Partial<Job> = {}): Job => ({
  id,
  submitSeconds: 0,
  nodes: 1,
  ranksPerNode: 1,
  coresPerRank: 1,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds: 10,
  walltimeSeconds: 100,
  body: { kind: "sleep", seconds: 10 },
  ...parts,
});

/** A job that was submitted, started and ended at these times, on nodes of these names; null: it never did. */
export const ran = (
  of: Job,
  submit: number,
  started: number | null,
  ended: number | null,
  nodes: readonly string[] = [],
  parts: Partial<JobTimes> = {},
): JobTimes => ({
  job: of,
  outcome: ended === null ? "censored" : "completed",
  nodes,
  due: submit,
  submit,
  allocated: started,
  started,
  startedBy: started === null ? null : "job",
  ended,
  cleaned: ended,
  ...parts,
});

/** Nodes a, b, c … with so many cores, no GPU and 1000 MiB each. */
export const machine = (cores: readonly number[], allocation: Machine["allocation"]): Machine => ({
  nodes: cores.map((count, i) => ({ name: String.fromCharCode(97 + i), cores: count, memoryMiB: 1000, gpus: 0 })),
  allocation,
});

export const wholeNodes = { unit: "node", memory: false } as const;
export const sharedNodes = { unit: "core", memory: false } as const;

export const told = (jobs: readonly JobTimes[], endSeconds: number, precisions: Partial<Timeline["precisionSeconds"]> = {}): Timeline => ({
  jobs,
  endSeconds,
  lost: [],
  precisionSeconds: { submit: 0, eligible: 0, allocated: 0, started: 0, ended: 0, cleaned: 0, ...precisions },
});
