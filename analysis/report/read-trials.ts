import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../../model/identity.ts";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import { parseRecord, type TrialRecord } from "../../model/record.ts";
import { parseSweepSummary, type SweepSummary } from "../../model/sweep-summary.ts";
import { parseTrialFile, type TrialFile } from "../../model/trial-file.ts";
import { jsonIn, mostJsonBytes, readForeignFile, reasonFor } from "../foreign-file.ts";

/** A trial that wrote a record. */
export interface RecordedTrial {
  readonly file: string;
  readonly sha256: string;
  readonly record: TrialRecord;
  /** What the sweep that ran it says of it; undefined where no sweep did. */
  readonly sweep?: TrialFile;
}

/** A trial of a sweep that ended without a record. */
export interface FailedTrial {
  readonly file: string;
  readonly sweep: TrialFile;
  /** `timeout`, `refused` and so on, as the sweep names it. */
  readonly kind: string;
  readonly message: string;
}

export interface Unreadable {
  readonly file: string;
  readonly reason: string;
}

/** Everything in one folder of results. */
export interface Trials {
  readonly recorded: readonly RecordedTrial[];
  readonly failed: readonly FailedTrial[];
  readonly unreadable: readonly Unreadable[];
  /** What sweeps say of themselves. */
  readonly sweeps: readonly SweepSummary[];
}

/**
 * Reads `<folder>/<stack>/trial-*.json`, `<folder>/trials/*.json` and `<folder>/sweeps/*.json`. A file that cannot be read is listed with its
 * reason; one record in several places counts once. Throws only where the folder itself cannot be read.
 */
export function readTrials(folder: string, declared: readonly DeclaredObjective[] = objectiveList): Trials {
  const unreadable: Unreadable[] = [];
  const reader =
    <T>(parse: (raw: unknown) => T) =>
    (file: string): readonly (Content & { readonly file: string; readonly value: T })[] => {
      try {
        const content = readForeignFile(file, { mostBytes: mostJsonBytes });
        return [{ file, value: parse(jsonIn(content)), sha256: sha256(content) }];
      } catch (problem) {
        unreadable.push({ file, reason: reasonFor(problem) });
        return [];
      }
    };
  const recordFiles = folders(folder).flatMap((stack) => named(join(folder, stack), /^trial-.*\.json$/));
  const recorded = new Map<string, RecordedTrial>();
  for (const { file, value, sha256: digest } of recordFiles.flatMap(reader((raw) => parseRecord(raw, declared))))
    if (!recorded.has(digest)) recorded.set(digest, { file, sha256: digest, record: value });

  const failed: FailedTrial[] = [];
  const trialFiles = named(join(folder, "trials"), /^[^.].*\.json$/);
  for (const { file, value } of trialFiles.flatMap(reader((raw) => parseTrialFile(raw, declared)))) {
    const { outcome } = value;
    if (!("record" in outcome)) {
      failed.push({ file, sweep: value, kind: outcome.kind, message: outcome.message });
      continue;
    }
    const { sha256: digest, path } = outcome.record;
    const known = recorded.get(digest);
    if (known === undefined) unreadable.push({ file, reason: `its record ${path} (sha256 ${digest}) is missing or has changed` });
    else recorded.set(digest, { ...known, sweep: value });
  }
  const sweeps = named(join(folder, "sweeps"), /^[^.].*\.json$/).flatMap(reader(parseSweepSummary));
  return { recorded: [...recorded.values()], failed, unreadable, sweeps: sweeps.map(({ value }) => value) };
}

interface Content {
  readonly sha256: string;
}

const folders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort();

const named = (folder: string, pattern: RegExp): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
};

/** Where a table of a record may be: beside the record, wherever the results were copied to, or at the path as it was written. */
export const tableFiles = (recordFile: string, path: string): readonly string[] => [
  join(dirname(recordFile), basename(dirname(path)), basename(path)),
  path,
];
