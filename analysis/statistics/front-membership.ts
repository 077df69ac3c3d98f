import { front } from "../pareto/front.ts";
import { meanPoints } from "./mean-points.ts";
import type { PairedRuns } from "./paired-runs.ts";
import { draws, type Resampling } from "./resampling.ts";

/** How sure it is that a configuration is on the front. */
export interface FrontMembership {
  readonly configuration: string;
  /** Whether its means over all seeds are. */
  readonly onFront: boolean;
  /** Share of the resamples of seeds in which its means are; null with fewer than two seeds. */
  readonly probability: number | null;
}

/** In the order of the configurations. */
export function frontMembership(runs: PairedRuns, resampling: Resampling = {}): FrontMembership[] {
  const { configurations, seeds } = runs;
  const times = new Uint32Array(configurations.length);
  let total = 0;
  if (seeds.length > 1) {
    for (const draw of draws(seeds.length, resampling)) {
      for (const member of front(meanPoints(runs, draw))) times[member] = (times[member] ?? 0) + 1;
      total++;
    }
  }
  const now = new Set(front(meanPoints(runs, [...seeds.keys()])));
  return configurations.map(({ name }, i) => ({
    configuration: name,
    onFront: now.has(i),
    probability: total === 0 ? null : (times[i] ?? 0) / total,
  }));
}
