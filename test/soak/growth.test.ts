import { expect, test } from "vitest";
import { growth, growthFigure, quantities, type Sample } from "./growth.ts";

/** Fifty trials in which one quantity grows by a half each, and all others stand still. */
const samples = Array.from({ length: 50 }, (_, trial) => {
  const still = Object.fromEntries(quantities.map(([key]) => [key, 7]));
  return { ...still, libvirtdMiB: 30 + trial / 2 } as Sample;
});

test("what grows is told from what does not", () => {
  const found = Object.fromEntries(growth(samples).map(({ key, first, last, perTrial }) => [key, { first, last, perTrial }]));
  expect(found.libvirtdMiB).toEqual({ first: 32.25, last: 52.25, perTrial: expect.closeTo(0.5, 10) });
  expect(found.leases).toEqual({ first: 7, last: 7, perTrial: 0 });
});

test("the first trial, before which nothing is warm, makes no slope", () => {
  const cold = samples.map((sample, trial) => ({ ...sample, leases: trial === 0 ? 0 : 7 }));
  expect(growth(cold).find(({ key }) => key === "leases")?.perTrial).toBe(0);
});

test("a panel for each quantity, all of them from nought", () => {
  const { yAxis, series } = growthFigure(samples).option({} as never) as { yAxis: { min: number }[]; series: { data: number[][] }[] };
  expect(yAxis.map(({ min }) => min)).toEqual(quantities.map(() => 0));
  expect(series.every(({ data }) => data.length === samples.length)).toBe(true);
});
