import type { Outcome } from "../model/job.ts";
import { controlPlaneCost } from "../model/metrics/control-plane-cost.ts";
import { fillMetrics } from "../model/metrics/fill.ts";
import { streamMetrics } from "../model/metrics/stream.ts";
import type { Metric, Run } from "../model/run.ts";
import type { Timeline } from "../model/timeline.ts";
import { computeNodes } from "../model/topology.ts";
import { type Workload, workloadKind } from "../model/workloads/index.ts";
import { configurationDigest } from "./configuration-digest.ts";
import { endDoubts, saturationDoubts, skewDoubts } from "./doubts.ts";
import { type Driven, drive } from "./drive.ts";
import { kernelResult } from "./kernel.ts";
import { type Collected, outputOf } from "./nodes.ts";
import type { RunScheduled } from "./request.ts";
import type { ControlPlaneUse, SchedulerAdapter } from "./scheduler.ts";
import { latenessDoubts, submissionMetrics } from "./submission-metrics.ts";
import { eventsJsonl, jobsCsv, writeTables } from "./tables.ts";

/** One run of one workload through the scheduler. */
export async function runScheduled(adapter: SchedulerAdapter, request: RunScheduled): Promise<Run> {
  const { workload, topology, seed } = request;
  await requireConfiguration(adapter, request.configuration);
  const nodes = computeNodes(topology).map(({ name }) => name);
  const jobs = workloadKind(workload).jobs(workload, topology, seed, request.excerpt);
  return drive(adapter, jobs, nodes, { label: workload.kind }, (driven, collected) => resultOf(request, nodes, driven, collected));
}

async function requireConfiguration(adapter: SchedulerAdapter, digest: string | undefined) {
  if (digest === undefined) return;
  const { effective } = await adapter.effectiveConfiguration();
  const found = configurationDigest(effective);
  if (found !== digest)
    throw new Error(`the scheduler runs with configuration ${found}, verified was ${digest}: configure it again before the run`);
}

function resultOf(
  { id, workload, seed, excerpt }: RunScheduled,
  nodes: readonly string[],
  driven: Driven,
  collected: readonly Collected[],
): Run {
  const { timeline, events, submissions, offsets } = driven;
  const { purpose } = workloadKind(workload);
  const kernel = purpose === "kernel" ? kernelResult(workload, timeline, collected) : { figures: [], doubts: [], tables: {} };
  const refusals = new Map(submissions.map(({ job, refused }) => [job.id, refused]));
  const words = (job: string) => refusals.get(job) ?? outputOf(collected, job);
  const ofStream = purpose === "stream" ? [...latenessDoubts(submissions), ...saturationDoubts(timeline)] : [];
  return {
    workload: workload.kind,
    mode: "scheduler",
    seed,
    jobs: countsOf(timeline),
    metrics: [
      ...metricsOf(workload, timeline, nodes.length),
      ...submissionMetrics(submissions),
      ...useMetrics(driven.controlPlane, timeline.jobs.length),
    ],
    figures: kernel.figures,
    doubts: [...endDoubts(timeline, purpose, words), ...skewDoubts(offsets), ...ofStream, ...kernel.doubts],
    tables: writeTables(id, {
      "jobs.csv": jobsCsv(timeline, workload.kind, nodes),
      "events.jsonl": eventsJsonl(events),
      ...(excerpt === undefined ? {} : { "excerpt.txt": excerpt }),
      ...kernel.tables,
    }),
  };
}

function metricsOf(workload: Workload, timeline: Timeline, nodeCount: number): Metric[] {
  switch (workloadKind(workload).purpose) {
    case "stream":
      return streamMetrics(timeline, nodeCount, workloadKind(workload).timeCompression?.(workload) ?? 1);
    case "fill":
      return fillMetrics(timeline, nodeCount);
    case "burst": {
      const value = controlPlaneCost(timeline.jobs);
      return [{ name: "controlPlaneCost", value, unit: "ms per job", ...(value === null ? { reason: "no job ended" } : {}) }];
    }
    case "kernel":
      return [elapsed(timeline)];
  }
}

/** How long a kernel's job took by its own clock. */
function elapsed({ jobs: [job] }: Timeline): Metric {
  const value = job?.started == null || job.ended === null ? null : job.ended - job.started;
  return { name: "elapsed", value, unit: "s", ...(value === null ? { reason: "the job did not start or did not end" } : {}) };
}

function useMetrics(use: ControlPlaneUse | null, jobs: number): Metric[] {
  if (use === null || jobs === 0) return [];
  return [
    { name: "controlPlaneCpu", value: use.cpuSeconds / jobs, unit: "s per job" },
    { name: "controlPlanePeakMemory", value: use.peakMemoryMiB, unit: "MiB" },
  ];
}

export function countsOf({ jobs, lost }: Timeline): Run["jobs"] {
  const count = (outcome: Outcome) => jobs.filter((row) => row.outcome === outcome && !lost.includes(row.job.id)).length;
  const [completed, failed, timeout, cancelled, censored] = [
    count("completed"),
    count("failed"),
    count("timeout"),
    count("cancelled"),
    count("censored"),
  ];
  return { submitted: jobs.length, completed, failed, timeout, cancelled, censored };
}
