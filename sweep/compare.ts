import { columns } from "../analysis/columns.ts";
import type { PairedComparison, PairedResult } from "../analysis/statistics/students-pairs.ts";
import { canonical } from "../model/identity.ts";
import { InvalidInput } from "../model/problem.ts";
import { describe } from "./configurations.ts";
import type { AxisValues } from "./constraints.ts";
import type { TrialFile } from "./trial-file.ts";

/** One side of a comparison: trials, and the axes (or `repetition`) by which they were picked and so may differ from the other side's. */
export interface Side {
  readonly name: string;
  readonly trials: readonly TrialFile[];
  readonly picked: AxisValues;
}

/** What became of one objective of one configuration. */
export interface Verdict {
  readonly configuration: string;
  readonly objective: string;
  readonly unit: string;
  readonly pairs: number;
  readonly verdict: /** Beyond the baseline's range by more than can be detected. */
    | "worse"
    /** It can be told from no difference, but stays within the range and what can be detected beyond it. */
    | "worse, within its range"
    | "better"
    | "no difference told"
    /** The baseline has it, the candidate does not. */
    | "missing"
    | "too few pairs";
  readonly result: PairedResult | null;
}

/** Whether a verdict stops a change. */
export const stops = ({ verdict }: Verdict): boolean => verdict === "worse" || verdict === "missing";

/**
 * Compares two sides configuration by configuration, objective by objective, over pairs with the same seed and repetition.
 * Throws InvalidInput where nothing can be compared: no pair, or results of different fidelity.
 */
export function compare(baseline: Side, candidate: Side, paired: PairedComparison): Verdict[] {
  const left = new Set([...Object.keys(baseline.picked), ...Object.keys(candidate.picked)]);
  const rest = ({ values }: TrialFile) => Object.fromEntries(Object.entries(values).filter(([path]) => !left.has(path)));
  const keyOf = (trial: TrialFile) => canonical([rest(trial), trial.seed, left.has("repetition") ? null : trial.repetition]);
  const others = new Map(candidate.trials.map((trial) => [keyOf(trial), trial]));
  const groups = new Map<string, { values: AxisValues; pairs: [TrialFile, TrialFile][] }>();
  for (const before of baseline.trials) {
    const after = others.get(keyOf(before));
    if (after === undefined) continue;
    requireSameFidelity(before, after);
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
  return sorted.flatMap(({ name, pairs }) => verdicts(name, pairs, paired));
}

const refuse = (at: string, message: string): never => {
  throw new InvalidInput("comparison", [{ path: [at], message }]);
};

const fidelityOf = ({ outcome }: TrialFile) => ("fidelity" in outcome ? outcome.fidelity : undefined);

function requireSameFidelity(before: TrialFile, after: TrialFile): void {
  const [a, b] = [fidelityOf(before), fidelityOf(after)];
  if (a !== undefined && b !== undefined && a !== b)
    refuse("fidelity", `${before.stack} is ${a}, ${after.stack} is ${b}: they are not comparable`);
}

function verdicts(configuration: string, pairs: readonly [TrialFile, TrialFile][], paired: PairedComparison): Verdict[] {
  const names = [...new Set(pairs.flatMap(([before]) => Object.keys(objectivesOf(before))))];
  return names.flatMap((objective): Verdict[] => {
    const measured = pairs.flatMap(([before, after]) => {
      const [a, b] = [objectivesOf(before)[objective], objectivesOf(after)[objective]];
      return a?.value == null ? [] : [{ before: a.value, after: b?.value ?? null, unit: a.unit }];
    });
    const [first] = measured;
    // The baseline's suite does not measure it.
    if (first === undefined) return [];
    const complete = measured.flatMap(({ before, after }) => (after === null ? [] : [{ before, after }]));
    const common = { configuration, objective, unit: first.unit, pairs: complete.length };
    if (complete.length < measured.length) return [{ ...common, verdict: "missing", result: null }];
    const result = paired(
      complete.map(({ before }) => before),
      complete.map(({ after }) => after),
    );
    const after = complete.reduce((sum, pair) => sum + pair.after, 0) / complete.length;
    return [{ ...common, verdict: result === null ? "too few pairs" : judge(result, after), result }];
  });
}

/** Only what a valid trial measured counts. */
const objectivesOf = ({ outcome }: TrialFile) => (outcome.kind === "completed" ? outcome.objectives : {});

function judge({ interval, range, minimumDetectableDifference }: PairedResult, after: number): Verdict["verdict"] {
  if (after > range[1] + minimumDetectableDifference) return "worse";
  if (interval[0] > 0) return "worse, within its range";
  return interval[1] < 0 ? "better" : "no difference told";
}

/** The verdicts for people. */
export function verdictText(found: readonly Verdict[]): string {
  const digits = (value: number) => String(Number(value.toPrecision(4)));
  const rows = found.map(({ configuration, objective, pairs, verdict, result }) => [
    configuration,
    objective,
    String(pairs),
    ...(result === null
      ? ["—", "—", "—"]
      : [
          digits(result.difference),
          digits(result.minimumDetectableDifference),
          `${digits(result.range[0])} to ${digits(result.range[1])}`,
        ]),
    verdict,
  ]);
  const stopping = found.filter(stops);
  return [
    ...columns(["configuration", "objective", "pairs", "difference", "detectable", "range of the baseline", "verdict"], rows),
    "",
    stopping.length === 0
      ? "nothing is worse than its range by more than can be detected"
      : stopping.map(({ configuration, objective, verdict }) => `${verdict}: ${objective} of ${configuration}`).join("\n"),
  ].join("\n");
}
