import type { JobRow } from "./analysis.ts";

/** A number that holds from a second on, until the next one. */
export type Step = readonly [seconds: number, value: number];

/** What is counted: nodes, or where jobs share them, cores. A job whose cores nobody knows has one of each node. */
export type Unit = "nodes" | "cores";

const perNode = (unit: Unit, { coresPerNode }: JobRow) => (unit === "nodes" ? 1 : (coresPerNode ?? 1));

/** Nodes or cores that run a job, over time. */
export const busy = (jobs: readonly JobRow[], unit: Unit = "nodes"): Step[] =>
  steps(
    jobs.flatMap((job) =>
      job.start === null
        ? []
        : [{ from: job.start, to: job.end, height: perNode(unit, job) * (nodesIn(intervalsOf(job.on)) || job.nodes) }],
    ),
  );

/** Nodes or cores that waiting jobs ask for, over time. */
export const queued = (jobs: readonly JobRow[], unit: Unit = "nodes"): Step[] =>
  steps(jobs.map((job) => ({ from: job.submit, to: job.start, height: perNode(unit, job) * job.nodes })));

function steps(spans: readonly { readonly from: number; readonly to: number | null; readonly height: number }[]): Step[] {
  const changes = spans.flatMap(({ from, to, height }): Step[] =>
    to === null
      ? [[from, height]]
      : [
          [from, height],
          [to, -height],
        ],
  );
  const found: [number, number][] = [];
  let value = 0;
  for (const [seconds, change] of changes.toSorted(([a], [b]) => a - b)) {
    value += change;
    const last = found.at(-1);
    if (last !== undefined && last[0] === seconds) last[1] = value;
    else found.push([seconds, value]);
  }
  return found;
}

/** Nodes from the first to the last, both of them in it. */
export type Interval = readonly [from: number, to: number];

/** `0-2 3 5` → [0, 3] [5, 5]: as few as there can be without sorting. Not node by node, of which there may be many. */
export function intervalsOf(text: string): Interval[] {
  const found: [number, number][] = [];
  for (const part of text.split(/\s+/)) {
    if (part === "") continue;
    const [from = 0, to = from] = part.split("-").map(Number);
    const last = found.at(-1);
    if (last !== undefined && last[1] === from - 1) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

export const nodesIn = (intervals: readonly Interval[]): number => intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0);
