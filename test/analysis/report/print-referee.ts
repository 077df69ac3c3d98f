import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findings, writeChangedRecords } from "./referee-records.ts";

/** `tsx test/analysis/report/print-referee.ts FOLDER`: below it records of each finding, to look at their reports. */
const [folder = "results-referee"] = process.argv.slice(2);
for (const [name, { seeds, change }] of Object.entries(findings)) {
  mkdirSync(join(folder, name), { recursive: true });
  console.log(writeChangedRecords(join(folder, name), seeds, change));
}
