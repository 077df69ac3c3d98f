import { dirname, join } from "node:path";
import { parseRecord, type TrialRecord } from "../model/record.ts";
import type { TrialFile } from "../model/trial-file.ts";
import { spoiltBy } from "../model/usability.ts";
import { jsonIn, mostJsonBytes, readForeignFile } from "./foreign-file.ts";
import { basesOf } from "./report/basis.ts";

/** What a trial's record says of how its objectives may be compared. */
export interface Facts {
  /** On what objectives rest, by key. */
  readonly bases: Readonly<Record<string, string>>;
  /** Time compression of its streams: `60`, or `1, 60` of several. */
  readonly compression: string;
}

/** By the trial's id; a trial whose record is not at hand is not in it. */
export type FactsOf = ReadonlyMap<string, Facts>;

export const factsIn = (record: TrialRecord): Facts => ({
  bases: basesOf(record),
  compression: [...new Set(record.tuple.workloads.flatMap(({ timeCompression }) => timeCompression ?? []))]
    .sort((a, b) => a - b)
    .join(", "),
});

/** Reads the trials' records: below the working directory, or below the project that the folder of trial files is of. */
export function readFacts(trials: readonly TrialFile[], trialsFolder: string): Map<string, Facts> {
  const project = dirname(dirname(trialsFolder));
  const found = new Map<string, Facts>();
  for (const { id, outcome } of trials) {
    if (!("record" in outcome)) continue;
    for (const path of [outcome.record.path, join(project, outcome.record.path)]) {
      try {
        found.set(id, factsIn(parseRecord(jsonIn(readForeignFile(path, { mostBytes: mostJsonBytes })))));
        break;
      } catch {
        // Not at hand, or changed: the comparison says that it was not checked.
      }
    }
  }
  return found;
}

type Pair = readonly [before: TrialFile, after: TrialFile];

const doubtsOf = ({ outcome }: TrialFile) => ("doubts" in outcome ? outcome.doubts : []);

/** Cautions for which the trial's value of this objective is no result. */
const spoiling = (trial: TrialFile, objective: string): string[] =>
  doubtsOf(trial).flatMap((doubt) => (spoiltBy(doubt, [objective]).length > 0 ? [doubt.code] : []));

/** Whether the host was loaded on either side, which says nothing of the configuration: the pair is left out. */
export const isDisturbed = (pair: Pair, objective: string): boolean =>
  pair.some((trial) => spoiling(trial, objective).includes("host loaded"));

/** Which sides of some pair have a saturated stream, where the objective is no result for it. */
export const saturatedSides = (pairs: readonly Pair[], objective: string) => ({
  baseline: pairs.some(([before]) => spoiling(before, objective).includes("saturated")),
  candidate: pairs.some(([, after]) => spoiling(after, objective).includes("saturated")),
});

/** Objectives of streams: time compression changes them. */
const ofStreams = ["responsiveness", "lossOfCapacity"];

/** Why an objective's values are not comparable, or null. */
export function incomparable(pairs: readonly Pair[], objective: string, facts: FactsOf): string | null {
  for (const [before, after] of pairs) {
    const [from, to] = [facts.get(before.id), facts.get(after.id)];
    if (from === undefined || to === undefined) continue;
    const [basis, other] = [from.bases[objective], to.bases[objective]];
    if (basis !== other) return `rests on ${basis ?? "nothing said"} in the baseline, on ${other ?? "nothing said"} in the candidate`;
    if (ofStreams.includes(objective) && from.compression !== to.compression)
      return `time compression is ${from.compression || 1} in the baseline, ${to.compression || 1} in the candidate`;
  }
  return null;
}

/** Trials whose records are not at hand, so that basis and compression are not checked. */
export const unchecked = (trials: readonly TrialFile[], facts: FactsOf): number =>
  trials.filter(({ id, outcome }) => "record" in outcome && !facts.has(id)).length;
