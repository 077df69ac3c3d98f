import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bcaInterval } from "../../../analysis/statistics/bca-interval.ts";
import { normalProbability, normalQuantile } from "../../../analysis/statistics/normal-distribution.ts";

/** Answers of scipy.stats.bootstrap(method="BCa") and scipy.stats.norm.ppf: test/oracle/make_fixtures.py. */
interface Oracle {
  readonly intervals: readonly {
    readonly name: string;
    readonly value: number;
    readonly replicates: readonly number[];
    readonly jackknife: readonly number[];
    readonly low: number;
    readonly high: number;
  }[];
  readonly normal: readonly { readonly probability: number; readonly quantile: number }[];
}

const oracle: Oracle = JSON.parse(readFileSync("test/analysis/fixtures/statistics.json", "utf8"));

// The normal distribution is good for seven digits, replicates lie apart by less than 1.
test.each(oracle.intervals)("interval of scipy: $name", ({ low, high, ...distribution }) => {
  const found = bcaInterval({ ...distribution, confidence: 0.95 });
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

test.each(oracle.normal)("normal quantile of $probability", ({ probability, quantile }) => {
  expect(normalQuantile(probability)).toBeCloseTo(quantile, 3);
  expect(normalProbability(quantile)).toBeCloseTo(probability, 6);
});

test("replicates that are all the same leave an interval without width", () => {
  expect(bcaInterval({ value: 3, replicates: [3, 3, 3], jackknife: [3, 3], confidence: 0.9 })).toEqual({
    low: 3,
    high: 3,
    confidence: 0.9,
  });
});

test("refuses a confidence that is none", () => {
  expect(() => bcaInterval({ value: 1, replicates: [1], jackknife: [1], confidence: 95 })).toThrow("invalid confidence; not in (0, 1): 95");
});
