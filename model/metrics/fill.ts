import { capacity, type Machine, unitsOf } from "../machine.ts";
import type { Metric } from "../run.ts";
import { leftSeconds, type Timeline } from "../timeline.ts";
import { lastEvent } from "./control-plane-cost.ts";
import { lossOfCapacity } from "./loss-of-capacity.ts";
import { bound, clocks, makespan, metric } from "./metric.ts";

/**
 * What working off a backlog measures. The machine counts until the last job has its nodes, or has left the queue
 * without any: what idles after that, no job could have used. Waits and slowdowns say how much there was to do, not how the scheduler did it, and are left out.
 */
export function fillMetrics(timeline: Timeline, machine: Machine): Metric[] {
  const { jobs, endSeconds } = timeline;
  const first = jobs.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  const filledUntil = jobs.reduce((most, row) => Math.max(most, row.allocated ?? row.started ?? leftSeconds(row, endSeconds)), first);
  const cut = (seconds: number | null) => (seconds === null ? null : Math.min(seconds, filledUntil));
  const filling = jobs.map((row) => ({ ...row, ended: cut(row.ended), cleaned: cut(row.cleaned) }));
  const busy = jobs.reduce(
    (sum, { job, started, ended }) =>
      sum + (started === null ? 0 : unitsOf(job, machine) * Math.max(0, Math.min(ended ?? endSeconds, filledUntil) - started)),
    0,
  );
  const span = filledUntil - first;
  const seen = clocks(timeline, "submit", "allocated", lastEvent(jobs));
  return [
    {
      ...metric("lossOfCapacity", lossOfCapacity(filling, filledUntil, machine)),
      ...seen,
      ...bound(jobs, "started"),
      basis: `free ${machine.allocation.unit}s`,
    },
    metric("utilisationWhileFilled", span > 0 ? busy / (capacity(machine) * span) : null, "all jobs started at once"),
    { ...metric("filledTime", span), ...clocks(timeline, "submit", "allocated") },
    ...makespan(timeline),
  ];
}
