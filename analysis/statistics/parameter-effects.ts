import { mean } from "simple-statistics";
import { grouped } from "../../model/grouped.ts";
import { axisName, valueOn } from "../pareto/axis.ts";
import { type Estimate, seedsForAnInterval } from "./estimate.ts";
import { scaledEstimate } from "./mean-estimate.ts";
import type { RunAxis } from "./paired-runs.ts";
import { noChange, toScale } from "./scale.ts";

export type Level = string | number | boolean;

/** How to read runs whose parameters varied. */
export interface ParameterAccessors<Run> {
  /** Every parameter that varied, by name. */
  readonly parameters: (run: Run) => Readonly<Record<string, Level>>;
  readonly seed: (run: Run) => number;
  readonly axes: readonly RunAxis<Run>[];
}

/** What a change of one parameter does to one objective while everything else stays. */
export interface ParameterEffect {
  readonly parameter: string;
  /** Level that comes first in the runs. */
  readonly from: Level;
  readonly to: Level;
  readonly objective: string;
  /** Mean change of the objective, in its unit, a ratio on a logarithmic scale; null where no two runs differ in this parameter alone. */
  readonly change: Estimate | null;
  /** Whether the change's interval, of all cells together, leaves out no change. */
  readonly moves: boolean;
  /** Pairs of runs that differ in this parameter alone, and the seeds that they have. */
  readonly pairs: number;
  readonly seeds: number;
}

/** Parameters whose effects are told apart; no sweep varies nearly as many. */
export const mostParameters = 500;

/**
 * Main effects by matched pairs: runs with the same seed and the same other parameters. A parameter that never varies
 * alone (zipped axes) has no effect of its own that could be told. The intervals of all cells hold together with the
 * confidence of one (Bonferroni), so that a figure of many cells has no more false alarms than one of one. None where more
 * parameters vary than {@link mostParameters}.
 */
export function parameterEffects<Run>(runs: readonly Run[], accessors: ParameterAccessors<Run>): ParameterEffect[] {
  const parameters = runs.map(accessors.parameters);
  const levels = levelsOf(parameters);
  if (levels.size > mostParameters) return [];
  const othersOf = otherParameters(parameters, [...levels.keys()]);
  const cells = [...levels].flatMap(([parameter, [from, ...others]], place) => {
    if (from === undefined) return [];
    const alike = grouped([...runs.keys()], (i) => `${accessors.seed(runs[i] as Run)} ${othersOf(i, place)}`);
    const blocks = [...alike.values()].map((block): Block<Run> => {
      const own = block.map((i) => runs[i] as Run);
      return {
        seed: accessors.seed(own[0] as Run),
        byLevel: grouped(own, (run) => textOf(accessors.parameters(run)[parameter])),
      };
    });
    return others.flatMap((to) =>
      accessors.axes.map((axis, k) => ({
        parameter,
        from,
        to,
        axis,
        objective: axisName(axis, k),
        changes: [...changesBySeed(blocks, axis, from, to).values()],
      })),
    );
  });
  const family = Math.max(1, cells.filter(({ changes }) => changes.length >= seedsForAnInterval).length);
  return cells.map(({ axis, changes, ...cell }) => {
    const change =
      changes.length === 0
        ? null
        : scaledEstimate(
            changes.map((pairs) => mean(pairs)),
            axis.scale,
            { family },
          );
    const interval = change?.interval ?? null;
    const none = noChange(axis.scale);
    return {
      ...cell,
      change,
      moves: interval !== null && (interval.low > none || interval.high < none),
      pairs: changes.reduce((sum, pairs) => sum + pairs.length, 0),
      seeds: changes.length,
    };
  });
}

function levelsOf(all: readonly Readonly<Record<string, Level>>[]): Map<string, Level[]> {
  const levels = new Map<string, Set<Level>>();
  for (const parameters of all)
    for (const [name, level] of Object.entries(parameters)) levels.set(name, (levels.get(name) ?? new Set()).add(level));
  return new Map([...levels].map(([name, own]) => [name, [...own]]));
}

/** Runs of one seed whose other parameters are the same. */
interface Block<Run> {
  readonly seed: number;
  /** By {@link textOf} the level. */
  readonly byLevel: ReadonlyMap<string, readonly Run[]>;
}

const textOf = (level: Level | undefined): string => JSON.stringify(level) ?? "absent";

/** Of each seed the changes between runs that differ in this parameter alone; repetitions are averaged first. */
function changesBySeed<Run>(blocks: readonly Block<Run>[], axis: RunAxis<Run>, from: Level, to: Level): Map<number, number[]> {
  const valuesOf = (runs: readonly Run[] = []) =>
    runs.flatMap((run) => {
      const value = axis.isBound?.(run) ? null : valueOn(axis, run);
      return value === null ? [] : [toScale(value, axis.scale)];
    });
  const changes = new Map<number, number[]>();
  for (const { seed, byLevel } of blocks) {
    const [before, after] = [valuesOf(byLevel.get(textOf(from))), valuesOf(byLevel.get(textOf(to)))];
    if (before.length > 0 && after.length > 0) changes.set(seed, [...(changes.get(seed) ?? []), mean(after) - mean(before)]);
  }
  return changes;
}

/**
 * Of a run and the place of a parameter a text that is the same for runs whose other parameters are. Every beginning and every end
 * of the list of parameters has a number, so that this takes no time that grows with the square of their count.
 */
function otherParameters(all: readonly Readonly<Record<string, Level>>[], names: readonly string[]) {
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const known = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, known);
    return known;
  };
  const chain = (levels: readonly string[], end: string) => {
    const chained = [0];
    for (const level of levels) chained.push(numberOf(`${end} ${chained.at(-1)} ${level}`));
    return chained;
  };
  const chains = all.map((parameters) => {
    const levels = names.map((name) => textOf(parameters[name]));
    return { before: chain(levels, "before"), after: chain(levels.toReversed(), "after") };
  });
  return (run: number, place: number): string => {
    const { before, after } = chains[run] as (typeof chains)[number];
    return `${before[place]} ${after[names.length - 1 - place]}`;
  };
}
