import { max, mean, median, quantile } from "simple-statistics";
import type { Machine } from "../machine.ts";
import type { Metric } from "../run.ts";
import type { JobTimes, Timeline } from "../timeline.ts";
import { boundedSlowdown, tauSeconds } from "./bounded-slowdown.ts";
import { lastEvent } from "./control-plane-cost.ts";
import { jainIndex } from "./fairness.ts";
import { slowdownWithLaunchingCompressed } from "./launching.ts";
import { lossOfCapacity } from "./loss-of-capacity.ts";
import { bound, clocks, launches, makespan, metric } from "./metric.ts";
import { offeredLoad } from "./offered-load.ts";
import { throughput } from "./throughput.ts";
import { turnaroundSeconds } from "./turnaround.ts";
import { utilisation } from "./utilisation.ts";
import { waitSeconds } from "./wait.ts";
import { type WarmUp, warmUp } from "./warm-up.ts";

/** How many of a stream's jobs are warm-up; the rest count in every per-job figure, and the time from the first of them on in β. */
export const streamWarmUp = ({ jobs, endSeconds }: Timeline, machine: Machine, timeCompression: number): WarmUp =>
  warmUp(jobs, slowdownsOf(jobs, endSeconds, timeCompression), machine);

const slowdownsOf = (rows: readonly JobTimes[], endSeconds: number, timeCompression: number) =>
  rows.map((row) => boundedSlowdown(row, endSeconds, tauSeconds / timeCompression));

/** Everything that a job stream measures; definitions are beside the functions, and in docs/metrics.md. Per-job figures leave out the warm-up. */
export function streamMetrics(timeline: Timeline, machine: Machine, timeCompression: number): Metric[] {
  const { jobs, endSeconds } = timeline;
  const { jobs: cut } = streamWarmUp(timeline, machine, timeCompression);
  const counted = jobs.slice(cut);
  const waits = counted.map((row) => waitSeconds(row, endSeconds));
  const turnarounds = counted.map((row) => turnaroundSeconds(row, endSeconds));
  const slowdowns = slowdownsOf(counted, endSeconds, timeCompression);
  const perUser = counted.map(({ job }, i) => [job.user, slowdowns[i] ?? 1] as const);
  const waiting = { ...clocks(timeline, "submit", "started"), ...bound(counted, "started") };
  const steady = { from: counted[0]?.submit ?? 0, until: counted.at(-1)?.submit ?? endSeconds };
  const { load } = offeredLoad(jobs, machine);
  return [
    { ...metric("meanBoundedSlowdown", mean(slowdowns)), ...waiting, ...startBasis(counted) },
    ...(timeCompression > 1 ? [launchingCompressed(timeline, counted, timeCompression)] : []),
    { ...metric("p95BoundedSlowdown", quantile(slowdowns, 0.95)), ...waiting },
    {
      ...metric("lossOfCapacity", lossOfCapacity(jobs, endSeconds, machine, steady)),
      ...clocks(timeline, "submit", "allocated", lastEvent(jobs)),
      ...bound(counted, "started"),
      basis: `free ${machine.allocation.unit}s`,
    },
    { ...metric("medianWait", median(waits)), ...waiting },
    { ...metric("p95Wait", quantile(waits, 0.95)), ...waiting },
    { ...metric("maxWait", max(waits)), ...waiting },
    { ...metric("meanTurnaround", mean(turnarounds)), ...clocks(timeline, "submit", "ended"), ...bound(counted, "ended") },
    metric("utilisation", utilisation(jobs, endSeconds, machine), "the run took no time"),
    metric("offeredLoad", Number.isFinite(load) ? load : null, "all jobs arrived at once"),
    metric("warmUpJobs", cut),
    ...makespan(timeline),
    metric("throughput", throughput(jobs, endSeconds), "the run took no time"),
    metric("fairness", jainIndex(perUser), "the jobs are not of several users"),
    ...launches(timeline),
  ];
}

/** Who told when jobs started: a body by its own clock, or a scheduler, perhaps of bodies that are only pretended. */
function startBasis(rows: readonly JobTimes[]): Pick<Metric, "basis"> {
  const clocks = new Set(rows.flatMap(({ startedBy }) => startedBy ?? []));
  if (clocks.size === 0) return {};
  const told = clocks.size > 1 ? "the jobs and the scheduler" : clocks.has("job") ? "the jobs" : "the scheduler";
  return { basis: `starts told by ${told}` };
}

/** What α would be if compression shrank launching, too. */
const launchingCompressed = (timeline: Timeline, counted: readonly JobTimes[], timeCompression: number): Metric => ({
  ...metric(
    "meanBoundedSlowdownWithLaunchingCompressed",
    slowdownWithLaunchingCompressed(counted, timeline.endSeconds, timeCompression),
    "no job has both an allocation and a start",
  ),
  ...clocks(timeline, "submit", "allocated", "started"),
});
