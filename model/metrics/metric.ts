import type { EventName } from "../event.ts";
import type { Metric } from "../run.ts";
import { isCut, type JobTimes, type Timeline } from "../timeline.ts";
import { type MetricName, metricList } from "./declared.ts";
import { launchSeconds } from "./launch.ts";
import { makespanSeconds } from "./makespan.ts";

/** The value in the metric's own unit, or why there is none. */
export function metric(name: MetricName, value: number | null, reason?: string): Metric {
  const [, unit] = metricList[name];
  return value === null && reason !== undefined ? { name, value, unit, reason } : { name, value, unit };
}

/** How long a launch took, at the middle and at P95. */
export const launches = (timeline: Timeline): Metric[] =>
  ([["p50Launch", 0.5], ["p95Launch", 0.95]] as const).map(([name, p]) => ({
    ...metric(name, launchSeconds(timeline.jobs, p), "no job has both an allocation and a first instruction that its own clock told"),
    ...clocks(timeline, "allocated", "started"),
  })); // biome-ignore format: a table

/** Only of a closed run: in an open one it says when the last job came. */
export function makespan(timeline: Timeline): Metric[] {
  const value = makespanSeconds(timeline.jobs, timeline.endSeconds);
  return value === null ? [] : [{ ...metric("makespan", value), ...clocks(timeline, "submit", "ended"), ...bound(timeline.jobs, "ended") }];
}

/** The coarsest of the clocks that saw these events. */
export function clocks({ precisionSeconds }: Timeline, ...events: readonly EventName[]): Pick<Metric, "precisionSeconds"> {
  const coarsest = Math.max(...events.map((event) => precisionSeconds[event]));
  return coarsest > 0 ? { precisionSeconds: coarsest } : {};
}

/** Whether some job was cut off before this happened to it: what a cancellation ended has not come to its own end. */
export const bound = (rows: readonly JobTimes[], event: "started" | "ended"): Pick<Metric, "lowerBound"> =>
  rows.some((row) => isCut(row) && (event === "ended" || row.started === null)) ? { lowerBound: true } : {};
