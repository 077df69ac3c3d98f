import { studentsPairs } from "../../analysis/statistics/students-pairs.ts";
import { compare as compareSides, stops, verdictText } from "../compare.ts";
import { exit, store } from "../project.ts";
import { readSide } from "../read-side.ts";

/** Says what a change did to each objective; the exit status says whether it may pass. */
export function compare(baseline: string, candidate: string, { json = false }: { readonly json?: boolean }): void {
  const found = compareSides(readSide(baseline, store), readSide(candidate, store), studentsPairs);
  console.log(json ? JSON.stringify(found, null, 2) : verdictText(found));
  process.exitCode = found.some(stops) ? exit.no : exit.fine;
}
