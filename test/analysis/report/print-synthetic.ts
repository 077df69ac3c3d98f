import { writeSyntheticRecords } from "./synthetic-records.ts";

/** `tsx test/analysis/report/print-synthetic.ts FOLDER [SEEDS]`: synthetic records, to look at a report of many trials. */
const [folder = "results-synthetic", seeds = "10"] = process.argv.slice(2);
console.log(writeSyntheticRecords(folder, { seeds: Number(seeds), repetitions: 2 }));
