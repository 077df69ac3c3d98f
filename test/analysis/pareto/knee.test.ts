import { expect, test } from "vitest";
import { kneeByDistanceToIdeal, kneeByHyperplane } from "../../../analysis/pareto/knee.ts";
import { points } from "../../../analysis/pareto/points.ts";

test("two definitions, two knees", () => {
  // Distances to (0, 0): 1, 0.54, 0.57, 1. Below the line from (0, 1) to (1, 0): (1 − Σ z) / √2, largest for the third.
  const front = points([
    [0, 1],
    [0.38, 0.38],
    [0.55, 0.15],
    [1, 0],
  ]);
  expect(kneeByDistanceToIdeal(front)).toBe(1);
  expect(kneeByHyperplane(front)).toEqual({ point: 2, plane: "extreme points" });
});

test("the hyperplane goes through the extreme points, wherever they are", () => {
  // Through (0, 0.5) and (1, 0), that is z₁ + 2 z₂ = 1, the second is farther below than the third.
  const front = points([
    [0, 0.5],
    [0.2, 0.2],
    [0.4, 0.15],
    [1, 0],
  ]);
  expect(kneeByHyperplane(front)).toEqual({ point: 1, plane: "extreme points" });
});

test("three objectives", () => {
  const front = points([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0.2, 0.2, 0.3],
    [0.3, 0.3, 0.2],
  ]);
  expect(kneeByHyperplane(front)).toEqual({ point: 3, plane: "extreme points" });
});

test("extreme points that span no hyperplane leave the unit one", () => {
  // One point is best in both of the first two objectives.
  const front = points([
    [0, 0, 1],
    [0.5, 0.5, 0],
    [0.2, 0.2, 0.2],
  ]);
  expect(kneeByHyperplane(front)).toEqual({ point: 2, plane: "unit" });
});

test("a front of one point has its knee there; an empty one has none", () => {
  expect(kneeByDistanceToIdeal(points([[0, 0]]))).toBe(0);
  expect(kneeByHyperplane(points([[0, 0]]))).toEqual({ point: 0, plane: "unit" });
  expect(() => kneeByDistanceToIdeal(points([]))).toThrow("no point, so no knee");
  expect(() => kneeByHyperplane(points([]))).toThrow("no point, so no knee");
});
