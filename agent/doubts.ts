import { mean } from "simple-statistics";
import type { Outcome } from "../model/job.ts";
import type { Doubt } from "../model/run.ts";
import type { Timeline } from "../model/timeline.ts";
import type { Purpose } from "../model/workload.ts";

const names = (rows: readonly { readonly job: { readonly id: string } }[]) => listed(rows.map(({ job }) => job.id));

const listed = (ids: readonly string[]) => (ids.length > 5 ? `${ids.slice(0, 5).join(", ")} and ${ids.length - 5} more` : ids.join(", "));

/**
 * What the ends of a run's jobs cast doubt on.
 * @param words what a failed job printed last, where that is known
 * @param waiting why jobs had not started at the cut-off, where the scheduler says
 */
export function endDoubts(
  { jobs, lost }: Timeline,
  purpose: Purpose,
  words: (job: string) => string | null,
  waiting: ReadonlyMap<string, string> = new Map(),
): Doubt[] {
  const found: Doubt[] = [];
  const unknown = new Set(lost);
  if (lost.length > 0) found.push({ code: "jobs lost", severity: "invalid", message: `no record says how ${listed(lost)} ended` });
  for (const { outcome, code, severity, how } of endings) {
    const rows = jobs.filter((row) => row.outcome === outcome && !unknown.has(row.job.id));
    const [first] = rows;
    if (first === undefined) continue;
    const { job } = (outcome === "censored" ? rows.find(({ job: { id } }) => waiting.has(id)) : undefined) ?? first;
    const last = outcome === "censored" ? waiting.get(job.id) : words(job.id);
    const said = last?.trim().split("\n").slice(-3).join("; ").slice(-300);
    const message = `${rows.length} of ${jobs.length} jobs ${how}: ${names(rows)}${said ? ` (${job.id}: ${said})` : ""}`;
    found.push({ code, severity: severity(purpose), message });
  }
  return found;
}

const always = (severity: Doubt["severity"]) => () => severity;

/** What an end other than completion says of the run. */
const endings: readonly {
  readonly outcome: Outcome;
  readonly code: Doubt["code"];
  readonly severity: (purpose: Purpose) => Doubt["severity"];
  readonly how: string;
}[] = [
  // In a burst or a kernel they have no bound; anything else counts them with theirs.
  {
    outcome: "censored",
    code: "censored",
    severity: (purpose) => (purpose === "burst" || purpose === "kernel" ? "invalid" : "caution"),
    how: "had not ended at the cut-off",
  },
  { outcome: "failed", code: "job failed", severity: always("invalid"), how: "failed" },
  { outcome: "out of memory", code: "out of memory", severity: always("invalid"), how: "were killed for want of memory" },
  { outcome: "timeout", code: "timeout", severity: always("caution"), how: "met their time limit" },
  { outcome: "cancelled", code: "cancelled", severity: always("caution"), how: "were cancelled" },
];

/** Nodes that the scheduler took out of use: the machine was not the one that was asked for. */
export const troubleDoubts = (troubled: ReadonlyMap<string, string>): Doubt[] =>
  [...troubled].map(([node, what]) => ({ code: "node troubled", severity: "invalid", message: `${node}: ${what}` }));

/** What the scheduler's configuration was when the run began, and is no more. */
export function configurationDoubts(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Doubt[] {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
  return changed.map((key) => {
    const message = `${key} was "${before[key] ?? "not set"}" before the run, and is "${after[key] ?? "not set"}" after it`;
    return { code: "configuration differs", severity: "invalid", message };
  });
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
