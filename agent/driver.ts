import type { Job } from "../model/job.ts";
import { longestChainSeconds } from "../model/stream/dependencies.ts";
import { wordsOf } from "./words.ts";

/** Real or pretended time, in seconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves at `seconds`, at once if that is past. */
  until(seconds: number): Promise<void>;
}

/** The machine's own clock, as the scheduler's log and the jobs have it, corrections while we run included. */
export const realClock: Clock = {
  now: () => Date.now() / 1000,
  until: async (seconds) => {
    // As now() reckons: a product would be rounded otherwise than its quotient.
    for (let left = seconds - realClock.now(); left > 0; left = seconds - realClock.now())
      // Node cuts off a timer's fraction of a millisecond.
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(left * 1000)));
  },
};

/** One job that was handed to the scheduler, or was meant to be. */
export interface Submission {
  readonly job: Job;
  /** When the workload wanted it to be submitted. */
  readonly planned: number;
  /** When its submission began. */
  readonly begun: number;
  /** When the scheduler had answered. */
  readonly answered: number;
  /** Why the scheduler did not take it; null if it did. */
  readonly refused: string | null;
}

/**
 * Submissions that run side by side. On one emulated core sbatch takes 0.2 s, however many run; a stream's clusters of
 * arrivals must not wait for each other, and this many still fit in the memory of the smallest head node.
 */
export const submissionsAtOnce = 16;

/**
 * Submits each job at its time, whatever happens to earlier ones: an open loop. A submission is begun, not awaited;
 * no more than `atOnce` run side by side, and what has to wait for its turn shows up as lateness.
 */
export async function openLoop(
  jobs: readonly Job[],
  start: number,
  submit: (job: Job) => Promise<void>,
  clock: Clock,
  atOnce: number = submissionsAtOnce,
  onSubmission: (submission: Submission) => void = () => {},
): Promise<Submission[]> {
  const inTurn = jobs.map((job, i) => ({ job, i })).sort((a, b) => a.job.submitSeconds - b.job.submitSeconds || a.i - b.i);
  const under = new Set<Promise<void>>();
  const submissions: Submission[] = [];
  for (const { job } of inTurn) {
    const planned = start + job.submitSeconds;
    await clock.until(planned);
    while (under.size >= atOnce) await Promise.race(under);
    const begun = clock.now();
    const done = submit(job)
      .then(() => null)
      .catch(wordsOf)
      .then((refused) => {
        const submission = { job, planned, begun, answered: clock.now(), refused };
        submissions.push(submission);
        onSubmission(submission);
        under.delete(done);
      });
    under.add(done);
  }
  await Promise.all(under);
  return submissions;
}

/** Nobody believes more than this of one job's launch, however slow the machine, in seconds. */
const launchSeconds = 10;

/**
 * When a run is cut off, in seconds after its start: generous, for what is left then is counted as censored.
 * Last submission, three times the work spread evenly over the machine, the longest chain of dependent jobs, the longest walltime, and every job's launch.
 */
export function cutOff(jobs: readonly Job[], machineNodes: number): number {
  const work = jobs.reduce((sum, job) => sum + (job.runSeconds ?? job.walltimeSeconds) * job.nodes, 0);
  const last = jobs.reduce((most, job) => Math.max(most, job.submitSeconds), 0);
  const longest = jobs.reduce((most, job) => Math.max(most, job.walltimeSeconds), 0);
  return last + (3 * work) / machineNodes + longestChainSeconds(jobs) + longest + launchSeconds * (jobs.length + 6);
}
