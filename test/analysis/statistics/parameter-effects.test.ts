import { randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { type Level, mostParameters, parameterEffects } from "../../../analysis/statistics/parameter-effects.ts";

interface Run {
  readonly parameters: Readonly<Record<string, Level>>;
  readonly seed: number;
  readonly wait: number | null;
}

const accessors = {
  parameters: (run: Run) => run.parameters,
  seed: (run: Run) => run.seed,
  axes: [{ name: "wait", value: (run: Run) => run.wait, better: "lower" as const, scale: "linear" as const }],
};

const seeds = [1, 2, 3, 4, 5];

test("the parameter that moves the objective, the one that does not, each with everything else the same", () => {
  // Backfill saves 20 on every seed, the interval changes nothing but noise that averages out; seeds differ by 100.
  const noise = [1, -1, 2, -2, 0];
  const runs = seeds.flatMap((seed) =>
    ["builtin", "backfill"].flatMap((type) =>
      [10, 30].map((interval) => ({
        parameters: { type, interval },
        seed,
        wait: 100 * seed - (type === "backfill" ? 20 : 0) + (interval === 30 ? (noise[seed - 1] as number) : 0),
      })),
    ),
  );
  const [type, interval] = parameterEffects(runs, accessors);
  expect(type).toMatchObject({ parameter: "type", from: "builtin", to: "backfill", objective: "wait", moves: true, pairs: 10, seeds: 5 });
  expect(type?.change).toEqual({ value: -20, interval: { low: -20, high: -20, confidence: 0.95 } });
  expect(interval).toMatchObject({ parameter: "interval", from: 10, to: 30, moves: false, pairs: 10, seeds: 5 });
  expect(interval?.change?.value).toBe(0);
});

test("parameters that only change together have no effect of their own", () => {
  const runs = seeds.flatMap((seed) => [
    { parameters: { a: 1, b: 1 }, seed, wait: 5 },
    { parameters: { a: 2, b: 2 }, seed, wait: 9 },
  ]);
  expect(parameterEffects(runs, accessors).map(({ parameter, change, pairs }) => [parameter, change, pairs])).toEqual([
    ["a", null, 0],
    ["b", null, 0],
  ]);
});

test("each further level against the first; a parameter that never changes has none", () => {
  const runs = seeds.flatMap((seed) => [0, 1, 2].map((level) => ({ parameters: { level, fixed: "x" }, seed, wait: level * level })));
  expect(parameterEffects(runs, accessors).map(({ from, to, change }) => [from, to, change?.value])).toEqual([
    [0, 1, 1],
    [0, 2, 4],
  ]);
});

test("runs without the objective take no part", () => {
  const runs: Run[] = [
    { parameters: { level: 0 }, seed: 1, wait: 1 },
    { parameters: { level: 1 }, seed: 1, wait: null },
    { parameters: { level: 0 }, seed: 2, wait: 1 },
    { parameters: { level: 1 }, seed: 2, wait: 4 },
  ];
  expect(parameterEffects(runs, accessors)).toMatchObject([
    { change: { value: 3, interval: null, reason: "needs 2 more seeds" }, pairs: 1, seeds: 1 },
  ]);
});

/** 2,000 changes without an effect in figures of twelve cells: with an interval each some cell moved in 46 of 100 at five seeds. */
test("a figure of twelve cells has few false alarms", () => {
  const random = xoroshiro128plus(3);
  const axes = Array.from({ length: 12 }, (_, k) => ({
    name: `${k}`,
    value: (run: { readonly values: readonly number[] }) => run.values[k],
    better: "lower" as const,
    scale: "linear" as const,
  }));
  const normal = randomNormal.source(() => uniformFloat64(random))();
  const figure = () => {
    const runs = seeds.flatMap((seed) => [0, 1].map((level) => ({ parameters: { level }, seed, values: axes.map(() => normal()) })));
    return parameterEffects(runs, { parameters: (run) => run.parameters, seed: (run) => run.seed, axes }).some(({ moves }) => moves);
  };
  const alarms = Array.from({ length: 300 }, figure).filter(Boolean).length;
  // 5 % of 300 are 15, with a standard deviation of 3.8.
  expect(alarms).toBeLessThan(26);
});

test("of hundreds of parameters each that varies alone has an effect, of more than the most none", () => {
  const parameters = (changed: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i === changed ? 1 : 0]));
  const runsOf = (count: number) =>
    seeds.flatMap((seed) => [-1, 0, count - 1].map((changed) => ({ parameters: parameters(changed, count), seed, wait: changed + 1 })));
  const found = parameterEffects(runsOf(mostParameters), accessors).filter(({ change }) => change !== null);
  expect(found.map(({ parameter, change }) => [parameter, change?.value])).toEqual([
    ["p0", 1],
    [`p${mostParameters - 1}`, mostParameters],
  ]);
  expect(parameterEffects(runsOf(mostParameters + 1), accessors)).toEqual([]);
});
