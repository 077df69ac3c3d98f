import { sha256 } from "./identity.ts";
import { kernelIdentity, type Workload, workloadKind } from "./workloads/index.ts";

/** One run of a suite. */
export interface PlannedRun {
  /** Unique in the suite. */
  readonly label: string;
  /** Position of its workload in the suite. */
  readonly index: number;
  readonly workload: Workload;
  readonly seed: number;
  /** `bare` runs a kernel by mpirun alone, to compare with. */
  readonly mode: "scheduler" | "bare";
}

/** Every workload as often as it asks, in order. Kernels run once more without the scheduler; workloads that are the same kernel share that run. */
export const plannedRuns = (workloads: readonly Workload[]): PlannedRun[] => [
  ...new Map(workloads.flatMap(runsOf).map((run) => [run.label, run])).values(),
];

function runsOf(workload: Workload, index: number): PlannedRun[] {
  const repetitions = Array.from({ length: workload.repetitions }, (_, repetition): PlannedRun => {
    return { label: `${index}-${workload.kind}-${repetition}`, index, workload, seed: workload.seed + repetition, mode: "scheduler" };
  });
  return workloadKind(workload).purpose === "kernel" ? [baseline(workload, index), ...repetitions] : repetitions;
}

/** Named and asked for by what the kernel computes alone, so that no parameter of a scheduler makes it run again. */
const baseline = (workload: Workload, index: number): PlannedRun => ({
  label: `${kernelName(workload)}-bare`,
  index,
  workload: { ...workload, seed: 1, repetitions: 1 },
  seed: 1,
  mode: "bare",
});

/** The same for workloads that are the same kernel, and for no others. */
export const kernelName = (workload: Workload): string => `${workload.kind}-${sha256(kernelIdentity(workload)).slice(0, 8)}`;
