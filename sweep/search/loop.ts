import { mean } from "simple-statistics";
import { front } from "../../analysis/pareto/front.ts";
import type { Points } from "../../analysis/pareto/points.ts";
import { seedsForAnInterval } from "../../analysis/statistics/estimate.ts";
import { hypervolumeEstimate } from "../../analysis/statistics/hypervolume-estimate.ts";
import { meanPoints } from "../../analysis/statistics/mean-points.ts";
import type { AnchoredObjective } from "../../analysis/statistics/normalised-points.ts";
import { probabilityNotAbove } from "../../analysis/statistics/one-sided.ts";
import { type PairedRuns, pairedRuns } from "../../analysis/statistics/paired-runs.ts";
import { fromScale, type Scale, toScale } from "../../analysis/statistics/scale.ts";
import type { AxisValues } from "../../model/axis-values.ts";
import { canonical } from "../../model/identity.ts";
import type { Optimiser, Suggestion } from "./optimiser.ts";

/** An objective of a search. */
export interface SearchedObjective {
  readonly key: string;
  readonly better: "lower" | "higher";
  readonly scale: Scale;
  /** A mean that is worse is infeasible. */
  readonly limit?: number | undefined;
}

/** One configuration with one seed; null objectives: it yielded no numbers that may be used. */
export interface Evaluated {
  readonly values: AxisValues;
  readonly seed: number;
  readonly objectives: Readonly<Record<string, number>> | null;
}

export interface SearchRequest {
  readonly optimiser: Optimiser;
  readonly objectives: readonly SearchedObjective[];
  readonly seeds: readonly number[];
  /** Seeds that every configuration gets. */
  readonly seedsFirst: number;
  readonly configurations: number;
  readonly atOnce: number;
  readonly patience: number;
  /** Runs them, or finds what came of them before. In any order. */
  readonly evaluate: (asked: readonly { readonly values: AxisValues; readonly seed: number }[]) => Promise<readonly Evaluated[]>;
  /** Before it is run: so that a search that is killed goes on with it. */
  readonly onAsked?: (suggestions: readonly Suggestion[]) => void;
  /** Asked for by a run that was killed; not counted again. */
  readonly pending?: readonly Suggestion[];
  readonly onStep?: (step: SearchStep) => void;
  /** True: no more is begun. */
  readonly isStopped?: () => boolean;
}

/** After each batch. */
export interface SearchStep {
  readonly configurations: number;
  readonly trials: number;
  readonly onFront: number;
  readonly hypervolume: number | null;
}

export interface SearchEnd {
  readonly evaluated: readonly Evaluated[];
  readonly why: "budget" | "nothing left to try" | "the hypervolume no longer grows" | "interrupted";
}

/** The share of configurations that may be given up although they are on the front: each is tested once, against all of the front together. */
export const falselyGivenUp = 0.05;

/**
 * Asks, runs and tells until the budget is used up or the front stops growing. Each configuration gets `seedsFirst` seeds; the rest
 * only if no member of the front so far dominates it, by Student's one-sided paired tests of every objective (as dominance is
 * claimed), at 5 % over all members together (Bonferroni).
 */
export async function runSearch(request: SearchRequest): Promise<SearchEnd> {
  const { optimiser, objectives, seeds, evaluate, isStopped = () => false } = request;
  const evaluated: Evaluated[] = [];
  const known = new Map<string, readonly Evaluated[]>();
  const growth: number[] = [];
  const waiting = [...(request.pending ?? [])];
  let asked = 0;
  const run = async (batch: readonly Suggestion[], of: readonly number[]) => {
    const fresh = batch.filter(({ values }, i) => batch.findIndex((other) => canonical(other.values) === canonical(values)) === i);
    const found = await evaluate(fresh.flatMap(({ values }) => of.map((seed) => ({ values, seed }))));
    evaluated.push(...found);
    for (const own of found) known.set(canonical(own.values), [...(known.get(canonical(own.values)) ?? []), own]);
  };
  const end = (why: SearchEnd["why"]): SearchEnd => ({ evaluated, why });
  for (;;) {
    if (isStopped()) return end("interrupted");
    if (asked >= request.configurations) return end("budget");
    const count = Math.min(request.atOnce, request.configurations - asked);
    const batch = waiting.length > 0 ? waiting.splice(0, count) : await optimiser.ask(count);
    if (batch.length === 0) return end("nothing left to try");
    asked += batch.length;
    request.onAsked?.(batch);
    const fresh = batch.filter(({ values }) => !known.has(canonical(values)));
    await run(fresh, seeds.slice(0, request.seedsFirst));
    const members = frontOf(known, objectives);
    const kept = fresh.filter(({ values }) => !isClearlyDominated(known.get(canonical(values)) ?? [], members, objectives));
    if (isStopped()) return end("interrupted");
    if (kept.length > 0 && request.seedsFirst < seeds.length) await run(kept, seeds.slice(request.seedsFirst));
    for (const { number, values } of batch) {
      const means = meansOf(known.get(canonical(values)) ?? [], objectives);
      await optimiser.tell({ number, values, objectives: means, excess: means === null ? [] : excessOf(means, objectives) });
    }
    const volume = volumeOf(known, objectives, growth.length > 0);
    growth.push(...batch.map(() => volume?.value ?? 0));
    request.onStep?.({
      configurations: asked,
      trials: evaluated.length,
      onFront: frontOf(known, objectives).length,
      hypervolume: volume?.value ?? null,
    });
    if (asked > request.patience && volume !== null && volume.interval !== null) {
      const before = volumeOf(new Map([...known].slice(0, -request.patience)), objectives, true, volume.anchored);
      if (before !== null && before.interval !== null && volume.value <= before.interval.high)
        return end("the hypervolume no longer grows");
    }
  }
}

