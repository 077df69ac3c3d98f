import { dominanceClaims } from "../../../analysis/statistics/dominance-claims.ts";
import type { Interval } from "../../../analysis/statistics/estimate.ts";
import { falseAlarms, gate } from "../../../analysis/statistics/gate.ts";
import { hypervolumeEstimate } from "../../../analysis/statistics/hypervolume-estimate.ts";
import { meanEstimate, scaledEstimate } from "../../../analysis/statistics/mean-estimate.ts";
import { probabilityNotAbove } from "../../../analysis/statistics/one-sided.ts";
import { pairedRuns, type RunAxis } from "../../../analysis/statistics/paired-runs.ts";
import { parameterEffects } from "../../../analysis/statistics/parameter-effects.ts";
import { minimumDetectableDifference, plannedPower } from "../../../analysis/statistics/power.ts";
import { type Check, shareOf } from "./check.ts";
import { distributions, sample } from "./random.ts";

const seedCounts = [3, 5, 10] as const;
const times = 2000;
/** Spread of log α between seeds, and of each run about what its seed and configuration say, as the referee had them. */
const betweenSeeds = 0.3;
const withinSeed = 0.1;

const holds = (interval: Interval | null, truth: number) => interval !== null && interval.low <= truth && truth <= interval.high;

/** Share of 95 % intervals that hold the truth. */
export function coverage(seed: number): Check[] {
  const { normal, exponential, lognormal } = distributions(seed);
  const cases = [
    { of: "β, δ: normal", scale: "linear", draw: normal, truth: 0, asked: "≥ 0.94" },
    { of: "α, γ: lognormal, as ratios", scale: "log10", draw: lognormal(1), truth: 1, asked: "≥ 0.94" },
    { of: "plain mean, lognormal σ 0.5", scale: "linear", draw: lognormal(0.5), truth: Math.exp(0.125), asked: "≥ 0.90" },
    { of: "plain mean, exponential", scale: "linear", draw: exponential, truth: 1, asked: null },
    { of: "plain mean, lognormal σ 1", scale: "linear", draw: lognormal(1), truth: Math.exp(0.5), asked: null },
  ] as const;
  const ofMeans = cases.flatMap(({ of, scale, draw, truth, asked }) =>
    seedCounts.map((seeds) => {
      const value = shareOf(times, () => holds(meanEstimate(sample(seeds, draw), scale).interval, truth));
      return { check: "coverage", cell: `${of}, ${seeds} seeds`, value, asked };
    }),
  );
  const ofRatios = seedCounts.map((seeds) => {
    const difference = () => withinSeed * (normal() - normal()) + Math.log(1.2);
    const value = shareOf(times, () =>
      holds(
        scaledEstimate(
          sample(seeds, () => difference() / Math.LN10),
          "log10",
        ).interval,
        1.2,
      ),
    );
    return { check: "coverage", cell: `paired ratio, ${seeds} seeds`, value, asked: "≥ 0.94" };
  });
  const family = 12;
  const ofEffects = seedCounts.map((seeds) => {
    const all = () => Array.from({ length: family }, () => holds(scaledEstimate(sample(seeds, normal), "linear", { family }).interval, 0));
    return {
      check: "coverage",
      cell: `${family} effects together, ${seeds} seeds`,
      value: shareOf(times / 4, () => all().every(Boolean)),
      asked: "≥ 0.94",
    };
  });
  return [...ofMeans, ...ofRatios, ...ofEffects, ...ofHypervolume(normal)];
}

interface Run {
  readonly name: string;
  readonly seed: number;
  readonly values: readonly number[];
}

const axes = (count: number): RunAxis<Run>[] =>
  Array.from({ length: count }, (_, k) => ({ better: "lower", scale: "linear", value: ({ values }: Run) => values[k] }));
const accessors = (count: number) => ({ configuration: ({ name }: Run) => name, seed: ({ seed }: Run) => seed, axes: axes(count) });

/** Three configurations on a line; the volume of their true means is known. */
function ofHypervolume(normal: () => number): Check[] {
  const truth = [[0, 1], [0.4, 0.4], [1, 0]]; // biome-ignore format: points
  const objectives = [0, 1].map(() => ({ anchors: { ideal: 0, nadir: 1, scale: "linear" as const }, better: "lower" as const }));
  // (1.1² − 0.4² …): boxes from each point to 1.1, less what they share.
  const volume = 1.1 * 0.1 + 0.7 * 0.7 + 0.1 * 1.1 - 0.7 * 0.1 - 0.1 * 0.7;
  return seedCounts.map((seeds) => {
    const isHeld = () => {
      const runs = truth.flatMap((values, i) =>
        Array.from({ length: seeds }, (_, seed): Run => ({ name: `${i}`, seed, values: values.map((value) => value + 0.1 * normal()) })),
      );
      return holds(hypervolumeEstimate(pairedRuns(runs, accessors(2)), objectives).interval, volume);
    };
    return { check: "coverage", cell: `hypervolume, ${seeds} seeds`, value: shareOf(times / 4, isHeld), asked: null };
  });
}

