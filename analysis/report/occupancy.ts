import type { JobRow } from "./analysis.ts";

/** A number that holds from a second on, until the next one. */
export type Step = readonly [seconds: number, value: number];

/** Nodes that run a job, over time. */
export const busyNodes = (jobs: readonly JobRow[]): Step[] =>
  steps(
    jobs.flatMap(({ start, end, on, nodes }) => (start === null ? [] : [{ from: start, to: end, height: nodesOf(on).length || nodes }])),
  );

/** Nodes that waiting jobs ask for, over time. */
export const queuedNodes = (jobs: readonly JobRow[]): Step[] =>
  steps(jobs.map(({ submit, start, nodes }) => ({ from: submit, to: start, height: nodes })));

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

/** `0-2 5` → 0 1 2 5. */
export const nodesOf = (intervals: string): number[] =>
  intervals
    .split(/\s+/)
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    });
