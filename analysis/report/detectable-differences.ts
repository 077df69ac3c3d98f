import { pairedDifference } from "../statistics/paired-difference.ts";
import { seedPlan } from "../statistics/seed-planning.ts";
import type { Detectable, ObjectiveAxis, Trial } from "./analysis.ts";

/** Of a one-sided test, as of one side of a 95 % interval. */
const level = 0.025;

/** A configuration with its trials. */
interface Repeated {
  readonly id: string;
  readonly trials: readonly Trial[];
}

/**
 * A/A comparisons: of each configuration whose seeds were run twice, the first run of each seed against the second.
 * In the order of the objectives; the configuration with most repeated seeds first.
 */
export function detectableDifferences(configurations: readonly Repeated[], objectives: readonly ObjectiveAxis[]): Detectable[] {
  const repeated = configurations
    .map(({ id, trials }) => ({ id, pairs: pairsOf(trials) }))
    .filter(({ pairs }) => pairs.length > 0)
    .toSorted((a, b) => b.pairs.length - a.pairs.length);
  return objectives.flatMap(({ key, scale }) =>
    repeated.map(({ id, pairs }): Detectable => {
      const accessors = {
        seed: (trial: Trial) => pairs.findIndex(([first]) => first.seed === trial.seed),
        value: (trial: Trial) => trial.objectives[key],
        scale,
      };
      const { difference, differences } = pairedDifference(
        pairs.map(([first]) => first),
        pairs.map(([, second]) => second),
        accessors,
      );
      return { objective: key, configuration: id, difference, plan: seedPlan(differences, scale, level), pairs: differences.length };
    }),
  );
}

/** Of each seed the first two valid trials. */
function pairsOf(trials: readonly Trial[]): (readonly [Trial, Trial])[] {
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  return seeds.flatMap((wanted) => {
    const own = trials.filter(({ seed, status }) => seed === wanted && status === "valid");
    const [first, second] = own.toSorted((a, b) => (a.sweep?.repetition ?? 0) - (b.sweep?.repetition ?? 0));
    return first === undefined || second === undefined ? [] : [[first, second] as const];
  });
}
