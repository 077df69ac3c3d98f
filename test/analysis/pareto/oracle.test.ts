import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { completeRows } from "../../../analysis/pareto/complete-rows.ts";
import { hypervolume } from "../../../analysis/pareto/hypervolume.ts";
import { paretoFront } from "../../../analysis/pareto/pareto-front.ts";
import type { Points } from "../../../analysis/pareto/points.ts";
import { standings } from "../../../analysis/pareto/standing.ts";

/** Answers of moocore, pymoo and paretoset, which agreed: test/oracle/make_fixtures.py. */
interface Case {
  readonly name: string;
  readonly points: readonly (readonly (number | string)[])[];
  readonly better: readonly ("lower" | "higher")[];
  readonly ranks: readonly (number | null)[];
  readonly hypervolumes?: readonly { readonly reference: readonly number[]; readonly hypervolume: number }[];
}

const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync("test/analysis/fixtures/pareto.json", "utf8"));
const infinities: Readonly<Record<string, number>> = { inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY, nan: Number.NaN };
const parsed = (given: Case) =>
  given.points.map((point) => point.map((value) => (typeof value === "number" ? value : (infinities[value] as number))));
const axesOf = ({ better }: Case) => better.map((direction, k) => ({ value: (row: readonly number[]) => row[k], better: direction }));
const of = (given: Case): Points => completeRows(parsed(given), axesOf(given)).points;

test.each(cases)("ranks of moocore and pymoo: $name", (given) => {
  const found = standings(parsed(given), axesOf(given)).map((standing) => (standing.kind === "ranked" ? standing.rank : null));
  expect(found).toEqual(given.ranks);
});

test.each(cases)("front of moocore and paretoset: $name", (given) => {
  const rows = parsed(given);
  expect(paretoFront(rows, axesOf(given))).toEqual(rows.filter((_, row) => given.ranks[row] === 0));
});

test.each(cases.filter(({ hypervolumes }) => hypervolumes))("hypervolume of moocore and pymoo: $name", (given) => {
  for (const { reference, hypervolume: expected } of given.hypervolumes ?? []) {
    const minimised = reference.map((value, k) => (given.better[k] === "lower" ? value : -value));
    const found = hypervolume(of(given), minimised);
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
  }
});
