import { unchecked } from "../../../analysis/comparability.ts";
import { compare as compareSides, stops, verdictText } from "../../../analysis/compare.ts";
import { complain, say, sayJson } from "../../../analysis/say.ts";
import { exit, store } from "../project.ts";
import { readSide } from "../read-side.ts";

/** Says what a change did to each objective; the exit status says whether it may pass. */
export async function compare(
  baseline: string,
  candidate: string,
  { json = false, margin = 0 }: { readonly json?: boolean; readonly margin?: number },
): Promise<void> {
  const sides = [await readSide(baseline, store), await readSide(candidate, store)] as const;
  const found = compareSides(...sides, margin);
  for (const { name, trials, facts = new Map() } of sides) {
    const count = unchecked(trials, facts);
    if (count > 0)
      complain(`${name}: the records of ${count} of ${trials.length} trials are not at hand: basis and compression are not checked`);
  }
  json ? sayJson(found, 2) : say(verdictText(found, margin));
  process.exitCode = found.some(stops) ? exit.no : exit.fine;
}