const minimised = ({ better, scale }: SearchedObjective, value: number) => (better === "lower" ? 1 : -1) * toScale(value, scale);

/** Means on the scales, to be minimised; null without a usable trial. */
function meansOf(own: readonly Evaluated[], objectives: readonly SearchedObjective[]): number[] | null {
  const usable = own.flatMap(({ objectives: found }) => (found === null ? [] : [found]));
  if (usable.length === 0) return null;
  return objectives.map((axis) => mean(usable.map((found) => minimised(axis, found[axis.key] as number))));
}

const excessOf = (means: readonly number[], objectives: readonly SearchedObjective[]): number[] =>
  objectives.flatMap((axis, k) => (axis.limit === undefined ? [] : [(means[k] as number) - minimised(axis, axis.limit)]));

const isFeasible = (means: readonly number[], objectives: readonly SearchedObjective[]) =>
  excessOf(means, objectives).every((excess) => excess <= 0);

/** The evaluations of each member of the front of means that are within the limits. */
function frontOf(known: ReadonlyMap<string, readonly Evaluated[]>, objectives: readonly SearchedObjective[]): (readonly Evaluated[])[] {
  const rows = [...known.values()].flatMap((own) => {
    const means = meansOf(own, objectives);
    return means === null || !isFeasible(means, objectives) ? [] : [{ own, means }];
  });
  const points: Points = {
    values: Float64Array.from(rows.flatMap(({ means }) => means)),
    count: rows.length,
    dimensions: objectives.length,
  };
  return Array.from(front(points), (i) => (rows[i] as (typeof rows)[number]).own);
}

function isClearlyDominated(
  own: readonly Evaluated[],
  members: readonly (readonly Evaluated[])[],
  objectives: readonly SearchedObjective[],
): boolean {
  const others = members.filter((member) => member !== own);
  return others.some((other) => {
    const perObjective = objectives.flatMap((axis) => {
      const differences = own.flatMap(({ seed, objectives: found }) => {
        const theirs = other.find((one) => one.seed === seed)?.objectives ?? null;
        return found === null || theirs === null
          ? []
          : [minimised(axis, found[axis.key] as number) - minimised(axis, theirs[axis.key] as number)];
      });
      if (differences.length < seedsForAnInterval) return [1];
      return differences.every((difference) => difference === 0) ? [] : [probabilityNotAbove(differences)];
    });
    return perObjective.length > 0 && Math.max(...perObjective) <= falselyGivenUp / others.length;
  });
}

/** Hypervolume with its interval, on the seeds that the configurations share; anchored at its own front unless anchors are given. */
function volumeOf(
  known: ReadonlyMap<string, readonly Evaluated[]>,
  objectives: readonly SearchedObjective[],
  isWanted: boolean,
  given?: readonly AnchoredObjective[],
) {
  if (!isWanted) return null;
  const runs = [...known].flatMap(([name, own]) => {
    const means = meansOf(own, objectives);
    return means === null || !isFeasible(means, objectives) ? [] : own.map((one) => ({ name, ...one }));
  });
  const paired: PairedRuns = pairedRuns(runs, {
    configuration: ({ name }) => name,
    seed: ({ seed }) => seed,
    axes: objectives.map(({ key, better, scale }) => ({
      name: key,
      better,
      scale,
      value: ({ objectives: found }: (typeof runs)[number]) => found?.[key] ?? null,
    })),
  });
  if (paired.configurations.length === 0 || paired.seeds.length === 0) return null;
  const points = meanPoints(paired);
  const members = Array.from(front(points));
  const anchored =
    given ??
    objectives.map(({ better, scale }, k): AnchoredObjective => {
      const sign = better === "lower" ? 1 : -1;
      const column = members.map((i) => points.values[i * points.dimensions + k] as number);
      const [ideal, nadir] = [Math.min(...column), Math.max(...column)].map((found) => fromScale(sign * found, scale)) as [number, number];
      return { anchors: { ideal, nadir, scale }, better };
    });
  return { ...hypervolumeEstimate(paired, anchored), anchored };
}
