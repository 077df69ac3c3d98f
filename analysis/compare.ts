import { type AxisValues, describe } from "../model/axis-values.ts";
import { canonical } from "../model/identity.ts";
import { InvalidInput } from "../model/problem.ts";
import type { TrialFile } from "../model/trial-file.ts";
import { columns } from "./columns.ts";
import { type FactsOf, incomparable, isDisturbed, saturatedSides } from "./comparability.ts";
import { scaleOf } from "./objective-scale.ts";
import { changeInWords } from "./report/figures/words.ts";
import { falseAlarms, type GateCell, gate, type Judgement, planOf } from "./statistics/gate.ts";
import { plannedShares } from "./statistics/seed-planning.ts";

/** One side of a comparison: trials, and the axes (or `repetition`) by which they were picked and so may differ from the other side's. */
export interface Side {
  readonly name: string;
  readonly trials: readonly TrialFile[];
  readonly picked: AxisValues;
  /** What the trials' records say beside; those that are not at hand are not checked. */
  readonly facts?: FactsOf;
}

/** What became of one objective of one configuration. */
export interface Verdict {
  readonly configuration: string;
  readonly objective: string;
  readonly unit: string;
  /** Pairs of trials with the same seed and repetition, and how many seeds they are of. */
  readonly pairs: number;
  readonly seeds: number;
  /**
   * Missing: the baseline has it, the candidate does not. Saturated: the candidate's stream is, the baseline's is not. Not
   * comparable: `reason` says why.
   */
  readonly verdict: Judgement["verdict"] | "missing" | "saturated" | "not comparable";
  readonly reason?: string;
  /** Null where it is missing. */
  readonly judgement: Judgement | null;
  /** Sides of which a value is a lower bound. */
  readonly lowerBounds: readonly ("baseline" | "candidate")[];
}

/** Whether a verdict stops a change. */
export const stops = ({ verdict }: Verdict): boolean => verdict === "worse" || verdict === "missing" || verdict === "saturated";

/**
 * Compares two sides configuration by configuration, objective by objective, over pairs with the same seed and repetition:
 * all of these are one family for {@link gate}. `margin`: a share that the candidate may be worse by. An objective that rests on
 * something else on either side is not judged, with the reason. Throws InvalidInput where nothing can be compared: no pair, results
 * of different fidelity or start, or no objective that is comparable.
 */
export function compare(baseline: Side, candidate: Side, margin = 0): Verdict[] {
  const left = new Set([...Object.keys(baseline.picked), ...Object.keys(candidate.picked)]);
  const rest = ({ values }: TrialFile) => Object.fromEntries(Object.entries(values).filter(([path]) => !left.has(path)));
  const keyOf = (trial: TrialFile) => canonical([rest(trial), trial.seed, left.has("repetition") ? null : trial.repetition]);
  const others = new Map(candidate.trials.map((trial) => [keyOf(trial), trial]));
  const groups = new Map<string, { values: AxisValues; pairs: [TrialFile, TrialFile][] }>();
  for (const before of baseline.trials) {
    const after = others.get(keyOf(before));
    if (after === undefined) continue;
    requireSame(before, after, left);
    const group = groups.get(canonical(rest(before))) ?? { values: rest(before), pairs: [] };
    group.pairs.push([before, after]);
    groups.set(canonical(rest(before)), group);
  }
  if (groups.size === 0)
    refuse(
      "sides",
      `${baseline.name} (${baseline.trials.length} trials) and ${candidate.name} (${candidate.trials.length}) have no configuration and seed in common`,
    );
  const named = [...groups.values()].map(({ values, pairs }) => ({ name: describe(values), pairs }));
  const sorted = named.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const facts: FactsOf = new Map([...(baseline.facts ?? []), ...(candidate.facts ?? [])]);
  const cells = sorted.flatMap(({ name, pairs }) => cellsOf(name, pairs, facts));
  if (cells.length > 0 && cells.every(({ verdict }) => verdict === "not comparable"))
    refuse(
      "objectives",
      `none is comparable: ${cells.map(({ configuration, objective, reason }) => `${objective} of ${configuration}: ${reason}`).join("; ")}`,
    );
  const judged = cells.filter(({ verdict }) => verdict === null);
  const judgements = gate(judged, margin);
  return cells.map((cell): Verdict => {
    const judgement = judgements[judged.indexOf(cell)] ?? null;
    const { configuration, objective, unit, pairs, lowerBounds, reason } = cell;
    const seeds = new Set(pairs.map(({ seed }) => seed)).size;
    const verdict = cell.verdict ?? judgement?.verdict ?? "missing";
    const why = reason === null ? {} : { reason };
    return { configuration, objective, unit, pairs: pairs.length, seeds, verdict, ...why, judgement, lowerBounds };
  });
}

const refuse = (at: string, message: string): never => {
  throw new InvalidInput("comparison", [{ path: [at], message }]);
};

const fidelityOf = ({ outcome }: TrialFile) => ("fidelity" in outcome ? outcome.fidelity : undefined);

/** Clock and machines are of the fidelity. */
function requireSame(before: TrialFile, after: TrialFile, picked: ReadonlySet<string>): void {
  const [a, b] = [fidelityOf(before), fidelityOf(after)];
  if (a === undefined || b === undefined) return;
  if (a !== b) refuse("fidelity", `${before.stack} is ${a}, ${after.stack} is ${b}: they are not comparable`);
  // Sides picked by how their machines start are to be compared for it.
  if (before.start !== after.start && !picked.has("fresh"))
    refuse(
      "start",
      `the machines of ${before.stack} were ${before.start}, those of ${after.stack} ${after.start}: they are not comparable`,
    );
}

