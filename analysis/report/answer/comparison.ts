import { mean } from "simple-statistics";
import { grouped } from "../../../model/grouped.ts";
import { type GateCell, gate, type Judgement } from "../../statistics/gate.ts";
import { fromScale, type Scale, toScale, usableScale } from "../../statistics/scale.ts";
import type { Configuration, ObjectiveAxis, Section, Trial } from "../analysis.ts";
import { isUnusable } from "../reservations.ts";
import type { Change, Comparison, ParameterChange } from "./schema.ts";
import { type Breakdown, breakdowns } from "./stream-figures.ts";

/** One quantity of a trial that two configurations are compared by. */
interface Quantity {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly scale: Scale;
  readonly of: (trial: Trial) => { readonly value: number; readonly isBound: boolean } | null;
}

/**
 * Two configurations of a section, pairwise over the seeds of which both have a valid trial: objectives with the median and P95 of all
 * waits are one family for {@link gate}, the waits by class another.
 */
export function comparison(section: Pick<Section, "objectives">, baseline: Configuration, candidate: Configuration): Comparison {
  const waits = waitQuantities([...baseline.trials, ...candidate.trials]);
  const main = [...section.objectives.map(objectiveQuantity), ...waits.filter(({ by }) => by === "all")];
  const classes = waits.filter(({ by }) => by !== "all");
  return {
    baseline: baseline.id,
    candidate: candidate.id,
    parameters: parameterChanges(baseline, candidate),
    changes: changes(main, baseline, candidate),
    waits: changes(classes, baseline, candidate),
  };
}

/** Every parameter in which the two differ, by its path; null where one does not have it. */
export function parameterChanges(baseline: Configuration, candidate: Configuration): ParameterChange[] {
  const names = [...new Set([...Object.keys(baseline.parameters), ...Object.keys(candidate.parameters)])].sort();
  return names.flatMap((name) => {
    const [from = null, to = null] = [baseline.parameters[name], candidate.parameters[name]];
    return from === to ? [] : [{ name, from, to }];
  });
}

const objectiveQuantity = ({ key, symbol, name, unit, better, scale }: ObjectiveAxis): Quantity => ({
  key,
  name: `${symbol} ${name}`,
  unit,
  better,
  scale,
  of: (trial) => {
    const value = trial.objectives[key] ?? null;
    return value === null || isUnusable(trial, key) ? null : { value, isBound: trial.lowerBounds.includes(key) };
  },
});

/** Median and P95 of each class that some trial has, in the order of the breakdowns. */
function waitQuantities(trials: readonly Trial[]): (Quantity & { readonly by: Breakdown })[] {
  const classes = new Map(trials.flatMap(({ stream }) => (stream?.waits ?? []).map(({ by, of }) => [`${by} ${of}`, { by, of }] as const)));
  const sorted = [...classes.values()].toSorted((a, b) => breakdowns.indexOf(a.by) - breakdowns.indexOf(b.by));
  return sorted.flatMap(({ by, of }) =>
    (["median", "P95"] as const).map((quantile) => ({
      by,
      key: `${quantile} wait ${by} ${of}`,
      name: by === "all" ? `${quantile} wait` : `${quantile} wait, ${by === "size" ? "" : `${by} `}${of}`,
      unit: "s",
      better: "lower" as const,
      scale: "log10" as const,
      of: ({ stream }: Trial) => {
        const own = stream?.waits.find((one) => one.by === by && one.of === of);
        if (own === undefined) return null;
        return { value: quantile === "median" ? own.medianSeconds : own.p95Seconds, isBound: (stream?.neverStarted ?? 0) > 0 };
      },
    })),
  );
}

function changes(quantities: readonly Quantity[], baseline: Configuration, candidate: Configuration): Change[] {
  const cells = quantities.flatMap((quantity) => {
    const cell = cellOf(quantity, baseline, candidate);
    return cell === null ? [] : [{ quantity, cell }];
  });
  const judged = gate(cells.map(({ cell }) => cell));
  return quantities.map(({ key, name, unit, better, scale, of }): Change => {
    const at = cells.findIndex(({ quantity }) => quantity.key === key);
    const [found, judgement] = [cells[at]?.cell, judged[at]];
    if (found === undefined || judgement === undefined) {
      const lacking = [baseline, candidate].filter(({ trials }) => !trials.some((own) => own.status === "valid" && of(own) !== null));
      const reason = lacking.length === 0 ? "no seed in common" : `not measured by ${lacking.map(({ id }) => id).join(" and ")}`;
      return { key, name, unit, better, scale, before: null, after: null, change: null, verdict: "not comparable", seeds: 0, reason };
    }
    const [before, after] = (["before", "after"] as const).map((side) =>
      fromScale(mean(found.pairs.map((pair) => toScale(pair[side].value, judgement.scale))), judgement.scale),
    ) as [number, number];
    const { low, high } = judgement.change.interval ?? {};
    return {
      key,
      name,
      unit,
      better,
      scale: judgement.scale,
      before,
      after,
      change: { value: judgement.change.value, low: low ?? null, high: high ?? null },
      verdict: verdictOf(judgement),
      seeds: judgement.seeds,
      ...boundsOf(found),
    };
  });
}

/** Every seed is the same on both sides: nothing is told, and nothing could be. */
const verdictOf = ({ verdict, differences }: Judgement): Change["verdict"] =>
  differences.every((difference) => difference === 0) && verdict === "no difference told" ? "equal" : verdict;

const boundsOf = ({ pairs }: GateCell): Pick<Change, "lowerBounds"> => {
  const sides = (["before", "after"] as const).filter((side) => pairs.some((pair) => pair[side].isBound));
  return sides.length === 0 ? {} : { lowerBounds: sides };
};

/** One pair a seed: repetitions are averaged on the scale. Null without a seed that both have. */
function cellOf({ better, scale: wanted, of }: Quantity, baseline: Configuration, candidate: Configuration): GateCell | null {
  const measured = ({ trials }: Configuration) =>
    trials.flatMap((trial) => {
      const found = trial.status === "valid" ? of(trial) : null;
      return found === null ? [] : [{ seed: trial.seed, ...found }];
    });
  const [before, after] = [measured(baseline), measured(candidate)];
  const scale = usableScale(
    wanted,
    [...before, ...after].map(({ value }) => value),
  );
  const averaged = (own: typeof before) =>
    new Map(
      [...grouped(own, ({ seed }) => seed)].map(([seed, repeated]) => [
        seed,
        {
          value: fromScale(mean(repeated.map(({ value }) => toScale(value, scale))), scale),
          isBound: repeated.some(({ isBound }) => isBound),
        },
      ]),
    );
  const others = averaged(after);
  const pairs = [...averaged(before)].flatMap(([seed, own], i) => {
    const other = others.get(seed);
    return other === undefined ? [] : [{ seed: i, before: own, after: other }];
  });
  return pairs.length === 0 ? null : { better, scale, pairs };
}
