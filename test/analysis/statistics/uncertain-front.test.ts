import { randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { dominanceClaims } from "../../../analysis/statistics/dominance-claims.ts";
import { frontMembership } from "../../../analysis/statistics/front-membership.ts";
import { hypervolumeEstimate } from "../../../analysis/statistics/hypervolume-estimate.ts";
import { kneeFrequency } from "../../../analysis/statistics/knee-frequency.ts";
import { pairedRuns } from "../../../analysis/statistics/paired-runs.ts";

interface Run {
  readonly name: string;
  readonly seed: number;
  readonly wait: number | null;
  readonly throughput: number;
}

const accessors = {
  configuration: (run: Run) => run.name,
  seed: (run: Run) => run.seed,
  axes: [
    { name: "wait", value: (run: Run) => run.wait, better: "lower" as const, scale: "linear" as const },
    { name: "throughput", value: (run: Run) => run.throughput, better: "higher" as const, scale: "linear" as const },
  ],
};

const objectives = [
  { anchors: { ideal: 0, nadir: 10, scale: "linear" as const }, better: "lower" as const },
  { anchors: { ideal: 10, nadir: 0, scale: "linear" as const }, better: "higher" as const },
];

const runs = (name: string, values: readonly (readonly [wait: number | null, throughput: number])[]): Run[] =>
  values.map(([wait, throughput], i) => ({ name, seed: i + 1, wait, throughput }));

/** Each configuration the same in every seed, but for `noisy`. */
const steady = (name: string, wait: number, throughput: number) => runs(name, Array(6).fill([wait, throughput]));

test("what is better on every seed dominates for sure; what is better in one objective only never does", () => {
  const paired = pairedRuns([...steady("good", 2, 8), ...steady("bad", 3, 8), ...steady("other", 9, 9)], accessors);
  const found = dominanceClaims(paired);
  const of = (a: string, b: string) => found.find(({ configuration, other }) => configuration === a && other === b);
  expect(of("good", "bad")).toEqual({ configuration: "good", other: "bad", probability: 1, dominates: true, seeds: 6 });
  // Of what never dominates nothing is said.
  expect(found.map(({ configuration, other }) => [configuration, other])).toEqual([["good", "bad"]]);
});

test("the probability of a pair is Student's: a mean difference of 0 is a coin", () => {
  const paired = pairedRuns(
    [
      ...runs("even", Array(6).fill([5, 5])),
      ...runs("noisy", [
        [4, 5],
        [4, 5],
        [4, 5],
        [6, 5],
        [6, 5],
        [6, 5],
      ]),
    ],
    accessors,
  );
  const found = dominanceClaims(paired, { draws: 20_000 }).find(({ configuration }) => configuration === "noisy");
  // Standard error 0.0035.
  expect(Math.abs((found?.probability ?? 0) - 0.5)).toBeLessThan(0.012);
  expect(found?.dominates).toBe(false);
});

test("nothing is claimed below five seeds, nor said of each pair", () => {
  const four = (wait: number) => Array<readonly [number, number]>(4).fill([wait, 5]);
  const paired = pairedRuns([...runs("a", four(1)), ...runs("b", four(2))], accessors);
  expect(dominanceClaims(paired)).toEqual([]);
});

/** Of eight equal configurations with two objectives, some pair was said to dominate in 7 % at ten seeds, 75 % at three. */
test("among equal configurations hardly ever one dominates", () => {
  const random = xoroshiro128plus(9);
  const normal = randomNormal.source(() => uniformFloat64(random))();
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const isClaimed = () => {
    const all = names.flatMap((name) =>
      runs(
        name,
        Array.from({ length: 5 }, () => [normal(), normal()] as const),
      ),
    );
    return dominanceClaims(pairedRuns(all, accessors), { draws: 10 }).some(({ dominates }) => dominates);
  };
  // 5 % of 100, with a standard deviation of 2.2.
  expect(Array.from({ length: 100 }, isClaimed).filter(Boolean).length).toBeLessThan(12);
});

/** The referee's second finding: A is worse than B on every seed that both have, and lacks the five heavy ones. */
test("lost heavy seeds do not make a configuration look good", () => {
  const light = [1, 2, 3, 4, 5];
  const all = [
    ...light.map((seed) => ({ name: "A", seed, wait: 5.6 + seed / 10, throughput: 5 })),
    ...light.map((seed) => ({ name: "B", seed, wait: 5 + seed / 11, throughput: 5 })),
    ...light.map((seed) => ({ name: "B", seed: seed + 5, wait: 30 + seed, throughput: 5 })),
  ];
  const paired = pairedRuns(all, accessors);
  expect(paired.seeds).toEqual(light);
  expect(frontMembership(paired).map(({ configuration, onFront }) => [configuration, onFront])).toEqual([
    ["A", false],
    ["B", true],
  ]);
  expect(dominanceClaims(paired)).toMatchObject([{ configuration: "B", other: "A", dominates: true }]);
});

/** The referee's sixth: "at least 9" dominated a measured 10. */
test("a lower bound wins nothing, and is beaten by what is below it", () => {
  const value = (run: Run) => run.wait;
  const axes = [{ value, better: "lower" as const, scale: "linear" as const, isBound: ({ name }: Run) => name === "bound" }];
  const only = (wait: number) => Array<readonly [number, number]>(6).fill([wait, 5]);
  const found = pairedRuns([...runs("bound", only(9)), ...runs("ten", only(10)), ...runs("eight", only(8))], { ...accessors, axes });
  const claims = dominanceClaims(found).filter(({ dominates }) => dominates);
  expect(claims.map(({ configuration, other }) => `${configuration} ${other}`)).toEqual(["eight bound", "eight ten"]);
  expect(frontMembership(found).map(({ onFront }) => onFront)).toEqual([false, false, true]);
});

test("front membership: sure, never, and sometimes", () => {
  // The difference of `noisy` has a mean of 0, so that each hides the other in half of the draws.
  const paired = pairedRuns(
    [
      ...runs("good", Array(4).fill([2, 8])),
      ...runs("noisy", [
        [1, 8],
        [3, 8],
        [1.5, 8],
        [2.5, 8],
      ]),
      ...runs("bad", Array(4).fill([9, 1])),
    ],
    accessors,
  );
  const found = frontMembership(paired, { draws: 20_000 });
  const [first, second, never] = found.map(({ probability }) => probability ?? Number.NaN);
  expect(Math.abs((first as number) - 0.5)).toBeLessThan(0.015);
  expect(Math.abs((second as number) - 0.5)).toBeLessThan(0.015);
  // T with three degrees of freedom has heavy tails: some draws of `noisy` are above 9.
  expect(never).toBeLessThan(0.01);
});

test("one seed says what is on the front, not how sure that is", () => {
  expect(frontMembership(pairedRuns(runs("only", [[1, 1]]), accessors))).toEqual([
    { configuration: "only", onFront: true, probability: null },
  ]);
});

test("knees with their frequency", () => {
  const paired = pairedRuns([...steady("quick", 0, 0), ...steady("middle", 3, 8), ...steady("wide", 10, 10)], accessors);
  expect(kneeFrequency(paired, objectives)).toEqual({
    distanceToIdeal: { knee: "middle", frequency: { middle: 1 } },
    hyperplane: { knee: "middle", plane: "extreme points", frequency: { middle: 1 } },
  });
});

test("hypervolume in normalised units, with an interval that holds it", () => {
  // In normalised units (0.2, 0.2): (1.1 − 0.2)² = 0.81.
  const sure = hypervolumeEstimate(pairedRuns(steady("one", 2, 8), accessors), objectives);
  expect(sure.value).toBeCloseTo(0.81, 12);
  expect(sure.interval?.high).toBeCloseTo(0.81, 12);
  const noisy = hypervolumeEstimate(
    pairedRuns(
      runs("one", [
        [1, 8],
        [3, 8],
        [2, 7],
        [2, 9],
      ]),
      accessors,
    ),
    objectives,
  );
  expect(noisy.value).toBeCloseTo(0.81, 12);
  // Pseudo-values by hand: 4 · 0.81 less three times the volume of the means of three.
  expect(noisy.interval?.low).toBeLessThan(0.75);
  expect(noisy.interval?.high).toBeGreaterThan(0.87);
});

test("runs without all objectives take no part, and a configuration without any other is missing", () => {
  const paired = pairedRuns(
    [
      ...runs("partly", [
        [1, 5],
        [null, 5],
      ]),
      ...runs("never", [[null, 5]]),
    ],
    accessors,
  );
  expect(paired.configurations).toEqual([{ name: "partly", bySeed: [[1, -5]], isBound: [false, false] }]);
  expect([paired.seeds, paired.leftOut]).toEqual([[1], [{ name: "never", reason: "no run has all objectives" }]]);
});
