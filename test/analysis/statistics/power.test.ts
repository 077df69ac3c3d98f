import { expect, test } from "vitest";
import { minimumDetectableDifference, power, seedsNeeded } from "../../../analysis/statistics/power.ts";
import { seedPlan } from "../../../analysis/statistics/seed-planning.ts";

/** Expected values: scipy's noncentral t, `1 - stats.nct.cdf(stats.t.ppf(1 - level, n - 1), n - 1, d / s * sqrt(n))`. */
test("power of the one-sided test", () => {
  expect(power(0.5, 10, { spread: 0.5, level: 0.05 })).toBeCloseTo(0.8975169943396827, 6);
  expect(power(1, 5, { spread: 0.7, level: 0.0125 })).toBeCloseTo(0.4892070858083952, 6);
});

test("the minimum detectable difference has a power of 80 %", () => {
  expect(minimumDetectableDifference(10, { spread: 1, level: 0.025 })).toBeCloseTo(0.996002254306952, 5);
});

test.each([
  [1, 10],
  [0.5, 34],
  [0.25, 128],
])("a difference of %f standard deviations needs %i seeds", (difference, seeds) => {
  expect(seedsNeeded(difference, { spread: 1, level: 0.025 })).toBe(seeds);
});

test("without spread anything is seen, with ten thousand seeds not everything", () => {
  expect(power(0.1, 3, { spread: 0, level: 0.05 })).toBe(1);
  expect(minimumDetectableDifference(3, { spread: 0, level: 0.05 })).toBe(0);
  expect(seedsNeeded(1e-4, { spread: 1, level: 0.05 })).toBeNull();
});

test("a plan is told as ratios where ratios matter, and beyond what a margin allows", () => {
  const differences = [0.02, -0.02, 0.05, -0.05, 0.01, -0.01];
  const plain = seedPlan(differences, "log10", 0.025);
  expect(plain?.detectable).toBeGreaterThan(1);
  expect(plain?.seeds.map(({ share }) => share)).toEqual([0.05, 0.1, 0.2]);
  // 5 % are within a margin of 5 %, so no number of seeds finds them beyond it.
  const beyond = seedPlan(differences, "log10", 0.025, Math.log10(1.05));
  expect(beyond?.seeds[0]).toEqual({ share: 0.05, seeds: null });
  expect(beyond?.detectable).toBeCloseTo(1.05 * (plain?.detectable ?? 0), 9);
  expect(seedPlan([1], "linear", 0.025)).toBeNull();
});
