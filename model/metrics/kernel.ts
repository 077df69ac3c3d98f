import type { Metric } from "../run.ts";
import type { Timeline } from "../timeline.ts";
import { clocks, launches, metric } from "./metric.ts";

/** What a kernel's job measures beside its figures: how long it took by its own clock. */
export function kernelMetrics(timeline: Timeline): Metric[] {
  const [job] = timeline.jobs;
  const value = job?.started == null || job.ended === null ? null : job.ended - job.started;
  const elapsed = metric("elapsed", value, "the job did not start or did not end");
  return [{ ...elapsed, ...clocks(timeline, "started", "ended") }, ...launches(timeline)];
}
