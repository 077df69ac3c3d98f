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

test("refuses what has no volume, or one that it does not compute", () => {
  expect(() => hypervolume(points([[1, 1]]), [2])).toThrow("reference point has 1 coordinates, the points have 2 objectives");
  expect(() => hypervolume(points([[1, 1, 1, 1, 1]]), [2, 2, 2, 2, 2])).toThrow("hypervolume of 5 objectives: it is computed for 1 to 4");
  expect(() => hypervolume(points([[1, 1]]), [2, Number.POSITIVE_INFINITY])).toThrow("reference point: Infinity is not finite");
  expect(() => hypervolume(points([[1, Number.NEGATIVE_INFINITY]]), [2, 2])).toThrow("hypervolume is unbounded: an objective is -Infinity");
});
