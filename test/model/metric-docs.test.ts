import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metricList } from "../../model/metrics/declared.ts";
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
    .map((row) =>
      row
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

test("the table of objectives is what is declared", () => {
  expect(tableBelow("# What is measured, and how")).toEqual(
    objectiveList.map(({ symbol, name, formula, unit, better, measuredBy }) => [symbol, name, formula, unit, better, measuredBy]),
  );
});

test("the table of secondary metrics has every declared one that is no objective's, in its unit", () => {
  const rows = tableBelow("## Secondary metrics").flatMap(([names = "", , , unit]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, unit] as const),
  );
  const ofObjectives = ["meanBoundedSlowdown", "lossOfCapacity", "controlPlaneCost"];
  const secondary = Object.entries(metricList).filter(([name]) => !ofObjectives.includes(name));
  expect(new Map(rows)).toEqual(new Map(secondary.map(([name, [, unit]]) => [name, unit])));
  expect(rows).toHaveLength(secondary.length);
});
