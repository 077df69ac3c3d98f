import { type EventName, eventNames, type JobEnd, type JobEvent } from "./event.ts";
import type { Job, Outcome } from "./job.ts";

/** One job of a run with everything that happened to it. Times in seconds since the epoch; null: it never happened, or nobody saw it. */
export interface JobTimes {
  readonly job: Job;
  readonly outcome: Outcome;
  readonly nodes: readonly string[];
  /** When the workload wanted it to be submitted; the submission itself where nobody said. */
  readonly due: number;
  readonly submit: number;
  readonly allocated: number | null;
  readonly started: number | null;
  /** Whose clock that was: the job's own tells of its first instruction, the scheduler's of what it did for it. */
  readonly startedBy: JobEvent["clock"] | null;
  readonly ended: number | null;
  readonly cleaned: number | null;
}

/** Jobs of a run in order of submission. */
export interface Timeline {
  readonly jobs: readonly JobTimes[];
  /** When the run was over, or was cut off. */
  readonly endSeconds: number;
  /** Jobs that were submitted and of which no record says how they ended. */
  readonly lost: readonly string[];
  /** The coarsest clock among those that were used for each event, in seconds; 0 where the event never happened. */
  readonly precisionSeconds: Readonly<Record<EventName, number>>;
}

/** When a job was out of the system: at its end, at once if it was never in, or at `endSeconds` if it is still there. */
export const leftSeconds = ({ outcome, submit, started, ended }: JobTimes, endSeconds: number): number =>
  ended ?? (started !== null || outcome === "censored" ? endSeconds : submit);

/** Whether it was stopped before its time, at the cut-off or by a cancellation: no workload cancels its jobs, so the scheduler did. */
export const isCut = ({ outcome }: Pick<JobTimes, "outcome">): boolean => outcome === "censored" || outcome === "cancelled";

/** Finest clock first: the job's own, then the driver's, then the scheduler's; of two readings of one clock, the finer. */
const rank = { job: 0, driver: 1, scheduler: 2 } as const;
const finer = (a: JobEvent, b: JobEvent) => rank[a.clock] - rank[b.clock] || a.precisionSeconds - b.precisionSeconds;

/**
 * Joins what was asked, what was seen and how it ended. A job that was never submitted is not in it.
 * @param due when each job was to be submitted, by its id
 */
export function timeline(
  jobs: readonly Job[],
  events: readonly JobEvent[],
  ends: readonly JobEnd[],
  endSeconds: number,
  due: ReadonlyMap<string, number> = new Map(),
): Timeline {
  const eventsOf = bestEvents(events);
  const endOf = new Map(ends.map((end) => [end.job, end]));
  const lost: string[] = [];
  const precisionSeconds = { submit: 0, eligible: 0, allocated: 0, started: 0, ended: 0, cleaned: 0 };
  const rows = jobs.flatMap((job): JobTimes[] => {
    const seen = eventsOf.get(job.id);
    if (seen?.submit === undefined) return [];
    for (const name of eventNames) precisionSeconds[name] = Math.max(precisionSeconds[name], seen[name]?.precisionSeconds ?? 0);
    const end = endOf.get(job.id);
    if (end === undefined) lost.push(job.id);
    const at = (name: EventName) => seen[name]?.seconds ?? null;
    const times = {
      due: due.get(job.id) ?? seen.submit.seconds,
      submit: seen.submit.seconds,
      allocated: at("allocated"),
      started: at("started"),
      startedBy: seen.started?.clock ?? null,
      ended: at("ended"),
      cleaned: at("cleaned"),
    };
    return [{ job, outcome: end?.outcome ?? "censored", nodes: end?.nodes ?? [], ...times }];
  });
  return { jobs: rows.sort((a, b) => a.submit - b.submit), endSeconds, lost, precisionSeconds };
}

/** The reading of the finest clock for each event of each job; the first where a clock has several. */
function bestEvents(events: readonly JobEvent[]): Map<string, Partial<Record<EventName, JobEvent>>> {
  const best = new Map<string, Partial<Record<EventName, JobEvent>>>();
  for (const event of events) {
    const known = best.get(event.job);
    if (known === undefined) best.set(event.job, { [event.event]: event });
    else {
      const other = known[event.event];
      if (other === undefined || finer(event, other) < 0) known[event.event] = event;
    }
  }
  return best;
}
