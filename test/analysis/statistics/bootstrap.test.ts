import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { mean } from "simple-statistics";
import { expect, test } from "vitest";
import { bootstrap } from "../../../analysis/statistics/bootstrap.ts";
import { draws } from "../../../analysis/statistics/resampling.ts";

const meanOf = (sample: readonly number[]) => mean([...sample]);

test("the same seed gives the same interval, another one another", () => {
  const sample = [3.14, 1.59, 2.65, 3.58, 9.79, 3.23, 8.46, 2.64];
  const first = bootstrap(sample, meanOf, { seed: 7 });
  expect(first).toEqual(bootstrap(sample, meanOf, { seed: 7 }));
  expect(first.interval).not.toEqual(bootstrap(sample, meanOf, { seed: 8 }).interval);
});

test("one run has a value and no interval, no run is a mistake", () => {
  expect(bootstrap([4], meanOf)).toEqual({ value: 4, interval: null, reason: "one run only" });
  expect(() => bootstrap([], meanOf)).toThrow("bootstrap of no runs");
});

test("nine of ten intervals at 0.9 hold the truth", () => {
  const random = xoroshiro128plus(11);
  // Sums of twelve uniform numbers are as good as normal; 400 samples of 20 of them with mean 6.
  const sample = () => Array.from({ length: 20 }, () => Array.from({ length: 12 }, () => uniformFloat64(random)).reduce((a, b) => a + b));
  const held = Array.from({ length: 400 }, () => bootstrap(sample(), meanOf, { resamples: 400, confidence: 0.9 })).filter(
    ({ interval }) => interval !== null && interval.low <= 6 && 6 <= interval.high,
  );
  // 0.9 within three standard errors, and the shortfall of some 0.02 that bootstrap intervals of 20 have.
  expect(held.length / 400).toBeGreaterThan(0.835);
  expect(held.length / 400).toBeLessThan(0.945);
});

test("draws are of all indices, as many as there are", () => {
  const all = [...draws(4, { resamples: 500 })];
  expect(all.length).toBe(500);
  const counts = [0, 1, 2, 3].map((index) => all.flatMap((draw) => [...draw]).filter((drawn) => drawn === index).length);
  // 2,000 draws, a quarter each: standard deviation 19.
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(80);
  expect(() => [...draws(4, { resamples: 0 })]).toThrow("invalid number of resamples; not a positive integer: 0");
});
