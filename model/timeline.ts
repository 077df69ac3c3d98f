import type { JobEnd, JobEvent } from "./event.ts";
import type { Job, Outcome } from "./job.ts";

/** One job of a run with everything that happened to it. Times in seconds since the epoch; null: it never happened, or nobody saw it. */
export interface JobTimes {
  readonly job: Job;
  readonly outcome: Outcome;
  readonly nodes: readonly string[];
  readonly submit: number;
  readonly allocated: number | null;
  readonly started: number | null;
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
}

/** Finest clock first: the job's own, then the driver's, then the scheduler's. */
const rank = { job: 0, driver: 1, scheduler: 2 } as const;

function earliest(events: readonly JobEvent[], name: JobEvent["event"]): number | null {
  const [best] = events.filter(({ event }) => event === name).toSorted((a, b) => rank[a.clock] - rank[b.clock]);
  return best?.seconds ?? null;
}

/** Joins what was asked, what was seen and how it ended. A job that was never submitted is not in it. */
export function timeline(jobs: readonly Job[], events: readonly JobEvent[], ends: readonly JobEnd[], endSeconds: number): Timeline {
  const eventsOf = group(events);
  const endOf = new Map(ends.map((end) => [end.job, end]));
  const lost: string[] = [];
  const rows = jobs.flatMap((job) => {
    const seen = eventsOf.get(job.id) ?? [];
    const submit = earliest(seen, "submit");
    if (submit === null) return [];
    const end = endOf.get(job.id);
    if (end === undefined) lost.push(job.id);
    const outcome = end?.outcome ?? "censored";
    const times = { submit, allocated: earliest(seen, "allocated"), started: earliest(seen, "started"), ended: earliest(seen, "ended") };
    return [{ job, outcome, nodes: end?.nodes ?? [], ...times, cleaned: earliest(seen, "cleaned") }];
  });
  return { jobs: rows, endSeconds, lost };
}

function group(events: readonly JobEvent[]): Map<string, JobEvent[]> {
  const groups = new Map<string, JobEvent[]>();
  for (const event of events) {
    const known = groups.get(event.job);
    if (known === undefined) groups.set(event.job, [event]);
    else known.push(event);
  }
  return groups;
}
