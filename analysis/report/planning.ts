import { needsMoreSeeds, seedsForAnInterval } from "../statistics/estimate.ts";
import { pairedDifference } from "../statistics/paired-difference.ts";
import { toScale } from "../statistics/scale.ts";
import { seedPlan } from "../statistics/seed-planning.ts";
import type { Configuration, ObjectiveAxis, Planning, Trial } from "./analysis.ts";

/** Of a one-sided test, as of one side of a 95 % interval. */
const level = 0.025;

/**
 * How many seeds tell a configuration from the one that is best in the objective, or the best from the second best, by paired
 * differences; where it is alone, its mean from a given number. The scatter of so few seeds is itself uncertain: of three, by
 * a factor of two.
 */
export function planningOf(configurations: readonly Configuration[], objectives: readonly ObjectiveAxis[]): Planning[] {
  return objectives.flatMap((axis) => {
    const measured = configurations.filter((own) => isKnown(own, axis));
    const sign = axis.better === "lower" ? 1 : -1;
    const rankedBy = (own: Configuration) => sign * (own.estimates[axis.key]?.value ?? Number.POSITIVE_INFINITY);
    const [best, second] = measured.toSorted((a, b) => rankedBy(a) - rankedBy(b));
    return configurations.map((own): Planning => {
      const rival = own === best ? second : best;
      const at = { configuration: own.id, objective: axis.key, against: rival?.id ?? null };
      if (!measured.includes(own)) return { ...at, against: null, seeds: 0, plan: null, reason: whyUnknown(own, axis) };
      const differences = rival === undefined ? alone(own, axis) : against(own, rival, axis);
      const seeds = differences.length;
      if (seeds < seedsForAnInterval) return { ...at, seeds, plan: null, reason: needsMoreSeeds(seeds, seedsForAnInterval) };
      return { ...at, seeds, plan: seedPlan(differences, axis.scale, level) };
    });
  });
}

const isKnown = ({ estimates, trials }: Configuration, { key }: ObjectiveAxis): boolean =>
  trials.some(({ status }) => status === "valid") && estimates[key] != null && estimates[key].lowerBound !== true;

const whyUnknown = ({ estimates, trials }: Configuration, { key }: ObjectiveAxis): string => {
  if (!trials.some(({ status }) => status === "valid")) return "no valid trial";
  return estimates[key]?.lowerBound === true ? "a lower bound" : "no usable value";
};

const usable = ({ trials }: Configuration): Trial[] => trials.filter(({ status }) => status === "valid");

function against(own: Configuration, rival: Configuration, { key, scale }: ObjectiveAxis): readonly number[] {
  const numbers = new Map<string, number>();
  const seed = ({ seed: text }: Trial) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  return pairedDifference(usable(rival), usable(own), { seed, value: ({ objectives }) => objectives[key], scale }).differences;
}

/** Each seed's value on the scale; the first run of each. */
function alone(own: Configuration, { key, scale }: ObjectiveAxis): number[] {
  const bySeed = new Map<string, number>();
  for (const { seed, objectives } of usable(own)) {
    const value = objectives[key];
    if (value != null && !bySeed.has(seed)) bySeed.set(seed, toScale(value, scale));
  }
  return [...bySeed.values()];
}
