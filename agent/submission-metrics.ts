import { max, min, quantile } from "simple-statistics";
import { metric } from "../model/metrics/metric.ts";
import type { Doubt, Metric } from "../model/run.ts";
import type { Submission } from "./driver.ts";

/** How late the driver was with each submission, in seconds. */
const lateness = (submissions: readonly Submission[]) => submissions.map(({ begun, planned }) => Math.max(0, begun - planned));

/** Lateness of the driver, and how long the scheduler's own client and server took to accept a job. */
export function submissionMetrics(submissions: readonly Submission[]): Metric[] {
  const late = lateness(submissions);
  const taken = submissions.map(({ begun, answered }) => answered - begun);
  return [
    metric("p50DriverLateness", quantile(late, 0.5)),
    metric("p99DriverLateness", quantile(late, 0.99)),
    metric("maxDriverLateness", max(late)),
    metric("p50SubmissionTime", quantile(taken, 0.5)),
    metric("p99SubmissionTime", quantile(taken, 0.99)),
  ];
}

/** A tenth of the mean time between arrivals may be lost, or a tenth of a second where that is more. */
export function latenessDoubts(submissions: readonly Submission[]): Doubt[] {
  const planned = submissions.map((submission) => submission.planned);
  const between = (max(planned) - min(planned)) / Math.max(1, planned.length - 1);
  const limit = Math.max(0.1, between / 10);
  const p99 = quantile(lateness(submissions), 0.99);
  if (p99 <= limit) return [];
  const message = `the driver was ${p99.toFixed(3)} s late at P99, of a mean ${between.toFixed(3)} s between arrivals; the most is ${limit.toFixed(3)} s`;
  return [{ code: "driver late", severity: "invalid", message }];
}
