import { expect, test } from "vitest";
import { minimumDetectableDifference } from "../../../analysis/statistics/minimum-detectable-difference.ts";
import { pairedDifference } from "../../../analysis/statistics/paired-difference.ts";

interface Run {
  readonly seed: number;
  readonly wait: number | null;
}

const accessors = { seed: (run: Run) => run.seed, value: (run: Run) => run.wait };
const runs = (waits: readonly (number | null)[], firstSeed = 1): Run[] => waits.map((wait, i) => ({ seed: firstSeed + i, wait }));

test("what seeds have in common cancels out", () => {
  // Seeds differ by hundreds, the configurations by 1 on each.
  const { difference, seeds, unpaired } = pairedDifference(runs([100, 300, 900, 500]), runs([101, 301, 901, 501]), accessors);
  expect(difference).toEqual({ value: 1, interval: { low: 1, high: 1, confidence: 0.95 } });
  expect([seeds, unpaired]).toEqual([[1, 2, 3, 4], []]);
});

test("seeds that only one side has, or has no value for, take no part; repetitions are averaged", () => {
  const baseline = [...runs([10, 20, null]), { seed: 1, wait: 14 }];
  const { difference, seeds, unpaired } = pairedDifference(baseline, runs([15, 27, 5, 8]), accessors);
  expect(difference?.value).toBe((15 - 12 + 27 - 20) / 2);
  expect([seeds, unpaired]).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("without a shared seed there is no difference, with one no interval", () => {
  expect(pairedDifference(runs([1]), runs([1], 5), accessors).difference).toBeNull();
  expect(pairedDifference(runs([1]), runs([3]), accessors).difference).toEqual({ value: 2, interval: null, reason: "one run only" });
});

test("the minimum detectable difference is the farther end of the A/A interval", () => {
  const { minimum, difference } = minimumDetectableDifference(runs([10, 12, 9, 11, 10]), runs([11, 10, 10, 11, 9]), accessors);
  const { low, high } = difference?.interval ?? { low: Number.NaN, high: Number.NaN };
  // Differences 1, -2, 1, 0, -1: mean -0.2, so the lower end is farther from 0.
  expect(difference?.value).toBeCloseTo(-0.2, 12);
  expect(low).toBeLessThan(-0.2);
  expect(high).toBeGreaterThan(0);
  expect(minimum).toBe(-low);
});

test("too few runs detect nothing, and it says why", () => {
  expect(minimumDetectableDifference(runs([1]), runs([1], 2), accessors)).toMatchObject({ minimum: null, reason: "no seed was run twice" });
  expect(minimumDetectableDifference(runs([1]), runs([1]), accessors)).toMatchObject({ minimum: null, reason: "one run only" });
});
