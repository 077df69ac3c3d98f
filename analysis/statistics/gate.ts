import { mean } from "simple-statistics";
import { type Estimate, seedsForAnInterval } from "./estimate.ts";
import { holmAdjusted } from "./holm.ts";
import { scaledEstimate } from "./mean-estimate.ts";
import { probabilityNotAbove } from "./one-sided.ts";
import { type Scale, stepOf, toScale, usableScale } from "./scale.ts";
import { type SeedPlan, seedPlan } from "./seed-planning.ts";

/** Share of comparisons without a difference in which some cell is called worse, and in which some cell is called better. */
export const falseAlarms = { worse: 0.05, better: 0.01 } as const;

/** One objective of one configuration on both sides, in pairs of one seed. */
export interface GateCell {
  readonly better: "lower" | "higher";
  readonly scale: Scale;
  readonly pairs: readonly { readonly seed: number; readonly before: Measured; readonly after: Measured }[];
}

export interface Measured {
  readonly value: number;
  readonly isBound: boolean;
}

export interface Judgement {
  readonly verdict: "worse" | "better" | "no difference told" | "too few seeds to tell";
  /** Candidate minus baseline, or candidate over baseline on a logarithmic scale. */
  readonly change: Estimate;
  readonly scale: Scale;
  readonly seeds: number;
  /** Each seed's difference, on the scale. */
  readonly differences: readonly number[];
  /** Share of false alarms that this cell alone is tested at, at first. */
  readonly level: number;
  /** What the margin allows, on the scale. */
  readonly allowed: number;
}

/** What so many seeds detect beyond the margin, and how many are needed; null with fewer than two. */
export const planOf = ({ differences, scale, level, allowed }: Judgement): SeedPlan | null => seedPlan(differences, scale, level, allowed);

/**
 * Student's one-sided paired test of every cell, on its scale: worse where the candidate is beyond the margin, with one
 * error of 5 % over all cells (Holm); better the other way, with one of 1 %, for a gate is there to stop. The margin is a
 * share: 0.05 allows a ratio of 1.05, or five percentage points of a fraction. Where lower is better, a
 * candidate's lower bound is never better, and a baseline's never makes the candidate worse; where higher is better, a
 * candidate's is never worse, and a baseline's never makes the candidate better. Cells need a pair each.
 */
export function gate(cells: readonly GateCell[], margin = 0): Judgement[] {
  const told = cells.map(({ better, scale: wanted, pairs }) => {
    const scale = usableScale(
      wanted,
      pairs.flatMap(({ before, after }) => [before.value, after.value]),
    );
    const differences = bySeed(pairs, scale);
    const [before, after] = [pairs.some((pair) => pair.before.isBound), pairs.some((pair) => pair.after.isBound)];
    const isLower = better === "lower";
    return {
      scale,
      differences,
      losses: differences.map((difference) => (isLower ? difference : -difference)),
      isNeverWorse: isLower ? before : after,
      isNeverBetter: isLower ? after : before,
      isEnough: differences.length >= seedsForAnInterval,
      allowed: stepOf(margin, scale),
    };
  });
  const family = told.filter(({ isEnough }) => isEnough);
  const worse = holmAdjusted(family.map(({ losses, isNeverWorse, allowed }) => (isNeverWorse ? 1 : probabilityNotAbove(losses, allowed))));
  const better = holmAdjusted(
    family.map(({ losses, isNeverBetter, allowed }) =>
      isNeverBetter
        ? 1
        : probabilityNotAbove(
            losses.map((loss) => -loss),
            allowed,
          ),
    ),
  );
  return told.map((cell): Judgement => {
    const { scale, differences, allowed } = cell;
    const at = family.indexOf(cell);
    return {
      verdict: verdictOf(worse[at], better[at]),
      change: scaledEstimate(differences, scale),
      scale,
      seeds: differences.length,
      differences,
      level: falseAlarms.worse / Math.max(1, family.length),
      allowed,
    };
  });
}

/** Mean difference of each seed: repetitions of a seed are not independent of each other. */
function bySeed(pairs: GateCell["pairs"], scale: Scale): number[] {
  const found = new Map<number, number[]>();
  for (const { seed, before, after } of pairs)
    found.set(seed, [...(found.get(seed) ?? []), toScale(after.value, scale) - toScale(before.value, scale)]);
  return [...found.values()].map((differences) => mean(differences));
}

function verdictOf(worse: number | undefined, better: number | undefined): Judgement["verdict"] {
  if (worse === undefined || better === undefined) return "too few seeds to tell";
  if (worse <= falseAlarms.worse) return "worse";
  return better <= falseAlarms.better ? "better" : "no difference told";
}
