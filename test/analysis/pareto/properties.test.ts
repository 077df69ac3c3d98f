import fc from "fast-check";
import { expect, test } from "vitest";
import { distancesToFront } from "../../../analysis/pareto/distance-to-front.ts";
import { dominates } from "../../../analysis/pareto/dominance.ts";
import { front } from "../../../analysis/pareto/front.ts";
import { hypervolume } from "../../../analysis/pareto/hypervolume.ts";
import { lexicographicOrder } from "../../../analysis/pareto/lexicographic-order.ts";
import { type Points, points, select } from "../../../analysis/pareto/points.ts";
import { ranks } from "../../../analysis/pareto/ranks.ts";

/** Few different coordinates, so that ties and duplicates are common; both zeros, which are equal. */
const coordinate = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(-0), fc.double({ noNaN: true, min: -3, max: 3 }));
const cloud = (dimensions: fc.Arbitrary<number>, maxLength = 60) =>
  dimensions.chain((d) => fc.array(fc.array(coordinate, { minLength: d, maxLength: d }), { minLength: 1, maxLength })).map(points);

/** The definition: peel off whatever nothing left dominates. */
function peeled(given: Points): number[] {
  const rank = Array<number>(given.count).fill(-1);
  for (let round = 0; rank.includes(-1); round++) {
    const left = [...rank.keys()].filter((i) => rank[i] === -1);
    for (const i of left) if (!left.some((j) => dominates(given, j, given, i))) rank[i] = round;
  }
  return rank;
}

test("ranks are what peeling front after front gives", () => {
  fc.assert(
    fc.property(cloud(fc.integer({ min: 1, max: 6 })), (given) => {
      expect([...ranks(given)]).toEqual(peeled(given));
    }),
  );
});

test("the front is rank 0", () => {
  fc.assert(
    fc.property(cloud(fc.integer({ min: 1, max: 6 })), (given) => {
      const rank = ranks(given);
      expect([...front(given)]).toEqual([...rank.keys()].filter((i) => rank[i] === 0));
    }),
  );
});

test("order is by coordinates, then by number, with both zeros equal", () => {
  fc.assert(
    fc.property(cloud(fc.integer({ min: 1, max: 3 })), (given) => {
      const row = (i: number) => [...given.values.subarray(i * given.dimensions, (i + 1) * given.dimensions)];
      const compare = (a: number, b: number) =>
        row(a).reduce((found, value, k) => found || Math.sign(value - (row(b)[k] as number)), 0) || a - b;
      expect([...lexicographicOrder(given)]).toEqual([...Array(given.count).keys()].sort(compare));
    }),
  );
});

/** Inclusion and exclusion over all sets of points: exact for a few points, whatever the number of objectives. */
function includedExcluded({ values, count, dimensions }: Points, reference: readonly number[]): number {
  let volume = 0;
  for (let set = 1; set < 2 ** count; set++) {
    const members = [...Array(count).keys()].filter((i) => (set >> i) & 1);
    const box = reference.map((limit, k) => Math.max(0, limit - Math.max(...members.map((i) => values[i * dimensions + k] as number))));
    volume += (members.length % 2 === 1 ? 1 : -1) * box.reduce((product, side) => product * side, 1);
  }
  return volume;
}

test("hypervolume is that of inclusion and exclusion", () => {
  fc.assert(
    fc.property(cloud(fc.integer({ min: 1, max: 6 }), 7), (given) => {
      const reference = [2.5, 2, 3, 1, 2, 3].slice(0, given.dimensions);
      expect(hypervolume(given, reference)).toBeCloseTo(includedExcluded(given, reference), 9);
    }),
  );
});

test("hypervolume is the same for the front alone, and in another order", () => {
  fc.assert(
    fc.property(cloud(fc.integer({ min: 1, max: 4 })), (given) => {
      const reference = Array<number>(given.dimensions).fill(4);
      const whole = hypervolume(given, reference);
      const reversed = Uint32Array.from({ length: given.count }, (_, i) => given.count - 1 - i);
      expect(hypervolume(select(given, front(given)), reference)).toBeCloseTo(whole, 9);
      expect(hypervolume(select(given, reversed), reference)).toBeCloseTo(whole, 9);
    }),
  );
});

test("the distance to a front, taken off a point everywhere, makes it as good as some point of the front, and nothing less does", () => {
  fc.assert(
    fc.property(cloud(fc.constant(3), 8), (given) => {
      const members = select(given, front(given));
      const isMember = new Set(front(given));
      distancesToFront(given, members).forEach((distance, point) => {
        const reaches = (shift: number) =>
          [...Array(members.count).keys()].some((j) =>
            [0, 1, 2].every((k) => (given.values[3 * point + k] as number) - shift <= (members.values[3 * j + k] as number)),
          );
        expect(reaches(distance + 1e-9)).toBe(true);
        if (isMember.has(point)) expect(distance).toBe(0);
        if (distance > 1e-9) expect(reaches(distance - 1e-9)).toBe(false);
      });
    }),
  );
});
