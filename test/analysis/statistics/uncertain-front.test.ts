import { expect, test } from "vitest";
import { dominanceProbabilities } from "../../../analysis/statistics/dominance-probability.ts";
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
    { name: "wait", value: (run: Run) => run.wait, better: "lower" as const },
    { name: "throughput", value: (run: Run) => run.throughput, better: "higher" as const },
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
  const found = dominanceProbabilities(paired);
  const of = (a: string, b: string) => found.find(({ configuration, other }) => configuration === a && other === b);
  expect(of("good", "bad")).toEqual({ configuration: "good", other: "bad", probability: 1, dominates: true, seeds: 6 });
  expect(of("bad", "good")).toMatchObject({ probability: 0, dominates: false });
  expect(of("good", "other")).toMatchObject({ probability: 0, dominates: false });
  expect(found.length).toBe(6);
});

test("the probability is that of the resamples: two seeds for, two seeds against", () => {
  // Differences -1, -1, 1, 1: the mean of four draws is negative when three or four are of the first two, 5 of 16.
  const paired = pairedRuns(
    [
      ...runs("even", [
        [5, 5],
        [5, 5],
        [5, 5],
        [5, 5],
      ]),
      ...runs("noisy", [
        [4, 5],
        [4, 5],
        [6, 5],
        [6, 5],
      ]),
    ],
    accessors,
  );
  const found = dominanceProbabilities(paired, { resamples: 20_000 }).find(({ configuration }) => configuration === "noisy");
  // Standard error 0.0033.
  expect(Math.abs((found?.probability ?? 0) - 5 / 16)).toBeLessThan(0.012);
});

test("seeds that only one of the two has take no part; with fewer than two there is no answer", () => {
  const paired = pairedRuns(
    [
      ...runs("a", [
        [1, 5],
        [1, 5],
        [9, 5],
      ]),
      ...runs("b", [
        [2, 5],
        [2, 5],
        [null, 5],
      ]),
      ...runs("c", [[2, 5]]),
    ],
    accessors,
  );
  const found = dominanceProbabilities(paired);
  expect(found.find(({ configuration, other }) => configuration === "a" && other === "b")).toMatchObject({ probability: 1, seeds: 2 });
  expect(found.find(({ configuration, other }) => configuration === "a" && other === "c")).toMatchObject({
    probability: null,
    seeds: 1,
    dominates: false,
  });
});

test("front membership: sure, never, and sometimes", () => {
  // `noisy` is hidden by `good` where its mean wait is not below 2: differences -1, 1 leave 1 of 4 draws.
  const good = runs("good", [
    [2, 8],
    [2, 8],
  ]);
  const noisy = runs("noisy", [
    [1, 8],
    [3, 8],
  ]);
  const paired = pairedRuns(
    [
      ...good,
      ...noisy,
      ...runs("bad", [
        [9, 1],
        [9, 1],
      ]),
    ],
    accessors,
  );
  const found = frontMembership(paired, { resamples: 20_000 });
  expect(found.map(({ configuration, onFront }) => [configuration, onFront])).toEqual([
    ["good", true],
    ["noisy", true],
    ["bad", false],
  ]);
  const [sure, sometimes, never] = found.map(({ probability }) => probability ?? Number.NaN);
  // Equal means, in half of the draws, put both on the front.
  expect(Math.abs((sure as number) - 0.75)).toBeLessThan(0.015);
  expect(Math.abs((sometimes as number) - 0.75)).toBeLessThan(0.015);
  expect(never).toBe(0);
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
  expect(noisy.interval?.low).toBeLessThan(0.8);
  expect(noisy.interval?.high).toBeGreaterThan(0.82);
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
  expect(paired.configurations).toEqual([{ name: "partly", bySeed: [[1, -5]] }]);
  expect([paired.seeds, paired.missing]).toEqual([[1], ["never"]]);
});
