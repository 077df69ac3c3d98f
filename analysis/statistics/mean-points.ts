import type { Points } from "../pareto/points.ts";
import type { ConfigurationRuns, PairedRuns } from "./paired-runs.ts";

/**
 * Means of every configuration over the seeds drawn, as points to be minimised in the order of the configurations. The
 * same draw for all of them keeps runs paired. A configuration that was run with none of the seeds drawn keeps its mean
 * over all of its own.
 */
export function meanPoints({ configurations, dimensions }: PairedRuns, draw: ArrayLike<number>): Points {
  const values = new Float64Array(configurations.length * dimensions);
  configurations.forEach((configuration, i) => {
    values.set(meanOver(configuration, draw) ?? meanOver(configuration, everySeed(configuration)) ?? [], i * dimensions);
  });
  return { values, count: configurations.length, dimensions };
}

/** Mean over those of the seeds drawn that the configuration was run with, null if there is none. */
export function meanOver({ bySeed }: ConfigurationRuns, draw: ArrayLike<number>): number[] | null {
  let sum: number[] | null = null;
  let count = 0;
  for (let i = 0; i < draw.length; i++) {
    const vector = bySeed[draw[i] as number];
    if (!vector) continue;
    if (sum === null) sum = [...vector];
    else for (let k = 0; k < vector.length; k++) sum[k] = (sum[k] as number) + (vector[k] as number);
    count++;
  }
  return sum === null ? null : sum.map((value) => value / count);
}

const everySeed = ({ bySeed }: ConfigurationRuns): number[] => [...bySeed.keys()];
