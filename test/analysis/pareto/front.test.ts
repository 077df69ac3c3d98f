import { expect, test } from "vitest";
import { front } from "../../../analysis/pareto/front.ts";
import { paretoFront } from "../../../analysis/pareto/pareto-front.ts";
import { points } from "../../../analysis/pareto/points.ts";
import { ranks } from "../../../analysis/pareto/ranks.ts";
import { cloud, shapes } from "./clouds.ts";

interface Trial {
  readonly name: string;
  readonly waitSeconds: number | null;
  readonly throughput: number | undefined;
}

const trial = (name: string, waitSeconds: number | null, throughput: number | undefined): Trial => ({ name, waitSeconds, throughput });

test("rows that no other dominates, each objective in its own direction", () => {
  const rows = [trial("slow", 9, 3), trial("quick", 2, 3), trial("wide", 9, 8), trial("worst", 10, 1)];
  const found = paretoFront(rows, [
    { value: (row) => row.waitSeconds, better: "lower" },
    { value: (row) => row.throughput, better: "higher" },
  ]);
  expect(found.map(({ name }) => name)).toEqual(["quick", "wide"]);
});

test("every copy of a row on the front is on the front, and none of a dominated one", () => {
  expect([
    ...front(
      points([
        [1, 2],
        [2, 2],
        [1, 2],
        [2, 1],
        [2, 2],
      ]),
    ),
  ]).toEqual([0, 2, 3]);
});

test("a row that lacks an objective is not on the front, and hides nothing", () => {
  const rows = [trial("no throughput", 0, undefined), trial("no wait", null, 100), trial("NaN", Number.NaN, 100), trial("whole", 5, 5)];
  const found = paretoFront(rows, [
    { value: (row) => row.waitSeconds, better: "lower" },
    { value: (row) => row.throughput, better: "higher" },
  ]);
  expect(found.map(({ name }) => name)).toEqual(["whole"]);
});

test("no rows have an empty front; no objectives are a mistake", () => {
  expect(paretoFront([], [{ value: () => 1, better: "lower" }])).toEqual([]);
  expect(() => paretoFront([1], [])).toThrow("no objectives; name one at least");
});

// Enough points for pivots to be chosen, twice, and for a sample's front, with some that are there twice.
test.each(shapes.flatMap((shape) => [2, 4].map((dimensions) => ({ shape, dimensions }))))(
  "the front of many points is their rank 0: $shape, $dimensions objectives",
  ({ shape, dimensions }) => {
    const many = cloud(shape, 80_000, dimensions, 7);
    for (let i = 0; i < 80_000; i += 100) many.values.copyWithin(i * dimensions, (i + 1) * dimensions, (i + 2) * dimensions);
    const rank = ranks(many);
    expect([...front(many)]).toEqual([...rank.keys()].filter((i) => rank[i] === 0));
  },
);

test("many copies of the best point are all on the front", () => {
  const many = cloud("uniform", 10_000, 3, 3);
  for (let i = 0; i < 10_000; i += 5) many.values.fill(0, 3 * i, 3 * i + 3);
  expect([...front(many)]).toEqual(Array.from({ length: 2000 }, (_, i) => 5 * i));
});
