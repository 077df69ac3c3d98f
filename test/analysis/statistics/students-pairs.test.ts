import { describe, expect, test } from "vitest";
import { studentQuantile, studentsPairs } from "../../../analysis/statistics/students-pairs.ts";

describe("Student's pairs", () => {
  test.each([
    // Two-sided 95 % quantiles: Abramowitz and Stegun, table 26.10.
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [9, 2.262],
    [30, 2.042],
    [120, 1.98],
  ])("t with %i degrees of freedom is %f", (degreesOfFreedom, quantile) => {
    expect(studentQuantile(degreesOfFreedom)).toBeCloseTo(quantile, 3);
  });

  /** Student's own sleep data (Biometrika 6, 1908), as R prints `t.test(extra ~ group, sleep, paired = TRUE)`. */
  test("agree with R on Student's sleep data", () => {
    const group1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const group2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const result = studentsPairs(group1, group2);
    expect(result?.difference).toBeCloseTo(1.58, 10);
    expect(result?.interval[0]).toBeCloseTo(0.7001142, 6);
    expect(result?.interval[1]).toBeCloseTo(2.4598858, 6);
  });

  test("say nothing of one pair", () => {
    expect(studentsPairs([1], [2])).toBeNull();
  });
});
