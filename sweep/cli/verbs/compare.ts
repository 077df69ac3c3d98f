import { compare as compareSides, stops, verdictText } from "../../../analysis/compare.ts";
import { say, sayJson } from "../../../analysis/say.ts";
import { exit, store } from "../project.ts";
import { readSide } from "../read-side.ts";

/** Says what a change did to each objective; the exit status says whether it may pass. */
export async function compare(
  baseline: string,
  candidate: string,
  { json = false, margin = 0 }: { readonly json?: boolean; readonly margin?: number },
): Promise<void> {
  const found = compareSides(await readSide(baseline, store), await readSide(candidate, store), margin);
  json ? sayJson(found, 2) : say(verdictText(found, margin));
  process.exitCode = found.some(stops) ? exit.no : exit.fine;
}
