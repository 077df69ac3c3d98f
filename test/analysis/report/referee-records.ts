import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSyntheticRecords } from "./synthetic-records.ts";

/** Records that show what an independent referee found wrong: two configurations, A and B, on machines with KVM. */

export type RawRecord = ReturnType<typeof JSON.parse>;

/** Synthetic records of which those on machines with KVM are changed. Returns the folder. */
export function writeChangedRecords(folder: string, seeds: number, change: (record: RawRecord, isFirst: boolean) => void): string {
  writeSyntheticRecords(folder, { seeds });
  for (const file of readdirSync(join(folder, "tables")).filter((name) => name.endsWith(".json"))) {
    const path = join(folder, "tables", file);
    const record = JSON.parse(readFileSync(path, "utf8"));
    if (record.fidelity !== "vm") continue;
    change(record, record.tuple.scheduler.PriorityWeightJobSize === 0);
    writeFileSync(path, JSON.stringify(record));
  }
  return folder;
}

export const basis = (record: RawRecord, name: string, words: string) =>
  record.runs[0].run.metrics.push({ name, value: 1, unit: "1", basis: words });

const caution = (code: string, message: string) => ({ code, severity: "caution", message });

/** A finding's records, by its number and what they are of. */
export const findings: Readonly<
  Record<string, { readonly seeds: number; readonly change: (record: RawRecord, isFirst: boolean) => void }>
> = {
  /** A's β is in nodes, B's in cores. */
  "1-bases-differ": {
    seeds: 5,
    change: (record, isFirst) => basis(record, "lossOfCapacity", isFirst ? "free nodes" : "free cores"),
  },
  /** A is worse than B on every seed that both have, by a tenth, and its five heavy seeds are invalid. */
  "2-heavy-seeds-lost": {
    seeds: 10,
    change: (record, isFirst) => {
      const { seed } = record.runs[0].run;
      const values = { responsiveness: 5, lossOfCapacity: 0.1, controlPlaneCost: 500, deliveredPerformanceLoss: 0.1 };
      for (const [key, value] of Object.entries(values))
        record.objectives[key].value = value * (1 + seed / 100) * (isFirst ? 1.1 : 1) * (seed > 5 ? 6 : 1);
      if (!isFirst || seed <= 5) return;
      record.validity = { valid: false, doubts: [{ code: "driver late", severity: "invalid", message: "P99 lateness 7.2 s" }] };
    },
  },
  /** α is all that was measured: at least 9 of A, 10 of B. */
  "6-lower-bound": {
    seeds: 6,
    change: (record, isFirst) => {
      for (const key of ["lossOfCapacity", "controlPlaneCost", "deliveredPerformanceLoss"])
        Object.assign(record.objectives[key], { value: null, reason: "none" });
      Object.assign(record.objectives.responsiveness, isFirst ? { value: 9, lowerBound: true } : { value: 10 });
      if (isFirst) record.validity.doubts.push(caution("censored", "jobstream seed 1: 12 of 60 jobs had not ended at the cut-off"));
    },
  },
  /** A's streams are saturated. */
  "8-saturated": {
    seeds: 5,
    change: (record, isFirst) => {
      if (isFirst)
        record.validity.doubts.push(caution("saturated", "jobstream seed 1: jobs need 1.20 times what the machine has while they arrive"));
    },
  },
};
