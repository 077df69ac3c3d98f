import { front } from "../../../analysis/pareto/front.ts";
import { points } from "../../../analysis/pareto/points.ts";
import { frontMembership } from "../../../analysis/statistics/front-membership.ts";
import { pairedRuns, type RunAxis } from "../../../analysis/statistics/paired-runs.ts";
import type { Check } from "./check.ts";
import { distributions, sample } from "./random.ts";

const configurations = 6;
const times = 400;
/** True means and the noise of a run about them, of two objectives: a study in which some differences are plain and some are not. */
const spread = 0.3;
const noise = 0.3;

interface Run {
  readonly name: string;
  readonly seed: number;
  readonly values: readonly number[];
}
const axes: RunAxis<Run>[] = [0, 1].map((k) => ({ better: "lower", scale: "linear", value: ({ values }) => values[k] }));

/** Of claims of membership in a range, how many are true: the share should lie in the range. */
export function membership(seed: number): Check[] {
  const { normal } = distributions(seed);
  return [3, 5, 10].flatMap((seeds) => {
    const claims = Array.from({ length: times }, () => claimsOf(seeds, normal)).flat();
    return [
      { from: 0, to: 0.05, asked: "≤ 0.05" },
      { from: 0.05, to: 0.5, asked: "0.05 to 0.5" },
      { from: 0.5, to: 0.95, asked: "0.5 to 0.95" },
      { from: 0.95, to: 1.01, asked: "≥ 0.95" },
    ].flatMap(({ from, to, asked }): Check[] => {
      const own = claims.filter(({ probability }) => probability >= from && probability < to);
      if (own.length < 30) return [];
      const value = own.filter(({ isTrue }) => isTrue).length / own.length;
      const cell = `claimed ${from} to ${Math.min(1, to)}, ${seeds} seeds`;
      return [{ check: "membership: share that is true", cell, value, asked }];
    });
  });
}

function claimsOf(seeds: number, normal: () => number) {
  const truth = Array.from({ length: configurations }, () => sample(2, () => spread * normal()));
  const members = new Set(front(points(truth)));
  const runs = truth.flatMap((means, i) =>
    Array.from({ length: seeds }, (_, seed): Run => ({ name: `${i}`, seed, values: means.map((mean) => mean + noise * normal()) })),
  );
  const paired = pairedRuns(runs, { configuration: ({ name }) => name, seed: (run) => run.seed, axes });
  return frontMembership(paired, { draws: 400 }).map(({ probability }, i) => ({ probability: probability ?? 0, isTrue: members.has(i) }));
}
