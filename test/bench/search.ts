import { parseArgs } from "node:util";
import { mean, median } from "simple-statistics";
import { front } from "../../analysis/pareto/front.ts";
import { hypervolume } from "../../analysis/pareto/hypervolume.ts";
import type { Points } from "../../analysis/pareto/points.ts";
import { toScale } from "../../analysis/statistics/scale.ts";
import type { AxisValues } from "../../model/axis-values.ts";
import { grouped } from "../../model/grouped.ts";
import { canonical } from "../../model/identity.ts";
import type { GridTable } from "../../sweep/search/grid-table.ts";
import { type Evaluated, runSearch } from "../../sweep/search/loop.ts";
import { gridSearch, type Optimiser, randomSearch } from "../../sweep/search/optimiser.ts";
import { optuna } from "../../sweep/search/optuna.ts";
import type { Space } from "../../sweep/search/space.ts";
import { readTable, simulatedTable } from "./search-table.ts";

/**
 * `tsx test/bench/search.ts [--seed N] [--repetitions 10] [--table FILE] [--json]`: the trials that each method needs on a grid that
 * was run in full, until the configurations that it has seen have 95 % of the hypervolume of the whole grid.
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    repetitions: { type: "string", default: "10" },
    table: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seed = Number(options.seed);
const table = options.table === undefined ? simulatedTable(seed) : readTable(options.table);
const wanted = 0.95;

const space: Space = Object.fromEntries(Object.entries(table.parameters).map(([path, values]) => [path, { values, when: undefined }]));
const rowOf = new Map(table.rows.map((row) => [canonical([row.values, row.seed]), row]));
const seeds = [...new Set(table.rows.map((row) => row.seed))];
const pointOf = pointsOf(table);
const whole = volume([...pointOf.values()]);

const methods: Readonly<Record<string, (own: number) => Optimiser>> = {
  "search (tpe)": (own) => optuna({ space, method: "tpe", objectives: table.objectives.length, seed: own }),
  "search (nsga2)": (own) => optuna({ space, method: "nsga2", objectives: table.objectives.length, seed: own }),
  random: (own) => randomSearch(space, own),
  "grid order": () => gridSearch(space, 2),
};

main().catch((problem: unknown) => {
  console.error(problem);
  process.exitCode = 1;
});

async function main() {
  const results: Record<string, { readonly trials: number; readonly of: readonly number[] }> = {};
  for (const [name, make] of Object.entries(methods)) {
    const of: number[] = [];
    const repetitions = name === "grid order" ? 1 : Number(options.repetitions);
    for (let repetition = 0; repetition < repetitions; repetition++) of.push(await trialsNeeded(make(1000 * seed + repetition)));
    results[name] = { trials: median(of), of };
    if (!options.json) console.log(`${name.padEnd(16)} ${String(median(of)).padStart(6)} trials  (${of.join(", ")})`);
  }
  const origin = table.origin === "simulated" ? "simulated: invented numbers, which prove nothing of schedulers" : "recorded";
  const configurations = pointOf.size;
  if (options.json)
    console.log(JSON.stringify({ origin: table.origin, seed, configurations, seeds: seeds.length, wanted, results }, null, 1));
  else
    console.log(
      `trials for ${100 * wanted} % of the hypervolume of ${configurations} configurations × ${seeds.length} seeds; table ${origin}`,
    );
}

/** Trials until the front of what was seen is good enough, by the table's own means; all that were run, where it never is. */
async function trialsNeeded(optimiser: Optimiser): Promise<number> {
  const seen: number[][] = [];
  let [trials, needed] = [0, 0];
  const evaluate = async (asked: readonly { readonly values: AxisValues; readonly seed: number }[]): Promise<Evaluated[]> =>
    asked.map(({ values, seed: own }) => {
      trials++;
      const point = pointOf.get(canonical(values));
      if (point !== undefined && needed === 0 && !seen.includes(point)) {
        seen.push(point);
        if (volume(seen) >= wanted * whole) needed = trials;
      }
      return { values, seed: own, objectives: rowOf.get(canonical([values, own]))?.objectives ?? null };
    });
  try {
    await runSearch({
      optimiser,
      objectives: table.objectives,
      seeds,
      seedsFirst: 3,
      configurations: 3 * pointOf.size,
      atOnce: 4,
      patience: Number.POSITIVE_INFINITY,
      evaluate,
      isStopped: () => needed > 0,
    });
  } finally {
    await optimiser.close();
  }
  return needed > 0 ? needed : trials;
}

/** Means over the seeds, on the scales, to be minimised and normalised to the whole grid's front. */
function pointsOf({ objectives, rows }: GridTable): Map<string, number[]> {
  const bySettings = grouped(
    rows.filter((row) => row.objectives !== null),
    (row) => canonical(row.values),
  );
  const means = [...bySettings].map(
    ([key, own]) =>
      [
        key,
        objectives.map(({ key: objective, better, scale }) =>
          mean(own.map((row) => (better === "lower" ? 1 : -1) * toScale(row.objectives?.[objective] as number, scale))),
        ),
      ] as const,
  );
  const all = points(means.map(([, own]) => own));
  const members = Array.from(front(all), (i) => (means[i] as (typeof means)[number])[1]);
  const ends = objectives.map((_, k) => {
    const column = members.map((own) => own[k] as number);
    return [Math.min(...column), Math.max(...column)] as const;
  });
  return new Map(
    means.map(([key, own]) => [
      key,
      own.map((value, k) => (value - (ends[k]?.[0] ?? 0)) / ((ends[k]?.[1] ?? 1) - (ends[k]?.[0] ?? 0) || 1)),
    ]),
  );
}

function points(rows: readonly (readonly number[])[]): Points {
  return { values: Float64Array.from(rows.flat()), count: rows.length, dimensions: rows[0]?.length ?? 0 };
}

function volume(rows: readonly (readonly number[])[]): number {
  return hypervolume(
    points(rows),
    table.objectives.map(() => 1.1),
  );
}
