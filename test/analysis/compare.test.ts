import { describe, expect, test } from "vitest";
import type { Facts } from "../../analysis/comparability.ts";
import { compare, type Side, stops, verdictText } from "../../analysis/compare.ts";
import type { Objective } from "../../model/objectives.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { Doubt } from "../../model/run.ts";
import type { TrialFile } from "../../model/trial-file.ts";
import { completed, interval, trialsOf, unmeasured } from "../sweep/fixtures.ts";

const trials = trialsOf({ axes: { [interval]: [10, 30] }, seeds: [1, 2, 3] });

/** Trials whose objective is a function of interval and seed. */
const side = (name: string, value: (interval: number, seed: number) => number | null, wanted = (_: TrialFile) => true): Side => ({
  name,
  trials: trials.map((trial) => completed(trial, value(trial.values[interval] as number, trial.seed))).filter(wanted),
  picked: {},
});

const baseline = side("before", (_, seed) => 10 + seed / 10);
const words = (candidate: Side, from = baseline) =>
  compare(from, candidate).map(({ configuration, objective, pairs, verdict }) => `${configuration} ${objective} ${pairs} ${verdict}`);

describe("a change is", () => {
  test("no difference where nothing changed", () => {
    expect(words(baseline)).toEqual([
      "bf_interval=10 responsiveness 3 no difference told",
      "bf_interval=30 responsiveness 3 no difference told",
    ]);
  });

  test("worse where it is, and only there", () => {
    const candidate = side("after", (interval, seed) => 10 + seed / 10 + (interval === 30 ? 5 + seed / 100 : 0));
    expect(words(candidate)).toEqual(["bf_interval=10 responsiveness 3 no difference told", "bf_interval=30 responsiveness 3 worse"]);
    expect(
      compare(baseline, candidate)
        .filter(stops)
        .map(({ configuration }) => configuration),
    ).toEqual(["bf_interval=30"]);
    expect(verdictText(compare(baseline, candidate))).toMatch(/\nworse: responsiveness of bf_interval=30$/);
  });

  test("not held against a difference within the margin", () => {
    const candidate = side("after", (_, seed) => 10.1 + seed / 10 + seed / 10000);
    expect(words(candidate).every((text) => text.endsWith("3 worse"))).toBe(true);
    expect(compare(baseline, candidate, 0.05).some(stops)).toBe(false);
  });

  test("better where it is", () => {
    expect(words(side("after", (_, seed) => 8 + seed / 11)).every((text) => text.endsWith("better"))).toBe(true);
  });

  test("stopped where it loses an objective", () => {
    const candidate = side("after", (interval, seed) => (interval === 10 && seed === 2 ? null : 10 + seed / 10));
    expect(words(candidate)).toEqual(["bf_interval=10 responsiveness 2 missing", "bf_interval=30 responsiveness 3 no difference told"]);
    expect(compare(baseline, candidate).some(stops)).toBe(true);
  });

  test("stopped where a trial of it fails", () => {
    const candidate = {
      ...baseline,
      trials: trials.map((trial) => (trial.seed === 1 ? unmeasured(trial) : completed(trial, 10 + trial.seed / 10))),
    };
    expect(words(candidate).every((text) => text.endsWith("2 missing"))).toBe(true);
  });

  test("not judged by one pair", () => {
    expect(
      words(
        side(
          "after",
          () => 99,
          ({ seed }) => seed === 1,
        ),
      ),
    ).toEqual(expect.arrayContaining(["bf_interval=10 responsiveness 1 too few seeds to tell"]));
  });
});

test("two configurations are compared over what is else alike", () => {
  const of = (wanted: number): Side => ({
    name: String(wanted),
    trials: trials.filter(({ values }) => values[interval] === wanted).map((trial) => completed(trial, wanted + trial.seed / 10)),
    picked: { [interval]: wanted },
  });
  expect(words(of(30), of(10))).toEqual(["the base responsiveness 3 worse"]);
  expect(words(of(10), of(30))).toEqual(["the base responsiveness 3 better"]);
});

test("what cannot be compared is refused", () => {
  const other = {
    ...baseline,
    trials: baseline.trials.map((trial) => ({ ...trial, outcome: { ...trial.outcome, fidelity: "vm-emulated-cpu" } as never })),
  };
  expect(() => words(other)).toThrow(InvalidInput);
  expect(() => words(other)).toThrow(/is vm, .* is vm-emulated-cpu: they are not comparable/);
  expect(() => words({ name: "none", trials: [], picked: {} })).toThrow(
    "before (6 trials) and none (0) have no configuration and seed in common",
  );
});

