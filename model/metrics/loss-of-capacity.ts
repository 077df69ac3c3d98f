import type { JobTimes } from "../timeline.ts";

/**
 * β, loss of capacity, a fraction in [0, 1]: Σ (t₍k+1₎ − t₍k₎) · f₍k₎ · [some queued job fits in f₍k₎] ÷ (N · T).
 * f is the number of free nodes between two events, N the machine's nodes, T from the first submission to the
 * last end. A node is free from a job's end (cleaned, where the scheduler says when) to the next allocation.
 * Source: Leung, Sabin, Sadayappan, "Parallel Job Scheduling Policies to Improve Fairness", 2010, after Zhang
 * et al., JSSPP 2001; here the indicator is "fits", so that idling which no job could use is no loss.
 * @param nodeCount nodes of the machine, each given to one job at a time
 */
export function lossOfCapacity(rows: readonly JobTimes[], endSeconds: number, nodeCount: number): number {
  const steps = rows.flatMap((row) => stepsOf(row, endSeconds)).sort((a, b) => a.seconds - b.seconds);
  const first = steps[0]?.seconds;
  const last = Math.max(...rows.map((row) => released(row, endSeconds)));
  if (first === undefined || last <= first) return 0;
  let free = nodeCount;
  let lostNodeSeconds = 0;
  const queuedBySize = new Map<number, number>();
  steps.forEach(({ seconds, size, queued, held }, i) => {
    free -= held * size;
    queuedBySize.set(size, (queuedBySize.get(size) ?? 0) + queued);
    const until = Math.min(steps[i + 1]?.seconds ?? last, last);
    const fits = [...queuedBySize].some(([nodes, count]) => count > 0 && nodes <= free);
    if (fits && until > seconds) lostNodeSeconds += (until - seconds) * free;
  });
  return lostNodeSeconds / (nodeCount * (last - first));
}

const released = ({ allocated, ended, cleaned }: JobTimes, endSeconds: number) =>
  allocated === null ? endSeconds : (cleaned ?? ended ?? endSeconds);

/** A job's effect on the queue (+1 joins, −1 leaves) and on the machine (+1 takes its nodes, −1 gives them back). */
function stepsOf(row: JobTimes, endSeconds: number) {
  const size = row.job.nodes;
  const joins = { seconds: row.submit, size, queued: 1, held: 0 };
  if (row.allocated === null) return [joins];
  // Clocks of two precisions may put an allocation before its submission: it took no time, then.
  const allocated = Math.max(row.allocated, row.submit);
  const takes = { seconds: allocated, size, queued: -1, held: 1 };
  return [joins, takes, { seconds: Math.max(released(row, endSeconds), allocated), size, queued: 0, held: -1 }];
}
