import { dominates } from "./dominance.ts";
import { evenlySpaced, type Points, select } from "./points.ts";

/** Points that stand for all: how many of them a point dominates says what it would spare. */
const sampleSize = 256;
/** Points among which good ones are looked for; judged by a few of the sample first, the best by all of it. */
const poolSize = 2048;
const judges = 32;
const candidates = 32;
/** A pivot costs a comparison with each point that is left: it must dominate at least this share of them. */
const worthwhileShare = 1 / 32;

/**
 * A few points that together dominate many, best first; empty where no point dominates enough, or where the points are
 * too few to be worth it.
 */
export function pivots(points: Points): Points {
  if (points.count < 4 * sampleSize) return select(points, new Uint32Array(0));
  const sample = evenlySpaced(points, sampleSize);
  const pool = evenlySpaced(points, Math.min(poolSize, points.count >>> 4));
  const counts = victimCounts(pool, evenlySpaced(sample, judges));
  const promising = Uint32Array.from(counts.keys())
    .sort((a, b) => counts[b]! - counts[a]!)
    .subarray(0, candidates);
  return select(pool, greedyCover(pool, promising, sample));
}

/** For every point of the pool the number of judges that it dominates. */
function victimCounts(pool: Points, jury: Points): Uint32Array {
  const counts = new Uint32Array(pool.count);
  for (let i = 0; i < pool.count; i++) for (let j = 0; j < jury.count; j++) if (dominates(pool, i, jury, j)) counts[i]!++;
  return counts;
}

/** Again and again whoever dominates most of the sample that earlier ones leave. */
function greedyCover(pool: Points, promising: Uint32Array, sample: Points): Uint32Array {
  const victims = Array.from(promising, (point) => ({ point, dominated: allVictims(pool, point, sample) }));
  const left = new Uint8Array(sample.count).fill(1);
  let remaining = sample.count;
  const chosen: number[] = [];
  for (;;) {
    let best = { point: -1, dominated: [] as number[] };
    for (const victim of victims) {
      victim.dominated = victim.dominated.filter((j) => left[j] === 1);
      if (victim.dominated.length > best.dominated.length) best = victim;
    }
    if (best.dominated.length <= worthwhileShare * remaining) return Uint32Array.from(chosen);
    chosen.push(best.point);
    remaining -= best.dominated.length;
    for (const j of best.dominated) left[j] = 0;
  }
}

function allVictims(pool: Points, point: number, sample: Points): number[] {
  const dominated: number[] = [];
  for (let j = 0; j < sample.count; j++) if (dominates(pool, point, sample, j)) dominated.push(j);
  return dominated;
}