/** One objective of one configuration, on pairs of which both sides have it. */
interface Cell extends GateCell {
  readonly configuration: string;
  readonly objective: string;
  readonly unit: string;
  /** Null where it is to be judged. */
  readonly verdict: "missing" | "saturated" | "not comparable" | null;
  readonly reason: string | null;
  readonly lowerBounds: Verdict["lowerBounds"];
}

function cellsOf(configuration: string, pairs: readonly [TrialFile, TrialFile][], facts: FactsOf): Cell[] {
  const names = [...new Set(pairs.flatMap(([before]) => Object.keys(objectivesOf(before))))];
  return names.flatMap((objective): Cell[] => {
    const measured = pairs.flatMap((pair) => {
      const [a, b] = pair.map((trial) => objectivesOf(trial)[objective]);
      return a?.value == null ? [] : [{ pair, seed: pair[0].seed, before: a, after: b }];
    });
    const [first] = measured;
    // The baseline's suite does not measure it.
    if (first === undefined) return [];
    const quiet = measured.filter(({ pair }) => !isDisturbed(pair, objective));
    const complete = quiet.flatMap(({ seed, before, after }) => {
      const [from, to] = [measuredOf(before), measuredOf(after)];
      return from === null || to === null ? [] : [{ seed, before: from, after: to }];
    });
    const { unit, better } = first.before;
    const lowerBounds = [
      ...(complete.some(({ before }) => before.isBound) ? ["baseline" as const] : []),
      ...(complete.some(({ after }) => after.isBound) ? ["candidate" as const] : []),
    ];
    const left = quiet.map(({ pair }) => pair);
    return [
      {
        configuration,
        objective,
        unit,
        better,
        scale: scaleOf(first.before),
        pairs: complete,
        ...outside(left, objective, facts, complete.length < quiet.length),
        lowerBounds,
      },
    ];
  });
}

/** The verdict that needs no judging, and its reason. */
function outside(
  pairs: readonly [TrialFile, TrialFile][],
  objective: string,
  facts: FactsOf,
  isMissing: boolean,
): Pick<Cell, "verdict" | "reason"> {
  if (pairs.length === 0) return { verdict: "not comparable", reason: "host loaded in every pair" };
  const reason = incomparable(pairs, objective, facts);
  if (reason !== null) return { verdict: "not comparable", reason };
  const { baseline, candidate } = saturatedSides(pairs, objective);
  if (baseline)
    return {
      verdict: "not comparable",
      reason: `the stream saturates ${candidate ? "both sides" : "the baseline"}: its number is no result`,
    };
  if (candidate) return { verdict: "saturated", reason: "the stream saturates the candidate and not the baseline" };
  return isMissing ? { verdict: "missing", reason: null } : { verdict: null, reason: null };
}

const measuredOf = (given: { readonly value: number | null; readonly lowerBound?: true | undefined } | undefined) =>
  given?.value == null ? null : { value: given.value, isBound: given.lowerBound === true };

/** Only what a valid trial measured counts. */
const objectivesOf = ({ outcome }: TrialFile) => (outcome.kind === "completed" ? outcome.objectives : {});

/** The verdicts for people. */
export function verdictText(found: readonly Verdict[], margin = 0): string {
  const rows = found.map(({ configuration, objective, unit, seeds, verdict, judgement, lowerBounds }) => [
    configuration,
    objective,
    String(seeds),
    ...(judgement === null ? ["—", "—", "—"] : withBounds(numbersOf(judgement, unit), lowerBounds)),
    verdict,
  ]);
  const dropped = found.filter(({ verdict }) => verdict === "not comparable");
  const stopping = found.filter(stops);
  const percent = (share: number) => `${Number((100 * share).toPrecision(4))} %`;
  return [
    ...columns(
      [
        "configuration",
        "objective",
        "seeds",
        "change [95 %]",
        "detectable",
        `seeds for ${plannedShares.map(percent).join(", ")}`,
        "verdict",
      ],
      rows,
    ),
    "",
    `margin ${percent(margin)}; of comparisons without a difference ${percent(falseAlarms.worse)} have a false "worse", ${percent(falseAlarms.better)} a false "better", all rows together`,
    ...dropped.map(({ configuration, objective, reason }) => `not comparable: ${objective} of ${configuration}: ${reason}`),
    stopping.length === 0
      ? "no objective is shown to be worse by more than the margin"
      : stopping.map(({ configuration, objective, verdict }) => `${verdict}: ${objective} of ${configuration}`).join("\n"),
  ].join("\n");
}

/** A change between lower bounds is at least or at most what was computed; between two of them nothing is known. */
function withBounds([change = "", ...rest]: readonly string[], lowerBounds: Verdict["lowerBounds"]): string[] {
  if (lowerBounds.length === 2) return ["not known", ...rest];
  return [`${lowerBounds.includes("candidate") ? "≥ " : lowerBounds.includes("baseline") ? "≤ " : ""}${change}`, ...rest];
}

/** Change, what is detected in four of five comparisons with so many pairs, and how many seeds find how much. */
function numbersOf(judgement: Judgement, unit: string): string[] {
  const { change, scale } = judgement;
  const plan = planOf(judgement);
  const axis = { scale, unit };
  const told = changeInWords(change, axis);
  if (plan === null) return [told, change.reason ?? "—", "—"];
  const seeds = plan.seeds.map((own) => String(own.seeds ?? "—")).join(", ");
  return [
    change.reason === undefined ? told : `${told} (${change.reason})`,
    changeInWords({ value: plan.detectable, interval: null }, axis),
    seeds,
  ];
}