describe("a lower bound", () => {
  const bounded = (from: Side): Side => ({
    ...from,
    trials: from.trials.map((trial) => {
      const { outcome } = trial;
      if (!("objectives" in outcome)) return trial;
      const { responsiveness, ...others } = outcome.objectives;
      return {
        ...trial,
        outcome: { ...outcome, objectives: { ...others, responsiveness: { ...responsiveness, lowerBound: true as const } as Objective } },
      };
    }),
  });
  const verdictsOf = (from: Side, to: Side) => [...new Set(compare(from, to).map(({ verdict }) => verdict))];
  const better = side("better", (_, seed) => 8 + seed / 11);
  const worse = side("worse", (_, seed) => 15 + seed / 11);

  test("of the candidate is not better, and is worse where the bound is", () => {
    expect(verdictsOf(baseline, better)).toEqual(["better"]);
    expect(verdictsOf(baseline, bounded(better))).toEqual(["no difference told"]);
    expect(verdictsOf(baseline, bounded(worse))).toEqual(["worse"]);
  });

  test("of the baseline makes the candidate not worse, and better where it is better than the bound", () => {
    expect(verdictsOf(bounded(baseline), worse)).toEqual(["no difference told"]);
    expect(verdictsOf(bounded(baseline), better)).toEqual(["better"]);
  });

  test("is written as one, and kept in JSON", () => {
    expect(verdictText(compare(baseline, bounded(worse)))).toMatch(/^ {2}bf_interval=10 .* ≥ × 1\.4/m);
    expect(verdictText(compare(bounded(baseline), better))).toMatch(/^ {2}bf_interval=10 .* ≤ × 0\./m);
    expect(verdictText(compare(bounded(baseline), bounded(better)))).toMatch(/^ {2}bf_interval=10 .* not known /m);
    expect(compare(baseline, bounded(worse))[0]?.lowerBounds).toEqual(["candidate"]);
  });
});

describe("what rests on something else is not judged, with its reason", () => {
  const known = (from: Side, facts: Facts): Side => ({ ...from, facts: new Map(from.trials.map(({ id }) => [id, facts])) });
  const renamed = (from: Side): Side => ({ ...from, trials: from.trials.map((trial) => ({ ...trial, id: `f${trial.id.slice(1)}` })) });
  const cautioned = (from: Side, code: Doubt["code"], wanted = (_: TrialFile) => true): Side => ({
    ...from,
    trials: from.trials.map((trial) => {
      const { outcome } = trial;
      if (outcome.kind !== "completed" || !wanted(trial)) return trial;
      return { ...trial, outcome: { ...outcome, doubts: [{ code, severity: "caution" as const, message: "jobstream seed 1: so" }] } };
    }),
  });
  const facts = (basis: string, compression = ""): Facts => ({ bases: { responsiveness: basis }, compression });

  test("another basis, or another compression", () => {
    const told = (from: Facts, to: Facts) => () => compare(known(baseline, from), known(renamed(baseline), to));
    expect(told(facts("starts told by the jobs"), facts("starts told by the scheduler"))).toThrow(
      /none is comparable: responsiveness of bf_interval=10: rests on starts told by the jobs in the baseline, on starts told by the scheduler in the candidate/,
    );
    expect(told(facts("a"), facts("a", "60"))).toThrow(/time compression is 1 in the baseline, 60 in the candidate/);
    expect(told(facts("a", "60"), facts("a", "60"))().map(({ verdict }) => verdict)).toEqual(["no difference told", "no difference told"]);
  });

  test("machines that came to be in another way, unless the sides are picked for that", () => {
    const restored = { ...baseline, trials: baseline.trials.map((trial) => ({ ...trial, start: "restored" as const })) };
    expect(() => compare(baseline, restored)).toThrow(/were booted, those of .* restored: they are not comparable/);
    expect(compare({ ...baseline, picked: { fresh: true } }, { ...restored, picked: { fresh: false } })).toHaveLength(2);
  });

  test("a candidate that saturates where the baseline does not stops a change; the other way round nothing is judged", () => {
    const at30 = ({ values }: TrialFile) => values[interval] === 30;
    const worse = compare(baseline, cautioned(baseline, "saturated", at30));
    expect(worse.map(({ verdict }) => verdict)).toEqual(["no difference told", "saturated"]);
    expect(worse.filter(stops)).toHaveLength(1);
    const other = compare(cautioned(baseline, "saturated", at30), baseline);
    expect(other.map(({ verdict }) => verdict)).toEqual(["no difference told", "not comparable"]);
    expect(verdictText(other)).toMatch(
      /^not comparable: responsiveness of bf_interval=30: the stream saturates the baseline: its number is no result$/m,
    );
  });

  test("a pair that ran beside other work is left out", () => {
    const once = cautioned(baseline, "host loaded", ({ seed }) => seed === 1);
    expect(words(once)).toEqual(expect.arrayContaining(["bf_interval=10 responsiveness 2 too few seeds to tell"]));
    expect(() => words(cautioned(baseline, "host loaded"))).toThrow(/host loaded in every pair/);
  });
});
