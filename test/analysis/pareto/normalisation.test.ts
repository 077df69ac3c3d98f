import { expect, test } from "vitest";
import { anchorsOf, normalised, normalisedAxes } from "../../../analysis/pareto/normalisation.ts";

test("0 at the ideal, 1 at the nadir, in between by the scale", () => {
  expect(normalised(15, { ideal: 10, nadir: 20, scale: "linear" })).toBe(0.5);
  expect(normalised(100, { ideal: 10, nadir: 1000, scale: "log10" })).toBe(0.5);
  expect(normalised(4, { ideal: 5, nadir: 1, scale: "linear" }, "higher")).toBe(0.25);
});

test("frozen anchors let later values lie outside", () => {
  expect(normalised(30, { ideal: 10, nadir: 20, scale: "linear" })).toBe(2);
  expect(normalised(5, { ideal: 10, nadir: 20, scale: "linear" })).toBe(-0.5);
});

test("where ideal and nadir are equal, better is still below worse", () => {
  const same = { ideal: 3, nadir: 3, scale: "linear" } as const;
  expect([normalised(3, same), normalised(4, same), normalised(4, same, "higher")]).toEqual([0, 1, -1]);
});

test("what is not positive has no logarithm", () => {
  expect(() => normalised(0, { ideal: 1, nadir: 10, scale: "log10" })).toThrow("0 has no logarithm; give the objective a linear scale");
});

test("anchors of rows, and axes in normalised units", () => {
  const axes = [
    { name: "wait", value: (row: readonly number[]) => row[0], better: "lower" as const },
    { name: "throughput", value: (row: readonly number[]) => row[1], better: "higher" as const },
  ];
  const rows = [
    [1, 5],
    [100, 9],
    [Number.NaN, 7],
  ];
  const anchors = anchorsOf(rows, axes, ({ name }) => (name === "wait" ? "log10" : "linear"));
  expect(anchors).toEqual([
    { ideal: 1, nadir: 100, scale: "log10" },
    { ideal: 9, nadir: 5, scale: "linear" },
  ]);
  const [wait, throughput] = normalisedAxes(axes, anchors);
  expect([wait?.value([10, 7]), throughput?.value([10, 7]), wait?.value([Number.NaN, 7])]).toEqual([0.5, 0.5, null]);
  expect(() => anchorsOf([], axes)).toThrow("no row has wait, so it has no anchors");
});
