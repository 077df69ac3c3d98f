import { capacity, type Machine } from "../machine.ts";
import { type JobTimes, leftSeconds } from "../timeline.ts";
import { FreeCapacity } from "./free-capacity.ts";

/**
 * β, loss of capacity, a fraction in [0, 1]: Σ (t₍k+1₎ − t₍k₎) · f₍k₎ · [some queued job fits in f₍k₎] ÷ (N · T).
 * f is what is free between two events and N all there is: nodes, or cores where jobs share nodes. T is the time from the
 * first submission to the last release, or the part of it that `window` names. A job holds its nodes from its allocation until it is cleaned up, or has ended
 * where the scheduler does not say. It fits if as many nodes as it asks for each have the cores, GPUs and, where the
 * scheduler counts it, the memory; partitions and limits are the scheduler's own doing, and no excuse. A job that waits
 * for others to end is not queued until they have.
 * Source: Leung, Sabin, Sadayappan, "Parallel Job Scheduling Policies to Improve Fairness", 2010, after Zhang
 * et al., JSSPP 2001; here the indicator is "fits", so that idling which no job could use is no loss.
 */
export function lossOfCapacity(
  rows: readonly JobTimes[],
  endSeconds: number,
  machine: Machine,
  window: { readonly from: number; readonly until: number } = whole(rows, endSeconds),
): number {
  // Jobs that all came at once leave no time between them.
  const { from, until: last } = window.until > window.from ? window : whole(rows, endSeconds);
  const steps = stepsOf(rows, endSeconds);
  const all = capacity(machine) * (last - from);
  if (!(all > 0)) return 0;
  const free = new FreeCapacity(machine);
  const held = new Map<JobTimes, readonly number[]>();
  let lost = 0;
  steps.forEach(({ seconds, kind, row }, i) => {
    if (kind === "join") free.join(row.job);
    else if (kind === "give") free.give(row.job, held.get(row) ?? []);
    else free.leave(row.job);
    if (kind === "take") held.set(row, free.take(row.job, row.nodes));
    const since = Math.max(seconds, from);
    const until = Math.min(steps[i + 1]?.seconds ?? last, last);
    if (until > since && free.fits()) lost += (until - since) * free.units;
  });
  return lost / all;
}

/** From the first submission to the last release. */
const whole = (rows: readonly JobTimes[], endSeconds: number) => ({
  from: rows.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY),
  until: rows.reduce((most, row) => Math.max(most, releasedSeconds(row, endSeconds)), Number.NEGATIVE_INFINITY),
});

/** Where the scheduler does not say when it allocated, the job's start tells. */
const takenSeconds = ({ allocated, started }: JobTimes) => allocated ?? started;

const releasedSeconds = (row: JobTimes, endSeconds: number) =>
  takenSeconds(row) === null ? leftSeconds(row, endSeconds) : (row.cleaned ?? leftSeconds(row, endSeconds));

interface Step {
  readonly seconds: number;
  /** Into the queue; out of it, without a node; out of it, to its nodes; off its nodes. */
  readonly kind: "join" | "leave" | "take" | "give";
  readonly row: JobTimes;
}

/** At one moment, nodes are given back before others are taken. */
const turn = { give: 0, join: 1, leave: 2, take: 3 } as const;

function stepsOf(rows: readonly JobTimes[], endSeconds: number): Step[] {
  const steps: Step[] = [];
  const leftOf = new Map(rows.map((row) => [row.job.id, leftSeconds(row, endSeconds)]));
  for (const row of rows) {
    const released = releasedSeconds(row, endSeconds);
    const taken = takenSeconds(row);
    // Clocks of two precisions may put an allocation before its submission: it took no time, then.
    const left = Math.max(taken ?? released, row.submit);
    const free = (row.job.after ?? []).reduce((most, id) => Math.max(most, leftOf.get(id) ?? most), row.submit);
    const queued = Math.min(free, left);
    const holds = taken !== null && released > left;
    if (left > queued || holds) steps.push({ seconds: queued, kind: "join", row }, { seconds: left, kind: holds ? "take" : "leave", row });
    if (holds) steps.push({ seconds: released, kind: "give", row });
  }
  return steps.sort((a, b) => a.seconds - b.seconds || turn[a.kind] - turn[b.kind]);
}
