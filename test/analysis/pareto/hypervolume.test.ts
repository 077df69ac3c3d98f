import { expect, test } from "vitest";
import { hypervolume } from "../../../analysis/pareto/hypervolume.ts";
import { points } from "../../../analysis/pareto/points.ts";

test("boxes: one, two that overlap, one inside another", () => {
  expect(hypervolume(points([[1, 1]]), [3, 4])).toBe(6);
  expect(
    hypervolume(
      points([
        [1, 2],
        [2, 1],
      ]),
      [3, 3],
    ),
  ).toBe(3);
  expect(
    hypervolume(
      points([
        [0, 0, 0],
        [1, 1, 1],
      ]),
      [2, 2, 2],
    ),
  ).toBe(8);
  expect(
    hypervolume(
      points([
        [0, 1, 1, 1],
        [1, 0, 1, 1],
      ]),
      [2, 2, 2, 2],
    ),
  ).toBe(3);
});

test("points that are not better than the reference in every objective add nothing", () => {
  expect(
    hypervolume(
      points([
        [1, 3],
        [3, 1],
        [0, 5],
      ]),
      [3, 3],
    ),
  ).toBe(0);
});

test("no points dominate nothing", () => {
  expect(hypervolume(points([]), [1, 1])).toBe(0);
});

test("refuses what has no volume, or one that no number holds", () => {
  expect(() => hypervolume(points([[1, 1]]), [2])).toThrow("reference point has 1 coordinates, the points have 2 objectives");
  expect(() => hypervolume(points([]), [])).toThrow("hypervolume without objectives");
  expect(() => hypervolume(points([[1, 1]]), [2, Number.POSITIVE_INFINITY])).toThrow("reference point: Infinity is not finite");
  expect(() => hypervolume(points([[1, Number.NEGATIVE_INFINITY]]), [2, 2])).toThrow("hypervolume is unbounded: an objective is -Infinity");
  expect(() => hypervolume(points([[-1e300, -1e300]]), [1e300, 1e300])).toThrow(
    "hypervolume is beyond the largest number; give the objectives smaller units",
  );
});

// Random points of three digits; expected: moocore 0.3.2.
test.each([
  {
    objectives: 5,
    cloud: [
      [0.086, 0.237, 0.801, 0.582, 0.094], [0.433, 0.479, 0.16, 0.735, 0.114], [0.391, 0.517, 0.431, 0.587, 0.738],
      [0.956, 0.284, 0.649, 0.696, 0.293], [0.001, 0.973, 0.298, 0.314, 0.892], [0.585, 0.471, 0.773, 0.03, 0.71],
      [0.374, 0.091, 0.661, 0.931, 0.207], [0.63, 0.298, 0.742, 0.722, 0.219], [0.83, 0.658, 0.683, 0.82, 0.429],
      [0.759, 0.878, 0.102, 0.85, 0.394], [0.48, 0.146, 0.698, 0.292, 0.871], [0.275, 0.562, 0.4, 0.613, 0.197],
    ],
    expected: 0.31969387568792973,
  },
  {
    objectives: 6,
    cloud: [
      [0.18, 0.747, 0.752, 0.567, 0.921, 0.206], [0.851, 0.169, 0.964, 0.624, 0.607, 0.971], [0.787, 0.79, 0.054, 0.369, 0.085, 0.194],
      [0.214, 0.859, 0.127, 0.297, 0.493, 0.849], [0.965, 0.708, 0.214, 0.545, 0.706, 0.052], [0.68, 0.368, 0.59, 0.67, 0.669, 0.523],
      [0.555, 0.198, 0.495, 0.125, 0.481, 0.536], [0.774, 0.394, 0.02, 0.528, 0.205, 0.741], [0.389, 0.38, 0.909, 0.393, 0.349, 0.348],
      [0.481, 0.093, 0.547, 0.921, 0.563, 0.744],
    ],
    expected: 0.2076534663931976,
  },
])("hypervolume of $objectives objectives is moocore's", ({ objectives, cloud, expected }) => {
  expect(hypervolume(points(cloud), Array<number>(objectives).fill(1.1))).toBeCloseTo(expected, 12);
}); // biome-ignore format: tables
