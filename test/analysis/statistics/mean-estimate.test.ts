import { expect, test } from "vitest";
import { meanEstimate } from "../../../analysis/statistics/mean-estimate.ts";

/** Expected values: scipy 1.x, `stats.t.ppf` on the values and on their logarithms. */
test("Student's interval of a ratio is that of the logarithms", () => {
  const { value, interval } = meanEstimate([12, 18, 9, 30, 14], "log10");
  expect(value).toBeCloseTo(15.219104889814414, 8);
  expect(interval?.low).toBeCloseTo(8.650189719499881, 6);
  expect(interval?.high).toBeCloseTo(26.776424697950375, 6);
});

test("intervals of a family of twelve hold together, so each is wider", () => {
  const { interval } = meanEstimate([12, 18, 9, 30, 14], "log10", { family: 12 });
  expect(interval?.low).toBeCloseTo(4.595000602248459, 7);
  expect(interval?.high).toBeCloseTo(50.407208550491696, 6);
});

// Student's own t for 2 degrees of freedom, 4.303 (Abramowitz and Stegun, table 26.10): 4 ± 4.303 · 2 ÷ √3.
test("three seeds have an interval, and not one below the least of them and the greatest", () => {
  const { interval } = meanEstimate([2, 4, 6], "linear");
  expect(interval?.low).toBeCloseTo(4 - (4.303 * 2) / Math.sqrt(3), 3);
  expect(interval?.high).toBeCloseTo(4 + (4.303 * 2) / Math.sqrt(3), 3);
});

test("fewer than three seeds have none, and the number that is missing is told", () => {
  expect(meanEstimate([3], "linear")).toEqual({ value: 3, interval: null, reason: "needs 2 more seeds" });
  expect(meanEstimate([3, 5], "linear")).toEqual({ value: 4, interval: null, reason: "needs 1 more seed" });
  expect(() => meanEstimate([], "linear")).toThrow("mean of no runs");
});

test("refuses a confidence that is none, and a logarithm of nothing", () => {
  expect(() => meanEstimate([1, 2, 3], "linear", { confidence: 95 })).toThrow("invalid confidence; not in (0, 1): 95");
  expect(() => meanEstimate([0, 2, 3], "log10")).toThrow("0 has no logarithm; give the objective a linear scale");
});
