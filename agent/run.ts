import type { Job, Outcome } from "../model/job.ts";
import { type Machine, machineOf } from "../model/machine.ts";
import { burstMetrics, type DrivenBurst } from "../model/metrics/burst.ts";
import { smallerBurst } from "../model/metrics/control-plane-cost.ts";
import { controlPlaneMetrics } from "../model/metrics/control-plane-use.ts";
import { fillMetrics } from "../model/metrics/fill.ts";
import { kernelMetrics } from "../model/metrics/kernel.ts";
import { metric } from "../model/metrics/metric.ts";
import { streamMetrics, streamWarmUp } from "../model/metrics/stream.ts";
import { successRate } from "../model/metrics/success-rate.ts";
import type { Counts, Doubt, Metric, Run } from "../model/run.ts";
import { schedulerKind } from "../model/schedulers/index.ts";
import type { Timeline } from "../model/timeline.ts";
import { computeNodes } from "../model/topology.ts";
import type { Purpose } from "../model/workload.ts";
import { jobsOf, workloadKind } from "../model/workloads/index.ts";
import { configurationDigest } from "./configuration-digest.ts";
import { compressionDoubts, configurationDoubts, endDoubts, slotDoubts, steadinessDoubts, troubleDoubts } from "./doubts.ts";
import { type Driven, drive } from "./drive.ts";
import type { Submission } from "./driver.ts";
import { KnownFailure } from "./failure.ts";
import { kernelResult } from "./kernel.ts";
import { type Collected, outputOf } from "./nodes.ts";
import type { RunScheduled } from "./request.ts";
import { scheduleJson } from "./schedule-json.ts";
import type { SchedulerAdapter } from "./scheduler.ts";
import { withServices } from "./services.ts";
import { latenessDoubts, submissionMetrics } from "./submission-metrics.ts";
import { eventsJsonl, jobsCsv, writeTables } from "./tables.ts";
import { watchDoubts, watchMetrics } from "./watch.ts";

/** One run of one workload through the scheduler. */
export async function runScheduled(adapter: SchedulerAdapter, request: RunScheduled): Promise<Run> {
  const { id, workload, topology, seed } = request;
  const { effective: before } = await withServices(() => adapter.effectiveConfiguration());
  requireConfiguration(before, request.configuration);
  const nodes = computeNodes(topology).map(({ name }) => name);
  const jobs = jobsOf(workload, topology, seed, request.excerpt);
  const smaller = workloadKind(workload).purpose === "burst" ? await smallerBurstOf(adapter, jobs, request) : null;
  const result = await drive(adapter, jobs, topology, { label: workload.kind }, (driven, collected) => {
    const { contents, ...rest } = measured(request, jobs.length, driven, collected, smaller);
    return { ...rest, tables: writeTables(id, contents) };
  });
  const { effective: after } = await adapter.effectiveConfiguration();
  const ofScheduler = [...configurationDoubts(before, after), ...troubleDoubts(await adapter.troubledNodes(nodes))];
  return { ...result, doubts: [...result.doubts, ...ofScheduler] };
}

/** The burst from which the slope of the whole one starts, with what casts doubt on it; null where there are too few jobs for two. */
async function smallerBurstOf(adapter: SchedulerAdapter, all: readonly Job[], { topology }: RunScheduled): Promise<SmallerBurst | null> {
  const jobs = smallerBurst(all);
  if (jobs.length === 0) return null;
  return drive(adapter, jobs, topology, { label: `burst of the first ${jobs.length}` }, (driven, collected) => ({
    timeline: driven.timeline,
    controlPlane: driven.controlPlane,
    doubts: ofBurst(driven, collected).map((doubt) => ({ ...doubt, message: `in the smaller burst ${doubt.message}` })),
  }));
}

/** A burst that was driven before the whole one. */
export interface SmallerBurst extends DrivenBurst {
  readonly doubts: readonly Doubt[];
}

const ofBurst = ({ timeline, submissions, waiting, watch }: Driven, collected: readonly Collected[]): Doubt[] => [
  ...endDoubts(timeline, "burst", wordsOfJobs(submissions, collected), waiting),
  ...watchDoubts(watch),
];

/** What a job printed last, or why it was refused. */
function wordsOfJobs(submissions: readonly Submission[], collected: readonly Collected[]) {
  const refusals = new Map(submissions.map(({ job, refused }) => [job.id, refused]));
  return (job: string) => refusals.get(job) ?? outputOf(collected, job);
}

