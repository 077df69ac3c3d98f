import type { Metric } from "../run.ts";

/** What one of the scheduler's daemons on the head node used in a run. */
export interface DaemonUse {
  readonly daemon: string;
  readonly cpuSeconds: number;
  readonly peakMemoryMiB: number;
}

/**
 * CPU seconds a job and peak memory (resident) of the control plane, of all daemons and of each. The sum of the daemons'
 * peaks is the most that they can have held at once.
 */
export function controlPlaneMetrics(daemons: readonly DaemonUse[], jobs: number): Metric[] {
  if (daemons.length === 0 || jobs === 0) return [];
  const sum = (of: (use: DaemonUse) => number) => daemons.reduce((total, use) => total + of(use), 0);
  return [
    { name: "controlPlaneCpu", value: sum(({ cpuSeconds }) => cpuSeconds) / jobs, unit: "s per job" },
    { name: "controlPlanePeakMemory", value: sum(({ peakMemoryMiB }) => peakMemoryMiB), unit: "MiB" },
    ...daemons.flatMap(({ daemon, cpuSeconds, peakMemoryMiB }) => [
      { name: `controlPlaneCpu.${daemon}`, value: cpuSeconds / jobs, unit: "s per job" },
      { name: `controlPlanePeakMemory.${daemon}`, value: peakMemoryMiB, unit: "MiB" },
    ]),
  ];
}
