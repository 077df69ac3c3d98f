import { readFileSync } from "node:fs";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { parse } from "../../model/problem.ts";
import { type GridTable, gridTable } from "../../sweep/search/grid-table.ts";

/** A grid that was run in full: results/sweeps/<name>.table.json, as `sweep table NAME` writes it. */
export const readTable = (file: string): GridTable =>
  parse("table", gridTable, JSON.parse(readFileSync(file, "utf8")), { values: 1_000_000, levels: 8 });

const parameters = {
  "scheduler.SchedulerParameters.bf_interval": [5, 10, 30, 60, 120, 300],
  "scheduler.SchedulerParameters.bf_max_job_test": [10, 50, 100, 500, 1000],
  "scheduler.PriorityWeightAge": [0, 100, 1000, 10_000],
  "scheduler.PriorityWeightJobSize": [0, 1000],
} as const;

/**
 * Invented: 240 configurations × 5 seeds of smooth functions with an interaction and noise that seeds share. It shows that the bench runs,
 * and says nothing of schedulers.
 */
export function simulatedTable(seed: number): GridTable {
  const random = xoroshiro128plus(seed);
  for (let i = 0; i < 50; i++) uniformFloat64(random);
  const noise = () => uniformFloat64(random) - 0.5;
  const combinations = Object.entries(parameters).reduce<Record<string, number>[]>(
    (rows, [path, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value }))),
    [{}],
  );
  const seeds = [1, 2, 3, 4, 5].map((number) => ({ number, shared: [noise(), noise(), noise()] as const }));
  const rows = combinations.flatMap((values) =>
    seeds.map(({ number, shared }) => {
      const [interval = 1, depth = 1, age = 0, size = 0] = Object.values(values);
      const [i, d, a, s] = [
        Math.log(interval / 5) / Math.log(60),
        Math.log(depth / 10) / Math.log(100),
        Math.log10(1 + age) / 4,
        size / 1000,
      ];
      const responsiveness = 4 + 18 * (0.15 + i) ** 1.5 * (1.2 - d) + 6 * (a - 0.7) ** 2 + 3 * s * (1 - a);
      const loss = 0.08 + 0.12 * (1 - d) ** 2 + 0.06 * i + 0.05 * (1 - s) * (0.3 + a);
      const cost = 120 + 500 * d * (1 - i) ** 2 + 80 * a + 20 * s;
      return {
        values,
        seed: number,
        objectives: {
          responsiveness: responsiveness * (1 + 0.3 * shared[0] + 0.05 * noise()),
          lossOfCapacity: loss * (1 + 0.2 * shared[1] + 0.05 * noise()),
          controlPlaneCost: cost * (1 + 0.1 * shared[2] + 0.05 * noise()),
        },
      };
    }),
  );
  return {
    schemaVersion: 1,
    origin: "simulated",
    parameters: Object.fromEntries(Object.entries(parameters).map(([path, values]) => [path, [...values]])),
    objectives: [
      { key: "responsiveness", better: "lower", scale: "log10" },
      { key: "lossOfCapacity", better: "lower", scale: "linear" },
      { key: "controlPlaneCost", better: "lower", scale: "log10" },
    ],
    rows,
  };
}