function requireConfiguration(effective: Readonly<Record<string, string>>, digest: string | undefined) {
  const found = configurationDigest(effective);
  if (digest !== undefined && found !== digest)
    throw new KnownFailure(
      "configuration differs",
      `the scheduler runs with configuration ${found}, verified was ${digest}: configure it again before the run`,
    );
}

/** A run, with its tables not yet written. */
export interface Measured extends Omit<Run, "tables"> {
  /** File name → content. */
  readonly contents: Readonly<Record<string, string>>;
}

/**
 * Everything that what was seen of a run says.
 * @param planned how many jobs the workload has
 * @param smaller of a burst, the one that ran before it
 */
export function measured(
  request: RunScheduled,
  planned: number,
  driven: Driven,
  collected: readonly Collected[],
  smaller: SmallerBurst | null = null,
): Measured {
  const { workload, topology, scheduler, seed, excerpt } = request;
  const { timeline, events, submissions, watch, waiting, controlPlane } = driven;
  const { purpose } = workloadKind(workload);
  const machine = machineOf(topology, schedulerKind(scheduler).allocation(scheduler));
  const kernel = purpose === "kernel" ? kernelResult(workload, timeline, collected) : { figures: [], doubts: [], tables: {} };
  const compression = workloadKind(workload).timeCompression?.(workload) ?? 1;
  const metrics =
    purpose === "burst"
      ? burstMetrics(smaller, driven, machine)
      : [...metricsOf(purpose, timeline, machine, compression), ...controlPlaneMetrics(controlPlane, timeline.jobs.length)];
  const ofStream =
    purpose === "stream"
      ? [...latenessDoubts(submissions), ...steadinessDoubts(timeline, machine, compression), ...compressionDoubts(metrics, compression)]
      : [];
  const jobs = countsOf(timeline, planned);
  const named = { workload: workload.kind, nodes: machine.nodes.map(({ name }) => name) };
  return {
    workload: workload.kind,
    mode: "scheduler",
    seed,
    jobs,
    metrics: [
      ...metrics,
      metric("successRate", successRate(jobs), "no job was submitted"),
      ...submissionMetrics(submissions),
      ...watchMetrics(watch),
    ],
    figures: kernel.figures,
    doubts: [
      ...endDoubts(timeline, purpose, wordsOfJobs(submissions, collected), waiting),
      ...watchDoubts(watch),
      ...ofStream,
      ...(purpose === "burst" ? slotDoubts(timeline, machine) : []),
      ...(smaller?.doubts ?? []),
      ...kernel.doubts,
    ],
    contents: {
      "jobs.csv": jobsCsv(timeline, {
        ...named,
        warmUpJobs: purpose === "stream" ? streamWarmUp(timeline, machine, compression).jobs : 0,
      }),
      "schedule.json": scheduleJson(timeline, machine),
      "events.jsonl": eventsJsonl(events),
      ...(smaller === null ? {} : { "smaller-jobs.csv": jobsCsv(smaller.timeline, { ...named, warmUpJobs: 0 }) }),
      ...(excerpt === undefined ? {} : { "excerpt.txt": excerpt }),
      ...kernel.tables,
    },
  };
}

function metricsOf(purpose: Exclude<Purpose, "burst">, timeline: Timeline, machine: Machine, timeCompression: number): Metric[] {
  switch (purpose) {
    case "stream":
      return streamMetrics(timeline, machine, timeCompression);
    case "fill":
      return fillMetrics(timeline, machine);
    case "kernel":
      return kernelMetrics(timeline);
  }
}

/**
 * How many jobs ended how. A lost one is in none of the counts but `submitted`, and so is one that was never submitted.
 * @param planned how many jobs the workload has
 */
export function countsOf({ jobs, lost }: Timeline, planned: number): Counts {
  const unknown = new Set(lost);
  const count = (outcome: Outcome) => jobs.filter((row) => row.outcome === outcome && !unknown.has(row.job.id)).length;
  return {
    submitted: planned,
    completed: count("completed"),
    failed: count("failed"),
    timeout: count("timeout"),
    cancelled: count("cancelled"),
    outOfMemory: count("out of memory"),
    censored: count("censored"),
  };
}
