import { expect, test } from "vitest";
import { meanDraws } from "../../../analysis/statistics/mean-draws.ts";

test("the same seed gives the same draws, another one others", () => {
  const first = [...meanDraws(4, { seed: 7, draws: 5 })];
  expect(first).toEqual([...meanDraws(4, { seed: 7, draws: 5 })]);
  expect(first).not.toEqual([...meanDraws(4, { seed: 8, draws: 5 })]);
  expect(() => [...meanDraws(4, { draws: 0 })]).toThrow("invalid number of draws; not a positive integer: 0");
});

test("weights sum to one", () => {
  for (const weights of meanDraws(5, { draws: 20 })) expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
});

/** Of 2, 4, 6: 4 + T · 2 ÷ √3 with two degrees of freedom; P(|T| < 4.303) = 0.95, P(T < 1.886) = 0.9. A bootstrap never leaves [2, 6]. */
test("draws of a mean of three are Student's with two degrees of freedom", () => {
  const sample = [2, 4, 6];
  const draws = [...meanDraws(3, { draws: 20_000 })].map((weights) =>
    sample.reduce((sum, value, i) => sum + value * (weights[i] as number), 0),
  );
  const within = (low: number, high: number) => draws.filter((value) => low < value && value < high).length / draws.length;
  const scale = 2 / Math.sqrt(3);
  // Standard errors 0.0015 and 0.0021.
  expect(Math.abs(within(4 - 4.303 * scale, 4 + 4.303 * scale) - 0.95)).toBeLessThan(0.006);
  expect(Math.abs(within(Number.NEGATIVE_INFINITY, 4 + 1.886 * scale) - 0.9)).toBeLessThan(0.008);
});
