import { describe, expect, test } from "vitest";
import type { AxisValues } from "../../model/axis-values.ts";
import { InvalidInput, parse } from "../../model/problem.ts";
import { type Evaluated, runSearch, type SearchRequest } from "../../sweep/search/loop.ts";
import { gridSearch, randomSearch, type Told } from "../../sweep/search/optimiser.ts";
import { orderedSpace, search } from "../../sweep/search/space.ts";

const objectives = { responsiveness: {} };
const spaceOf = (parameters: object) => parse("search", search, { parameters, objectives }).parameters;

const space = spaceOf({
  kind: { values: ["builtin", "backfill"] },
  interval: { from: 1, to: 100, scale: "log", integer: true, when: { kind: "backfill" } },
});

describe("the space", () => {
  test("a parameter stands behind what it depends on", () => {
    const turned = spaceOf({ b: { values: [1, 2], when: { a: 1 } }, a: { values: [1, 2] } });
    expect(orderedSpace(turned).map(([path]) => path)).toEqual(["a", "b"]);
  });
  test.each([
    ["an unknown parameter", { a: { values: [1, 2], when: { z: 1 } } }, "is not another parameter of the search"],
    ["a circle", { a: { values: [1, 2], when: { b: 1 } }, b: { values: [1, 2], when: { a: 1 } } }, "a, b depend on each other"],
    ["an empty range", { a: { from: 3, to: 3 } }, "from, 3, must be below to, 3"],
    ["a logarithm of nothing", { a: { from: 0, to: 3, scale: "log" } }, "scale: log needs a from above 0, not 0"],
  ])("%s is refused", (_, parameters, complaint) => {
    expect(() => orderedSpace(spaceOf(parameters))).toThrow(InvalidInput);
    expect(() => orderedSpace(spaceOf(parameters))).toThrow(complaint);
  });
});

describe("random and grid", () => {
  test("a conditional parameter is there only with its condition, and within its range", async () => {
    const drawn = await randomSearch(space, 1).ask(200);
    for (const { values } of drawn) expect("interval" in values).toBe(values.kind === "backfill");
    const intervals = drawn.flatMap(({ values }) => (typeof values.interval === "number" ? [values.interval] : []));
    expect(intervals.every((value) => Number.isInteger(value) && value >= 1 && value <= 100)).toBe(true);
    // Half of them are below the geometric mean, which is 10.
    expect(intervals.filter((value) => value <= 10).length / intervals.length).toBeCloseTo(0.5, 0);
  });
  test("a random search that goes on draws what it would have drawn", async () => {
    const all = await randomSearch(space, 3).ask(6);
    const resumed = randomSearch(space, 3);
    for (const { number, values } of all.slice(0, 4)) await resumed.tell({ number, values, objectives: [1], excess: [] });
    expect(await resumed.ask(2)).toEqual(all.slice(4));
  });
  test("a grid has every combination once, and then no more", async () => {
    const grid = gridSearch(space, 3);
    expect((await grid.ask(10)).map(({ values }) => values)).toEqual([
      { kind: "builtin" },
      { kind: "backfill", interval: 1 },
      { kind: "backfill", interval: 10 },
      { kind: "backfill", interval: 100 },
    ]);
    expect(await grid.ask(1)).toEqual([]);
  });
});

describe("the loop", () => {
  const line = spaceOf({ x: { values: Array.from({ length: 40 }, (_, i) => i) } });
  /** Two objectives that pull apart up to 20; beyond it, both get worse. Seeds shift all alike. */
  const measured = ({ x }: AxisValues, seed: number): Evaluated => {
    const at = x as number;
    const worse = Math.max(0, at - 20);
    return {
      values: { x },
      seed,
      objectives: { a: 10 + Math.min(at, 20) + 3 * worse + seed + 0.01 * ((at * seed) % 7), b: 50 - Math.min(at, 20) + 3 * worse + seed },
    };
  };
  const requestOf = (parts: Partial<SearchRequest> = {}) => {
    const told: Told[] = [];
    const runs: string[] = [];
    const inner = gridSearch(line, 2);
    const request: SearchRequest = {
      optimiser: { ...inner, tell: async (own) => void told.push(own) },
      objectives: [
        { key: "a", better: "lower", scale: "linear" },
        { key: "b", better: "lower", scale: "linear" },
      ],
      seeds: [1, 2, 3, 4, 5],
      seedsFirst: 3,
      configurations: 40,
      atOnce: 4,
      patience: 100,
      evaluate: async (asked) =>
        asked.map(({ values, seed }) => {
          runs.push(`${values.x}:${seed}`);
          return measured(values, seed);
        }),
      ...parts,
    };
    return { request, told, runs };
  };

  test("what is clearly dominated gets the first seeds only, what is on the front all", async () => {
    const { request, told, runs } = requestOf();
    expect((await runSearch(request)).why).toBe("budget");
    const seedsOf = (x: number) => runs.filter((run) => run.startsWith(`${x}:`)).length;
    expect([seedsOf(5), seedsOf(20), seedsOf(39)]).toEqual([5, 5, 3]);
    expect(told.length).toBe(40);
    expect(told[20]?.objectives).toEqual([10 + 20 + 3 + 0.01 * ((6 + 5 + 4 + 3 + 2) / 5), expect.closeTo(33)]);
  });
  test("a limit makes configurations infeasible, which the optimiser is told", async () => {
    const limited = { key: "b", better: "lower", scale: "linear", limit: 40 } as const;
    const { request, told } = requestOf({ objectives: [{ key: "a", better: "lower", scale: "linear" }, limited] });
    await runSearch(request);
    expect([told[0]?.excess[0], told[20]?.excess[0]].map((excess) => (excess ?? 0) > 0)).toEqual([true, false]);
  });
  test("ends when the front no longer grows beyond its interval", async () => {
    const { request } = requestOf({ patience: 12 });
    const { why, evaluated } = await runSearch(request);
    expect(why).toBe("the hypervolume no longer grows");
    expect(new Set(evaluated.map(({ values }) => values.x)).size).toBeLessThan(40);
  });
  test("a configuration that yields nothing is told so, and goes nowhere near the front", async () => {
    const { request, told } = requestOf({
      evaluate: async (asked) =>
        asked.map(({ values, seed }) => (values.x === 0 ? { values, seed, objectives: null } : measured(values, seed))),
    });
    await runSearch(request);
    expect(told[0]).toEqual({ number: 0, values: { x: 0 }, objectives: null, excess: [] });
  });
  test("what was asked for before a search was killed is run first", async () => {
    const asked: number[][] = [];
    const { request } = requestOf({
      configurations: 4,
      pending: [{ number: 7, values: { x: 13 } }],
      onAsked: (own) => asked.push(own.map(({ number }) => number)),
    });
    await runSearch(request);
    expect(asked).toEqual([[7], [0, 1, 2]]);
  });
});
