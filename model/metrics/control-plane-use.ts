import type { Metric } from "../run.ts";
import { metric } from "./metric.ts";

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
    metric("controlPlaneCpu", sum(({ cpuSeconds }) => cpuSeconds) / jobs),
    metric(
      "controlPlanePeakMemory",
      sum(({ peakMemoryMiB }) => peakMemoryMiB),
    ),
    ...daemons.flatMap(({ daemon, cpuSeconds, peakMemoryMiB }) => [
      { ...metric("controlPlaneCpu", cpuSeconds / jobs), name: `controlPlaneCpu.${daemon}` },
      { ...metric("controlPlanePeakMemory", peakMemoryMiB), name: `controlPlanePeakMemory.${daemon}` },
    ]),
  ];
}
