import { expect, test } from "vitest";
import { pairedDifference } from "../../../analysis/statistics/paired-difference.ts";

interface Run {
  readonly seed: number;
  readonly wait: number | null;
}

const accessors = { seed: (run: Run) => run.seed, value: (run: Run) => run.wait, scale: "linear" as const };
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
  expect(pairedDifference(runs([1]), runs([3]), accessors).difference).toEqual({ value: 2, interval: null, reason: "needs 2 more seeds" });
});

test("on a logarithmic scale it is a ratio", () => {
  const { difference } = pairedDifference(runs([100, 300, 900]), runs([200, 600, 1800]), { ...accessors, scale: "log10" });
  expect(difference?.value).toBeCloseTo(2, 12);
  expect(difference?.interval?.low).toBeCloseTo(2, 12);
});
