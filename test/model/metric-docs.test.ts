import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { objectiveList } from "../../model/objectives.ts";

const docs = `\n${readFileSync("docs/metrics.md", "utf8")}`;

/** The cells of the first table below a line, without its header. */
function tableBelow(line: string): string[][] {
  const [, rest] = docs.split(`\n${line}\n`);
  const [table = ""] =
    rest
      ?.trimStart()
      .split("\n\n")
      .filter((part) => part.startsWith("|")) ?? [];
  return table
    .split("\n")
    .slice(2)
    .map((row) => row.slice(2, -2).split(" | "));
}

test("the table of objectives is what is declared", () => {
  expect(tableBelow("# What is measured, and how")).toEqual(
    objectiveList.map(({ symbol, name, formula, unit, better, measuredBy }) => [symbol, name, formula, unit, better, measuredBy]),
  );
});
