import { expect, test } from "vitest";
import { holmAdjusted } from "../../../analysis/statistics/holm.ts";
import { probabilityNotAbove } from "../../../analysis/statistics/one-sided.ts";

// R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
test("Holm's adjusted p-values are R's", () => {
  const expected = [0.03, 0.06, 0.06, 0.02];
  holmAdjusted([0.01, 0.04, 0.03, 0.005]).forEach((found, i) => {
    expect(found).toBeCloseTo(expected[i] as number, 12);
  });
});

/** Student's own sleep data (Biometrika 6, 1908), as R prints `t.test(group2, group1, paired = TRUE, alternative = "greater")`. */
test("the one-sided paired test agrees with R on Student's sleep data", () => {
  const group1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const group2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const differences = group2.map((value, i) => value - (group1[i] as number));
  expect(probabilityNotAbove(differences)).toBeCloseTo(0.0014164451, 8);
});

test("differences that are all the same leave no doubt, and none is no difference", () => {
  expect(probabilityNotAbove([1, 1, 1])).toBe(0);
  expect(probabilityNotAbove([-1, -1, -1])).toBe(1);
  expect(probabilityNotAbove([0, 0, 0])).toBe(1);
});
