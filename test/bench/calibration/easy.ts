import type { Job } from "../../../model/job.ts";
import type { JobTimes } from "../../../model/timeline.ts";

/**
 * EASY backfilling without latency (Lifka, "The ANL/IBM SP scheduling system", JSSPP 1995): the first job that does not
 * fit gets the earliest start that running jobs' limits allow, later ones go ahead if they do not delay it.
 * @param jobs in order of submission
 */
export function easy(jobs: readonly Job[], machineNodes: number): JobTimes[] {
  const start = new Float64Array(jobs.length).fill(Number.NaN);
  const queue: number[] = [];
  let running: { readonly job: number; readonly end: number; readonly limit: number }[] = [];
  let [free, arrived, now] = [machineNodes, 0, 0];
  const nodes = (i: number) => (jobs[i] as Job).nodes;
  const launch = (i: number) => {
    const { runSeconds, walltimeSeconds } = jobs[i] as Job;
    start[i] = now;
    free -= nodes(i);
    running.push({ job: i, end: now + (runSeconds ?? 0), limit: now + walltimeSeconds });
  };
  while (arrived < jobs.length || running.length > 0) {
    const next = running.reduce((least, { end }) => Math.min(least, end), jobs[arrived]?.submitSeconds ?? Number.POSITIVE_INFINITY);
    now = next;
    running = running.filter(({ job, end }) => {
      if (end > now) return true;
      free += nodes(job);
      return false;
    });
    while (arrived < jobs.length && (jobs[arrived] as Job).submitSeconds <= now) queue.push(arrived++);
    while (queue.length > 0 && nodes(queue[0] as number) <= free) launch(queue.shift() as number);
    if (queue.length > 1 && free > 0) backfill();
  }
  return jobs.map((job, i) => rowOf(job, start[i] as number));

  function backfill() {
    const head = nodes(queue[0] as number);
    let [there, shadow] = [free, now];
    for (const { job, limit } of running.toSorted((a, b) => a.limit - b.limit)) {
      if (there >= head) break;
      there += nodes(job);
      shadow = limit;
    }
    let extra = there - head;
    for (let at = 1; at < queue.length && free > 0; at++) {
      const i = queue[at] as number;
      const isShort = now + (jobs[i] as Job).walltimeSeconds <= shadow;
      if (nodes(i) > free || (!isShort && nodes(i) > extra)) continue;
      if (!isShort) extra -= nodes(i);
      queue.splice(at--, 1);
      launch(i);
    }
  }
}

function rowOf(job: Job, started: number): JobTimes {
  const ended = started + (job.runSeconds ?? 0);
  return {
    job,
    outcome: "completed",
    nodes: [],
    due: job.submitSeconds,
    submit: job.submitSeconds,
    allocated: started,
    started,
    startedBy: "job",
    ended,
    cleaned: ended,
  };
}
