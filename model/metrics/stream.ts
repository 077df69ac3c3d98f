import { max, mean, median, quantile } from "simple-statistics";
import type { Machine } from "../machine.ts";
import type { Metric } from "../run.ts";
import type { Timeline } from "../timeline.ts";
import { boundedSlowdown, responsiveness, tauSeconds } from "./bounded-slowdown.ts";
import { lastEvent } from "./control-plane-cost.ts";
import { jainIndex } from "./fairness.ts";
import { lossOfCapacity } from "./loss-of-capacity.ts";
import { bound, clocks, launches, makespan, metric } from "./metric.ts";
import { steady } from "./steady.ts";
import { throughput } from "./throughput.ts";
import { turnaroundSeconds } from "./turnaround.ts";
import { utilisation } from "./utilisation.ts";
import { waitSeconds } from "./wait.ts";

/** Everything that a job stream measures; definitions are beside the functions, and in docs/metrics.md. Per-job figures are of steady jobs. */
export function streamMetrics(timeline: Timeline, machine: Machine, timeCompression: number): Metric[] {
  const { jobs, endSeconds } = timeline;
  const counted = steady(jobs);
  const waits = counted.map((row) => waitSeconds(row, endSeconds));
  const turnarounds = counted.map((row) => turnaroundSeconds(row, endSeconds));
  const slowdowns = counted.map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression));
  const perUser = counted.map(({ job }, i) => [job.user, slowdowns[i] ?? 1] as const);
  const waiting = { ...clocks(timeline, "submit", "started"), ...bound(counted, "started") };
  return [
    { name: "meanBoundedSlowdown", value: responsiveness(jobs, endSeconds, timeCompression), unit: "1", ...waiting },
    { name: "p95BoundedSlowdown", value: quantile(slowdowns, 0.95), unit: "1", ...waiting },
    {
      name: "lossOfCapacity",
      value: lossOfCapacity(jobs, endSeconds, machine),
      unit: "fraction",
      ...clocks(timeline, "submit", "allocated", lastEvent(jobs)),
      basis: `free ${machine.allocation.unit}s`,
    },
    { name: "medianWait", value: median(waits), unit: "s", ...waiting },
    { name: "p95Wait", value: quantile(waits, 0.95), unit: "s", ...waiting },
    { name: "maxWait", value: max(waits), unit: "s", ...waiting },
    { name: "meanTurnaround", value: mean(turnarounds), unit: "s", ...clocks(timeline, "submit", "ended"), ...bound(counted, "ended") },
    metric("utilisation", "fraction", utilisation(jobs, endSeconds, machine), "the run took no time"),
    ...makespan(timeline),
    metric("throughput", "jobs per s", throughput(jobs, endSeconds), "the run took no time"),
    metric("fairness", "1", jainIndex(perUser), "the jobs are not of several users"),
    ...launches(timeline),
  ];
}
