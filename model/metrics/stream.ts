import { max, mean, median, quantile } from "simple-statistics";
import type { Metric } from "../run.ts";
import type { JobTimes, Timeline } from "../timeline.ts";
import { boundedSlowdown, responsiveness, steady, tauSeconds } from "./bounded-slowdown.ts";
import { lossOfCapacity } from "./loss-of-capacity.ts";

/** Everything that a job stream measures; the definitions are in docs/metrics.md. Waits are of steady jobs. */
export function streamMetrics({ jobs, endSeconds }: Timeline, nodeCount: number, timeCompression: number): Metric[] {
  const counted = steady(jobs);
  const waits = counted.map(({ submit, started }) => (started ?? endSeconds) - submit);
  const slowdowns = counted.map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression));
  const launches = jobs.flatMap(({ allocated, started }) => (allocated === null || started === null ? [] : [started - allocated]));
  const firstSubmit = jobs.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  const makespan = jobs.reduce((most, { ended }) => Math.max(most, ended ?? endSeconds), firstSubmit) - firstSubmit;
  const busy = jobs.reduce((sum, row) => sum + row.job.nodes * heldSeconds(row, endSeconds), 0);
  return [
    { name: "meanBoundedSlowdown", value: responsiveness(jobs, endSeconds, timeCompression), unit: "1" },
    { name: "p95BoundedSlowdown", value: quantile(slowdowns, 0.95), unit: "1" },
    { name: "lossOfCapacity", value: lossOfCapacity(jobs, endSeconds, nodeCount), unit: "fraction" },
    { name: "medianWait", value: median(waits), unit: "s" },
    { name: "p95Wait", value: quantile(waits, 0.95), unit: "s" },
    { name: "maxWait", value: max(waits), unit: "s" },
    { name: "meanTurnaround", value: mean(counted.map(({ submit, ended }) => (ended ?? endSeconds) - submit)), unit: "s" },
    { name: "utilisation", value: busy / (nodeCount * makespan), unit: "fraction" },
    { name: "makespan", value: makespan, unit: "s" },
    quantileOf("p50Launch", launches, 0.5),
    quantileOf("p95Launch", launches, 0.95),
  ];
}

/** How long the job's nodes did its work, in seconds. */
const heldSeconds = ({ started, ended }: JobTimes, endSeconds: number) => (started === null ? 0 : (ended ?? endSeconds) - started);

const quantileOf = (name: string, values: readonly number[], p: number): Metric =>
  values.length === 0 ? { name, value: null, unit: "s", reason: "no job started" } : { name, value: quantile([...values], p), unit: "s" };
