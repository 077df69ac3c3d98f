import type { Metric } from "../run.ts";
import type { Timeline } from "../timeline.ts";
import { lossOfCapacity } from "./loss-of-capacity.ts";

/**
 * What working off a backlog measures. The machine counts until the last job has its nodes: what idles after that, no
 * job could have used. Waits and slowdowns say how much there was to do, not how the scheduler did it, and are left out.
 */
export function fillMetrics({ jobs, endSeconds }: Timeline, nodeCount: number): Metric[] {
  const first = jobs.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  const filledUntil = jobs.reduce((most, { allocated }) => Math.max(most, allocated ?? endSeconds), first);
  const cut = (seconds: number | null) => (seconds === null ? null : Math.min(seconds, filledUntil));
  const filling = jobs.map((row) => ({ ...row, ended: cut(row.ended), cleaned: cut(row.cleaned) }));
  const busy = jobs.reduce(
    (sum, { job, started, ended }) =>
      sum + (started === null ? 0 : job.nodes * Math.max(0, Math.min(ended ?? endSeconds, filledUntil) - started)),
    0,
  );
  const span = filledUntil - first;
  return [
    { name: "lossOfCapacity", value: lossOfCapacity(filling, filledUntil, nodeCount), unit: "fraction" },
    span > 0
      ? { name: "utilisationWhileFilled", value: busy / (nodeCount * span), unit: "fraction" }
      : { name: "utilisationWhileFilled", value: null, unit: "fraction", reason: "all jobs started at once" },
    { name: "filledTime", value: span, unit: "s" },
    { name: "makespan", value: jobs.reduce((most, { ended }) => Math.max(most, ended ?? endSeconds), first) - first, unit: "s" },
  ];
}
