import type { JobRow, NodeGroup } from "./analysis.ts";
import { intervalsOf } from "./occupancy.ts";

/** A part of a node's cores, from and to, as shares of all of them. */
export interface Lane {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** Cores of each node, numbered from 0 in the topology's order. */
export const coresOfNodes = (groups: readonly NodeGroup[]): number[] =>
  groups.flatMap(({ count, cpus }) => Array.from({ length: count }, () => cpus));

/** Whether some job leaves a part of every node to others. */
export const areShared = (jobs: readonly JobRow[], cores: readonly number[]): boolean => {
  const fewest = cores.reduce((least, own) => Math.min(least, own), Number.POSITIVE_INFINITY);
  return jobs.some(({ coresPerNode }) => coresPerNode !== null && coresPerNode < fewest);
};

/**
 * Where on its nodes each job is drawn: on the first cores that no other job has then, in as few pieces as those make. Which cores it
 * really had, no record says.
 */
export function lanes(jobs: readonly JobRow[], cores: readonly number[]): Map<JobRow, Lane[]> {
  const taken = cores.map((count) => new Uint8Array(count));
  const held = new Map<JobRow, readonly (readonly [node: number, core: number])[]>();
  const found = new Map<JobRow, Lane[]>();
  for (const { job, begins } of turns(jobs)) {
    if (!begins) {
      for (const [node, core] of held.get(job) ?? []) release(taken[node], core);
      continue;
    }
    const own = intervalsOf(job.on).flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((node) =>
        firstFree(taken[node] ?? new Uint8Array(), job.coresPerNode ?? 1).map((core) => [node, core] as const),
      ),
    );
    for (const [node, core] of own) take(taken[node], core);
    held.set(job, own);
    found.set(job, pieces(own, cores));
  }
  return found;
}

/** Starts and ends in order of time; at one moment, the ends first. */
function turns(jobs: readonly JobRow[]) {
  return jobs
    .flatMap((job) => {
      if (job.start === null) return [];
      return [{ job, begins: true, at: job.start }, ...(job.end === null ? [] : [{ job, begins: false, at: job.end }])];
    })
    .sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
}

const take = (node: Uint8Array | undefined, core: number) => {
  if (node !== undefined) node[core] = (node[core] ?? 0) + 1;
};
const release = (node: Uint8Array | undefined, core: number) => {
  if (node !== undefined) node[core] = (node[core] ?? 0) - 1;
};

/** Clocks of two precisions may have a job begin just before another ended: it then gets a core twice. */
function firstFree(node: Uint8Array, count: number): number[] {
  const all = [...node.keys()];
  const free = all.filter((core) => node[core] === 0);
  return [...free, ...all.filter((core) => node[core] !== 0)].slice(0, count).sort((a, b) => a - b);
}

function pieces(own: readonly (readonly [node: number, core: number])[], cores: readonly number[]): Lane[] {
  const found: { node: number; first: number; last: number }[] = [];
  for (const [node, core] of own) {
    const before = found.at(-1);
    if (before !== undefined && before.node === node && before.last === core - 1) before.last = core;
    else found.push({ node, first: core, last: core });
  }
  return found.map(({ node, first, last }) => ({ node, from: first / (cores[node] ?? 1), to: (last + 1) / (cores[node] ?? 1) }));
}
