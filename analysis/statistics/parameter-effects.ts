import { mean } from "simple-statistics";
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

/**
 * Main effects by matched pairs: runs with the same seed and the same other parameters. A parameter that never varies
 * alone (zipped axes) has no effect of its own that could be told. The intervals of all cells hold together with the
 * confidence of one (Bonferroni), so that a figure of many cells has no more false alarms than one of one.
 */
export function parameterEffects<Run>(runs: readonly Run[], accessors: ParameterAccessors<Run>): ParameterEffect[] {
  const levels = levelsOf(runs.map(accessors.parameters));
  const cells = [...levels].flatMap(([parameter, [from, ...others]]) =>
    from === undefined
      ? []
      : others.flatMap((to) =>
          accessors.axes.map((axis, k) => ({
            parameter,
            from,
            to,
            axis,
            objective: axisName(axis, k),
            changes: [...changesBySeed(runs, accessors, axis, parameter, from, to).values()],
          })),
        ),
  );
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
  const levels = new Map<string, Level[]>();
  for (const parameters of all) {
    for (const [name, level] of Object.entries(parameters)) {
      const known = levels.get(name) ?? [];
      levels.set(name, known.includes(level) ? known : [...known, level]);
    }
  }
  return levels;
}

/** Of each seed the changes between runs that differ in this parameter alone; repetitions are averaged first. */
function changesBySeed<Run>(
  runs: readonly Run[],
  { parameters, seed }: ParameterAccessors<Run>,
  axis: RunAxis<Run>,
  parameter: string,
  from: Level,
  to: Level,
): Map<number, number[]> {
  const blocks = new Map<string, { seed: number; before: number[]; after: number[] }>();
  for (const run of runs) {
    const { [parameter]: level, ...others } = parameters(run);
    const value = valueOn(axis, run);
    if (value === null || axis.isBound?.(run) || (level !== from && level !== to)) continue;
    const key = JSON.stringify([seed(run), Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const block = blocks.get(key) ?? { seed: seed(run), before: [], after: [] };
    blocks.set(key, block);
    (level === from ? block.before : block.after).push(toScale(value, axis.scale));
  }
  const changes = new Map<number, number[]>();
  for (const { seed: own, before, after } of blocks.values()) {
    if (before.length > 0 && after.length > 0) changes.set(own, [...(changes.get(own) ?? []), mean(after) - mean(before)]);
  }
  return changes;
}
