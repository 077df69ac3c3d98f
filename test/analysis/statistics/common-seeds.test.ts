import { expect, test } from "vitest";
import { commonSeeds } from "../../../analysis/statistics/common-seeds.ts";

const own = (name: string, ...seeds: number[]) => ({ name, seeds: new Set(seeds) });

test("the seeds that all have", () => {
  expect(commonSeeds([own("A", 3, 1, 2, 4), own("B", 1, 2, 3)])).toEqual({ seeds: [1, 2, 3], compared: ["A", "B"], leftOut: [] });
});

test("a configuration that has less than half of the others' seeds takes no part", () => {
  const found = commonSeeds([own("A", 1, 2, 3, 4), own("B", 1), own("C", 1, 2, 3, 4)]);
  expect(found).toEqual({
    seeds: [1, 2, 3, 4],
    compared: ["A", "C"],
    leftOut: [{ name: "B", reason: "has 1 of the 4 seeds on which the others are compared; half of them are needed" }],
  });
});

test("without a seed in common one is left, and without any configuration nothing", () => {
  expect(commonSeeds([own("A", 1, 2), own("B", 3, 4)]).compared).toEqual(["A"]);
  expect(commonSeeds([])).toEqual({ seeds: [], compared: [], leftOut: [] });
});

test("one that has half of the others' seeds, and others of its own, is told what it would leave", () => {
  expect(commonSeeds([own("A", 1, 3, 5), own("B", 1, 2, 4, 5)])).toEqual({
    seeds: [1, 2, 4, 5],
    compared: ["B"],
    leftOut: [{ name: "A", reason: "with it only 2 of 5 seeds would be common to all; half of them are needed" }],
  });
});
