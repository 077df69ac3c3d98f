import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { mostJsonBytes, readForeignFile } from "../../analysis/foreign-file.ts";
import type { AxisValues } from "../../model/axis-values.ts";
import { parse } from "../../model/problem.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import type { Suggestion } from "./optimiser.ts";

/** What a search has asked for, so that one that was killed goes on: results are found by identity, as those of any sweep. */

const line = z.strictObject({
  number: z.int().min(0),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** In order; none where nothing was asked. A last line that was cut off does not count. */
export function suggestionsIn(file: string): Suggestion[] {
  if (!existsSync(file)) return [];
  const lines = readForeignFile(file, { mostBytes: mostJsonBytes }).toString("utf8").split("\n").slice(0, -1);
  return lines.map((text) => parse("search log", line, JSON.parse(text)));
}

export const askedIn = (file: string): AxisValues[] => suggestionsIn(file).map(({ values }) => values);

export function logAsked(file: string, suggestions: readonly Suggestion[]): void {
  const known = new Set(suggestionsIn(file).map(({ number }) => number));
  const text = suggestions.flatMap((own) => (known.has(own.number) ? [] : [`${JSON.stringify(own)}\n`])).join("");
  writingTo("search", dirname(file), moveResults, () => {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, text);
  });
}
