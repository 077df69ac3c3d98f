import { front } from "../pareto/front.ts";
import { seedsForAnInterval } from "./estimate.ts";
import { type Drawing, meanDraws } from "./mean-draws.ts";
import { meanPoints } from "./mean-points.ts";
import type { PairedRuns } from "./paired-runs.ts";

/** How sure it is that a configuration is on the front. */
export interface FrontMembership {
  readonly configuration: string;
  /** Whether its means over the seeds are. */
  readonly onFront: boolean;
  /**
   * Share of the draws of the true means in which it is; null with fewer than three seeds, and where that depends on how far
   * true values are above lower bounds.
   */
  readonly probability: number | null;
}

/** By how much the share may depend on what bounds hide. */
const mostUnknown = 0.05;

/** In the order of the configurations. */
export function frontMembership(runs: PairedRuns, drawing: Drawing = {}): FrontMembership[] {
  const { configurations, seeds } = runs;
  const times = new Uint32Array(configurations.length);
  const timesAtBounds = new Uint32Array(configurations.length);
  const hasBounds = configurations.some(({ isBound }) => isBound.includes(true));
  let total = 0;
  if (seeds.length >= seedsForAnInterval) {
    for (const weights of meanDraws(seeds.length, drawing)) {
      for (const member of front(meanPoints(runs, weights))) times[member] = (times[member] ?? 0) + 1;
      if (hasBounds)
        for (const member of front(meanPoints(runs, weights, "as they are"))) timesAtBounds[member] = (timesAtBounds[member] ?? 0) + 1;
      total++;
    }
  }
  const now = new Set(front(meanPoints(runs)));
  return configurations.map(({ name }, i) => {
    const share = (times[i] ?? 0) / total;
    const isKnown = total > 0 && (!hasBounds || Math.abs(share - (timesAtBounds[i] ?? 0) / total) <= mostUnknown);
    return { configuration: name, onFront: now.has(i), probability: isKnown ? share : null };
  });
}
