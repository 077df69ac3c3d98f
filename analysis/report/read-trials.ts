import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import { extentProblem } from "../../model/extent.ts";
import { sha256 } from "../../model/identity.ts";
import { type SweepTrial, sweepTrial, type TrialRecord, trialRecord } from "./trial-record.ts";

/** A trial that wrote a record. */
export interface RecordedTrial {
  readonly file: string;
  readonly sha256: string;
  readonly record: TrialRecord;
  /** What the sweep that ran it says of it; undefined where no sweep did. */
  readonly sweep?: SweepTrial;
}

/** A trial of a sweep that ended without a record. */
export interface FailedTrial {
  readonly file: string;
  readonly sweep: SweepTrial;
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
}

/**
 * Reads `<folder>/<stack>/trial-*.json` and `<folder>/trials/*.json`. A file that cannot be read is listed with its
 * reason; one record in several places counts once. Throws only where the folder itself cannot be read.
 */
export function readTrials(folder: string): Trials {
  const unreadable: Unreadable[] = [];
  const keep = <T>(file: string, read: Read<T>): Kept<T>[] => {
    if ("value" in read) return [{ file, ...read }];
    unreadable.push({ file, reason: read.reason });
    return [];
  };
  const recordFiles = folders(folder).flatMap((stack) => named(join(folder, stack), /^trial-.*\.json$/));
  const recorded = new Map<string, RecordedTrial>();
  for (const { file, value, sha256: digest } of recordFiles.flatMap((file) => keep(file, readJson(file, trialRecord))))
    if (!recorded.has(digest)) recorded.set(digest, { file, sha256: digest, record: value });

  const failed: FailedTrial[] = [];
  for (const { file, value } of named(join(folder, "trials"), /^[^.].*\.json$/).flatMap((file) => keep(file, readJson(file, sweepTrial)))) {
    if (!isMeasured(value.outcome)) {
      failed.push({ file, sweep: value, kind: value.outcome.kind, message: String(value.outcome.message) });
      continue;
    }
    const { sha256: digest, path } = value.outcome.record;
    const known = recorded.get(digest);
    if (known === undefined) unreadable.push({ file, reason: `its record ${path} (sha256 ${digest}) is not there, or was changed` });
    else recorded.set(digest, { ...known, sweep: value });
  }
  return { recorded: [...recorded.values()], failed, unreadable };
}

type Outcome = SweepTrial["outcome"];
const isMeasured = (outcome: Outcome): outcome is Extract<Outcome, { record: unknown }> =>
  "record" in outcome && outcome.record !== undefined;

type Read<T> = { readonly value: T; readonly sha256: string } | { readonly reason: string };
type Kept<T> = { readonly file: string; readonly value: T; readonly sha256: string };

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Read<z.output<Schema>> {
  try {
    if (!isFile(file)) return { reason: "it is no regular file" };
    const content = readFileSync(file);
    const value = JSON.parse(content.toString("utf8"));
    const extent = extentProblem(value);
    if (extent !== null) return { reason: `${extent.path.join(".") || "the record"} ${extent.message}` };
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, sha256: sha256(content) };
    const [issue] = parsed.error.issues;
    return { reason: `${issue?.path.join(".") || "the record"}: ${issue?.message}` };
  } catch (error) {
    return { reason: (error as Error).message };
  }
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

/** Where a table of a record is: beside the record, wherever the results were copied to, or at the path as it was written. */
export function tableFile(recordFile: string, path: string): string | null {
  const beside = join(dirname(recordFile), basename(dirname(path)), basename(path));
  return [beside, path].find(isFile) ?? null;
}

/** A record may name a device or a pipe, which have no end. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
