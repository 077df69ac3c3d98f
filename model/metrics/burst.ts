import type { Metric } from "../run.ts";
import type { Timeline } from "../timeline.ts";
import { controlPlaneCost, lastEvent } from "./control-plane-cost.ts";
import { clocks, launches, makespan, metric } from "./metric.ts";
import { throughput } from "./throughput.ts";

/** What a burst measures: γ, and how fast the jobs went through. */
export function burstMetrics(timeline: Timeline): Metric[] {
  const { jobs, endSeconds } = timeline;
  const last = lastEvent(jobs);
  return [
    {
      ...metric("controlPlaneCost", controlPlaneCost(jobs), "no job ended"),
      ...clocks(timeline, "submit", last),
      basis: `last ${last}`,
    },
    ...makespan(timeline),
    metric("throughput", throughput(jobs, endSeconds), "the run took no time"),
    ...launches(timeline),
  ];
}
