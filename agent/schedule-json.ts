import type { Machine } from "../model/machine.ts";
import { spanSeconds } from "../model/metrics/makespan.ts";
import { turnaroundSeconds } from "../model/metrics/turnaround.ts";
import { ranSeconds } from "../model/metrics/utilisation.ts";
import { waitSeconds } from "../model/metrics/wait.ts";
import type { JobTimes, Timeline } from "../model/timeline.ts";

/**
 * Batsim's schedule.json (https://batsim.readthedocs.io, "Schedule"): the fields that a real run has, in order of their
 * names. Means and maxima are over all jobs that started, slowdowns over those that took time. A job that the scheduler
 * refused is rejected, one that ended without success, or ran at the cut-off, killed. There are no times asleep and no energy.
 */
export function scheduleJson({ jobs, endSeconds }: Timeline, machine: Machine): string {
  const ran = jobs.filter(({ started }) => started !== null);
  const rejected = jobs.filter(isRefused).length;
  const queued = jobs.filter(({ outcome, started }) => outcome === "censored" && started === null).length;
  const success = jobs.filter(({ outcome }) => outcome === "completed").length;
  const finished = jobs.length - rejected - queued;
  const makespan = spanSeconds(jobs, endSeconds);
  const computing = computingSeconds(ran, endSeconds);
  const slowdown = of(ran.flatMap((row) => ratio(turnaroundSeconds(row, endSeconds), ranSeconds(row, endSeconds))));
  const turnaround = of(ran.map((row) => turnaroundSeconds(row, endSeconds)));
  const waiting = of(ran.map((row) => waitSeconds(row, endSeconds)));
  const fields = {
    makespan,
    max_slowdown: slowdown.max,
    max_turnaround_time: turnaround.max,
    max_waiting_time: waiting.max,
    mean_slowdown: slowdown.mean,
    mean_turnaround_time: turnaround.mean,
    mean_waiting_time: waiting.mean,
    nb_computing_machines: machine.nodes.length,
    nb_jobs: jobs.length,
    nb_jobs_finished: finished,
    nb_jobs_killed: finished - success,
    nb_jobs_rejected: rejected,
    nb_jobs_success: success,
    success_rate: jobs.length === 0 ? null : success / jobs.length,
    time_computing: computing,
    time_idle: machine.nodes.length * makespan - computing,
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** It failed, and nothing ever happened to it. */
const isRefused = ({ outcome, allocated, started, ended }: JobTimes) =>
  outcome === "failed" && allocated === null && started === null && ended === null;

const ratio = (a: number, b: number) => (b > 0 ? [a / b] : []);

/** Null where there is nothing. */
function of(values: readonly number[]): { mean: number | null; max: number | null } {
  if (values.length === 0) return { mean: null, max: null };
  const [sum, max] = values.reduce(([total, most], value) => [total + value, Math.max(most, value)], [0, Number.NEGATIVE_INFINITY]);
  return { mean: sum / values.length, max };
}

/** Seconds of all nodes together in which some job ran on them. */
function computingSeconds(rows: readonly JobTimes[], endSeconds: number): number {
  const busyUntil = new Map<string, number>();
  let sum = 0;
  for (const row of [...rows].sort((a, b) => (a.started ?? 0) - (b.started ?? 0))) {
    const from = row.started ?? 0;
    const to = from + ranSeconds(row, endSeconds);
    for (const node of row.nodes) {
      const busy = busyUntil.get(node) ?? from;
      sum += Math.max(0, to - Math.max(from, busy));
      busyUntil.set(node, Math.max(busy, to));
    }
  }
  return sum;
}
