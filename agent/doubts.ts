import { mean } from "simple-statistics";
import type { Doubt } from "../model/run.ts";
import type { JobTimes, Timeline } from "../model/timeline.ts";
import type { Purpose } from "../model/workload.ts";

/** Clocks further apart than this, in seconds, are said to be; ten times as far spoils what is measured across nodes. */
const skewSeconds = 0.1;

export function skewDoubts(offsets: ReadonlyMap<string, number>): Doubt[] {
  return [...offsets].flatMap(([node, offset]) => {
    if (Math.abs(offset) <= skewSeconds) return [];
    const severity = Math.abs(offset) > 10 * skewSeconds ? "invalid" : "caution";
    const message = `${node}'s clock is ${Math.abs(offset).toFixed(3)} s ${offset > 0 ? "ahead of" : "behind"} the head's`;
    return [{ code: "clock skew", severity, message } as const];
  });
}

const names = (rows: readonly { readonly job: { readonly id: string } }[]) => listed(rows.map(({ job }) => job.id));

const listed = (ids: readonly string[]) => (ids.length > 5 ? `${ids.slice(0, 5).join(", ")} and ${ids.length - 5} more` : ids.join(", "));

/**
 * What the ends of a run's jobs cast doubt on.
 * @param words what a failed job printed last, where that is known
 */
export function endDoubts({ jobs, lost }: Timeline, purpose: Purpose, words: (job: string) => string | null): Doubt[] {
  const found: Doubt[] = [];
  const of = (outcome: JobTimes["outcome"]) => jobs.filter((row) => row.outcome === outcome && !lost.includes(row.job.id));
  if (lost.length > 0) found.push({ code: "jobs lost", severity: "invalid", message: `no record says how ${listed(lost)} ended` });
  const censored = of("censored");
  if (censored.length > 0) {
    // In a stream or a backlog they count with their lower bound; anything else has no bound.
    const severity = purpose === "stream" || purpose === "fill" ? "caution" : "invalid";
    found.push({
      code: "censored",
      severity,
      message: `${censored.length} of ${jobs.length} jobs had not ended at the cut-off: ${names(censored)}`,
    });
  }
  for (const [outcome, severity] of [
    ["failed", "invalid"],
    ["timeout", "caution"],
    ["cancelled", "caution"],
  ] as const) {
    const rows = of(outcome);
    const [first] = rows;
    if (first === undefined) continue;
    const said = words(first.job.id)?.trim().split("\n").slice(-3).join("; ");
    const message = `${rows.length} of ${jobs.length} jobs ended as ${outcome}: ${names(rows)}${said ? ` (${first.job.id}: ${said.slice(-300)})` : ""}`;
    found.push({ code: "job failed", severity, message });
  }
  return found;
}

/**
 * Whether the queue grew to the end of the arrivals: node-seconds that wait, seen at each arrival, in four quarters of
 * the stream. Saturated where each quarter's mean is above the one before and the last is more than twice the second.
 */
export function saturationDoubts({ jobs, endSeconds }: Timeline): Doubt[] {
  const steps = jobs.flatMap(({ job, submit, started }) => {
    const work = job.nodes * (job.runSeconds ?? 0);
    return [
      { seconds: submit, change: work, arrival: true },
      { seconds: Math.max(submit, started ?? endSeconds), change: -work, arrival: false },
    ];
  });
  steps.sort((a, b) => a.seconds - b.seconds);
  let queued = 0;
  const waiting = steps.flatMap(({ change, arrival }) => {
    queued += change;
    return arrival ? [queued] : [];
  });
  const quarter = Math.floor(waiting.length / 4);
  if (quarter < 2) return [];
  const means = [0, 1, 2, 3].map((i) => mean(waiting.slice(i * quarter, i === 3 ? undefined : (i + 1) * quarter)));
  const [first = 0, second = 0, third = 0, last = 0] = means;
  if (!(first < second && second < third && third < last && last > 2 * second)) return [];
  const message = `the queue grew to the end: ${means.map((value) => value.toFixed(0)).join(", ")} node-seconds waited in the four quarters of the arrivals`;
  return [{ code: "saturated", severity: "caution", message }];
}
