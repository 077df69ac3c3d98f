import type { Outcome } from "../model/job.ts";
import type { Machine } from "../model/machine.ts";
import { slotsFor } from "../model/metrics/control-plane-cost.ts";
import { saturation } from "../model/metrics/saturation.ts";
import { streamWarmUp } from "../model/metrics/stream.ts";
import type { Doubt, Metric } from "../model/run.ts";
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

/** In a burst or a kernel what was cut off has no bound; anything else counts it with its own. */
const cut = (purpose: Purpose): Doubt["severity"] => (purpose === "burst" || purpose === "kernel" ? "invalid" : "caution");

const always = (severity: Doubt["severity"]) => () => severity;

/** What an end other than completion says of the run. */
const endings: readonly {
  readonly outcome: Outcome;
  readonly code: Doubt["code"];
  readonly severity: (purpose: Purpose) => Doubt["severity"];
  readonly how: string;
}[] = [
  { outcome: "censored", code: "censored", severity: cut, how: "had not ended at the cut-off" },
  { outcome: "failed", code: "job failed", severity: always("invalid"), how: "failed" },
  { outcome: "out of memory", code: "out of memory", severity: always("invalid"), how: "were killed for want of memory" },
  { outcome: "timeout", code: "timeout", severity: always("caution"), how: "met their time limit" },
  { outcome: "cancelled", code: "cancelled", severity: cut, how: "were cancelled by the scheduler" },
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

/** What a stream whose queue has no steady state, or was not let come to it, says of its waits. */
export function steadinessDoubts(timeline: Timeline, machine: Machine, timeCompression: number): Doubt[] {
  const saturated = saturation(timeline, machine);
  if (saturated !== null) {
    const why =
      saturated.kind === "overloaded"
        ? `jobs need ${saturated.load.toFixed(2)} times what the machine has while they arrive`
        : `the work that waits grew to the end, by ${(100 * saturated.rate).toFixed(0)} % of what the machine can do`;
    return [{ code: "saturated", severity: "caution", message: `${why}; α grows with the stream; its number is no result` }];
  }
  const { needed } = streamWarmUp(timeline, machine, timeCompression);
  const { length } = timeline.jobs;
  if (needed === null || length >= needed) return [];
  const message = `${length} jobs are too few for this load: the queue has not come to its steady state; ${needed} are needed`;
  return [{ code: "stream short", severity: "caution", message }];
}

/** Jobs of a burst that must wait for others' slots: γ then holds their launching, so many at a time. */
export function slotDoubts({ jobs }: Timeline, machine: Machine): Doubt[] {
  const slots = slotsFor(
    jobs.map(({ job }) => job),
    machine,
  );
  if (slots === jobs.length) return [];
  const message = `${jobs.length} jobs had ${slots} ${slots === 1 ? "slot" : "slots"}: γ holds their wait for each other; give the machine a core for each`;
  return [{ code: "few slots", severity: "caution", message }];
}

/** Launching beyond this share of α is worth a word. */
const mostLaunching = 0.1;

/** Launching is not compressed with the rest: how much of α it makes. */
export function compressionDoubts(metrics: readonly Metric[], timeCompression: number): Doubt[] {
  const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? null;
  const [alpha, without] = [value("meanBoundedSlowdown"), value("meanBoundedSlowdownWithLaunchingCompressed")];
  if (alpha === null || without === null || alpha - without <= mostLaunching * alpha) return [];
  const message = `of α ${alpha.toPrecision(3)}, ${(alpha - without).toPrecision(3)} is launching, which time compression (${timeCompression}) multiplies; without it α is about ${without.toPrecision(3)}`;
  return [{ code: "launching compressed", severity: "caution", message }];
}