/** How often the gate stops what is worse, by one of four objectives, and what is not. */
export function gates(seed: number): Check[] {
  const { normal } = distributions(seed);
  const verdicts = (ratio: number, seeds: number) =>
    gate(
      [ratio, 1, 1, 1].map((factor) => ({
        scale: "log10",
        better: "lower",
        pairs: Array.from({ length: seeds }, (_, at) => {
          const level = Math.exp(betweenSeeds * normal());
          const run = (of: number) => ({ value: of * level * Math.exp(withinSeed * normal()), isBound: false });
          return { seed: at, before: run(1), after: run(factor) };
        }),
      })),
    ).map(({ verdict }) => verdict);
  const powers = [
    { ratio: 1.2, asked: [0.14, 0.41, 0.89] },
    { ratio: 1.5, asked: [0.47, 0.97, 1] },
    { ratio: 2, asked: [0.84, 1, 1] },
  ].flatMap(({ ratio, asked }) =>
    seedCounts.map((seeds, i) => {
      const value = shareOf(times, () => verdicts(ratio, seeds)[0] === "worse");
      return { check: "gate: power", cell: `α × ${ratio}, ${seeds} seeds`, value, asked: `≥ ${asked[i]}` };
    }),
  );
  const alarms = seedCounts.flatMap((seeds) => {
    const found = Array.from({ length: times }, () => verdicts(1, seeds));
    const share = (wanted: (verdict: string) => boolean) => found.filter((all) => all.some(wanted)).length / times;
    const any = Math.round(100 * (falseAlarms.worse + falseAlarms.better)) / 100;
    return [
      {
        check: "gate: false alarms",
        cell: `worse, ${seeds} seeds`,
        value: share((own) => own === "worse"),
        asked: `≤ ${falseAlarms.worse}`,
      },
      {
        check: "gate: false alarms",
        cell: `any verdict, ${seeds} seeds`,
        value: share((own) => own !== "no difference told"),
        asked: `≤ ${any}`,
      },
    ];
  });
  const planned = seedCounts.map((seeds) => {
    const plan = { spread: 1, level: 0.05 };
    const difference = minimumDetectableDifference(seeds, plan) ?? 0;
    const value = shareOf(times, () => probabilityNotAbove(sample(seeds, () => difference + normal())) <= plan.level);
    return { check: "power at the minimum detectable difference", cell: `${seeds} seeds`, value, asked: `${plannedPower} ± 0.02` };
  });
  return [...powers, ...alarms, ...planned];
}

/** Claims where there is nothing: parameters without effect, and configurations that are all the same. */
export function falseClaims(seed: number): Check[] {
  const { normal } = distributions(seed);
  const effects = seedCounts.map((seeds) => {
    const moves = () => {
      const runs = Array.from(
        { length: 2 * seeds },
        (_, i): Run => ({ name: `${i % 2}`, seed: Math.floor(i / 2), values: sample(12, normal) }),
      );
      return parameterEffects(runs, { parameters: ({ name }) => ({ name }), seed: (run) => run.seed, axes: axes(12) }).some(
        (own) => own.moves,
      );
    };
    return { check: "effects: false alarms", cell: `12 cells, ${seeds} seeds`, value: shareOf(times / 2, moves), asked: "≤ 0.05" };
  });
  const dominance = [
    { configurations: 2, objectives: 1 },
    { configurations: 2, objectives: 2 },
    { configurations: 8, objectives: 2 },
  ].flatMap(({ configurations, objectives }) =>
    seedCounts.map((seeds) => {
      const claims = () => {
        const runs = Array.from(
          { length: configurations * seeds },
          (_, i): Run => ({ name: `${i % configurations}`, seed: Math.floor(i / configurations), values: sample(objectives, normal) }),
        );
        return dominanceClaims(pairedRuns(runs, accessors(objectives)), { draws: 1 }).some(({ dominates }) => dominates);
      };
      const cell = `${configurations} equal configurations, ${objectives} ${objectives === 1 ? "objective" : "objectives"}, ${seeds} seeds`;
      return { check: "dominance: false claims", cell, value: shareOf(times / 2, claims), asked: "≤ 0.05" };
    }),
  );
  return [...effects, ...dominance];
}
