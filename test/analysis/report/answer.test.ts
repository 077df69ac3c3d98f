import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Configuration, Section } from "../../../analysis/report/analysis.ts";
import { baselineOf } from "../../../analysis/report/answer/baseline.ts";
import { comparison } from "../../../analysis/report/answer/comparison.ts";
import { diffText, fileDiffs, pasteText } from "../../../analysis/report/answer/file-diff.ts";
import { preferencesOf, recommended, stability } from "../../../analysis/report/answer/recommendation.ts";
import { answer as answerSchema } from "../../../analysis/report/answer/schema.ts";
import { streamFigures } from "../../../analysis/report/answer/stream-figures.ts";
import { changeSentence, durationInWords } from "../../../analysis/report/answer/words.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { writeReport } from "../../../analysis/report/write-report.ts";
import { analysisOf, syntheticResults, temporaryFolder } from "./results.ts";
import { writeSyntheticRecords } from "./synthetic-records.ts";

test("durations have two units at most, and carry over", () => {
  const words = [0.583, 12.4, 59.7, 65, 3599.8, 11_400, 86_399, 180_000].map(durationInWords);
  expect(words).toEqual(["0.58 s", "12 s", "1 min", "1 min 5 s", "1 h", "3 h 10 min", "1 d", "2 d 2 h"]);
});

test("waits are of jobs that count, in the stream's own time, by class", () => {
  const job = (due: number, start: number | null, nodes: number, user: string, isCounted = true) => ({
    id: `${due}`,
    due,
    submit: due,
    isCounted,
    start,
    end: start === null ? null : start + 1,
    runSeconds: 1,
    nodes,
    on: "",
    state: "",
    user,
    coresPerNode: 1,
  });
  const jobs = [job(0, 9, 1, "u1", false), job(1, 2, 1, "u1"), job(2, 5, 4, "u1"), job(3, null, 4, "u2")];
  // Waits 1, 3 and, to the run's end at 10, at least 7; times 60. Quantiles between jobs are interpolated.
  expect(streamFigures([{ jobs, timeCompression: 60 }])).toEqual({
    spanSeconds: 600,
    timeCompression: 60,
    jobs: 3,
    neverStarted: 1,
    waits: [
      { by: "all", of: "all jobs", jobs: 3, medianSeconds: 180, p95Seconds: 396 },
      { by: "size", of: "one node", jobs: 1, medianSeconds: 60, p95Seconds: 60 },
      { by: "size", of: "2 to 4 nodes", jobs: 2, medianSeconds: 300, p95Seconds: 408 },
      { by: "user", of: "u1", jobs: 2, medianSeconds: 120, p95Seconds: 174 },
      { by: "user", of: "u2", jobs: 1, medianSeconds: 420, p95Seconds: 420 },
    ],
  });
  expect(streamFigures([{ jobs: [job(0, 1, 1, "u1", false)], timeCompression: 1 }])).toBeNull();
});

describe("changes in words", () => {
  const change = { key: "w", name: "median wait", unit: "s", better: "lower", scale: "log10", seeds: 5 } as const;
  test("a ratio whose interval leaves 1 out is so many times", () => {
    const told = { ...change, before: 11_400, after: 3900, change: { value: 0.342, low: 0.263, high: 0.476 }, verdict: "better" } as const;
    expect(changeSentence(told)).toBe("median wait 3 h 10 min → 1 h 5 min (2.9 times shorter, 2.1 to 3.8)");
  });
  test("one whose interval holds 1 is a percentage, and nothing is told", () => {
    const same = {
      ...change,
      before: 100,
      after: 102,
      change: { value: 1.02, low: 0.9, high: 1.15 },
      verdict: "no difference told",
    } as const;
    expect(changeSentence(same)).toBe("median wait 1 min 40 s → 1 min 42 s (+2 %, −10 to +15; no difference told)");
  });
  test("a fraction changes by points", () => {
    const loss = { ...change, key: "l", name: "β", unit: "fraction", scale: "linear", before: 0.12, after: 0.09 } as const;
    const told = { ...loss, change: { value: -0.03, low: -0.042, high: -0.02 }, verdict: "better" } as const;
    expect(changeSentence(told)).toBe("β 12 % → 9 % (−3 points, −4.2 to −2)");
  });
});

describe("a recommendation", () => {
  const objectives = [
    { key: "a", symbol: "α", name: "a", unit: "1", better: "lower", scale: "linear" },
    { key: "b", symbol: "β", name: "b", unit: "1", better: "lower", scale: "linear" },
  ] as const;
  const configuration = (id: string, a: number, b: number, rank = 0, lowerBound = false) =>
    ({
      id,
      standing: { kind: "ranked", rank },
      estimates: { a: { value: a, interval: null, ...(lowerBound ? { lowerBound } : {}) }, b: { value: b, interval: null } },
    }) as unknown as Configuration;
  const anchors = ["a", "b"].map((objective) => ({ objective, ideal: 0, nadir: 10, scale: "linear" as const }));
  const section = {
    objectives,
    front: { anchors } as unknown as Section["front"],
    configurations: [configuration("A", 0, 10), configuration("B", 3, 3), configuration("C", 10, 0), configuration("D", 0, 0, 0, true)],
  };
  const by = (weights: Record<string, number>, limits: Record<string, number> = {}) =>
    recommended(section, preferencesOf(section, weights, limits))?.id ?? null;

  test("is the knee without preferences, and the best of an objective that alone counts; a bound wins nothing", () => {
    expect([by({}), by({ a: 1 }), by({ b: 1 })]).toEqual(["B", "A", "C"]);
  });
  test("keeps to limits, and is none where nothing does", () => {
    expect([by({}, { a: 2 }), by({}, { a: 2, b: 2 })]).toEqual(["A", null]);
  });
  test("stays the best between the weights at which others are as near", () => {
    // B against A: 0.3 (w² + v²)^½ < v, so w < 3.18 v: w < 0.76 of 1; against C by symmetry.
    expect(stability(section, preferencesOf(section, {}, {}))).toEqual([
      { objective: "a", from: 0.24, to: 0.76 },
      { objective: "b", from: 0.24, to: 0.76 },
    ]);
  });
});

describe("the answer to synthetic records", () => {
  const results = mkdtempSync(join(tmpdir(), "schedfront-answer-"));
  afterAll(() => rmSync(results, { recursive: true, force: true }));
  const { analysis } = analysisOf(writeSyntheticRecords(results, { seeds: 6 }));
  const [section, other] = analysis.sections as [Section, Section];
  const { answer } = section;

  test("obeys its schema, and names base, recommendation and gains", () => {
    expect(answerSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(answer.baseline.source).toBe("the base of sweep synthetic, stack slurm-4node");
    expect(answer.baseline.label).toBe("PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/builtin");
    expect(answer.recommendation?.configuration).toBe(section.front?.kneeByDistance);
    expect(answer.recommendation?.comparison?.parameters).toEqual([
      { name: "scheduler.SchedulerType", from: "sched/builtin", to: "sched/backfill" },
    ]);
    const verdicts = Object.fromEntries(answer.recommendation?.comparison?.changes.map(({ key, verdict }) => [key, verdict]) ?? []);
    expect(verdicts).toMatchObject({ responsiveness: "better", lossOfCapacity: "better", controlPlaneCost: "worse" });
    expect(answer.words.join(" ")).toMatch(/α mean bounded slowdown \S+ → \S+ \(\S+ times lower, \S+ to \S+\)/);
  });
  test("says what was not compared, and what could change it", () => {
    expect(answer.notCompared.join("\n")).toMatch(/driver late[\s\S]*refused[\s\S]*2 configurations on vm/);
    expect(answer.warnings.join("\n")).toMatch(/5 seeds: a claim needs 10[\s\S]*compressed 60 times[\s\S]*picked among 6 configurations/);
  });
  test("without a known baseline says how to name one", () => {
    expect(other.answer.baseline).toEqual({ configuration: null, label: "", source: "none is known: name one with --baseline" });
  });
  test("a baseline is found by parameters, by digest, and is not guessed", () => {
    const asked = (text: string) => baselineOf(section.configurations, text, []);
    const some = section.configurations[2] as Configuration;
    expect(asked("SchedulerType=sched/backfill,bf_interval=10,PriorityWeightJobSize=0").configuration?.label).toBe(
      "PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/backfill",
    );
    expect(asked(some.digest.slice(0, 12)).configuration).toBe(some);
    expect(asked("bf_interval=10").source).toMatch(/^none: "bf_interval=10" means A, B, F, G; name more/);
    expect(asked("SchedulerType=sched/none").source).toBe('none: no configuration of this section is "SchedulerType=sched/none"');
  });
  test("comparing backwards turns every verdict round", () => {
    const [a, b] = ["A", "B"].map((id) => section.configurations.find((own) => own.id === id) as Configuration) as [
      Configuration,
      Configuration,
    ];
    const [there, back] = [comparison(section, a, b), comparison(section, b, a)];
    const loss = ({ changes }: typeof there) => changes.find(({ key }) => key === "responsiveness")?.change?.value ?? 0;
    expect(loss(there) * loss(back)).toBeCloseTo(1);
    expect(there.changes.find(({ key }) => key === "responsiveness")?.verdict).toBe("worse");
  });
});

test("the report writes the lines to paste beside the page, and the page has them without scripts", async () => {
  const folder = join(temporaryFolder(), "report");
  const trials = readTrials(syntheticResults({ seeds: 3 }));
  await writeReport({ trials, limits: {}, anchors: null, jobRows: 0, generated: "2026-01-01T00:00:00.000Z" }, folder);
  expect(readdirSync(join(folder, "lines"))).toEqual(["section-1-slurm.conf", "section-1-slurm.conf.diff"]);
  expect(
    readFileSync(join(folder, "lines", "section-1-slurm.conf"), "utf8")
      .split("\n")
      .slice(2),
  ).toEqual(["# was: SchedulerType=sched/builtin", "SchedulerType=sched/backfill", ""]);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("<ins>+ SchedulerType=sched/backfill</ins>");
});

test("diffs: lines to paste keep what they replace as comments, a whole file is whole", () => {
  const file = (lines: string[], paste: "lines" | "whole") => [{ name: "x.conf", paste, comment: "#" as const, lines }];
  const lines = fileDiffs(file(["a", "b=1", "c"], "lines"), file(["a", "b=2", "c", "d"], "lines"));
  expect(lines.map((diff) => pasteText(diff, ["from to"]))).toEqual(["# from to\n# was: b=1\nb=2\nd\n"]);
  expect(lines.map(diffText)).toEqual(["--- a/x.conf\n+++ b/x.conf\n@@ -1,3 +1,4 @@\n a\n-b=1\n+b=2\n c\n+d\n"]);
  const whole = fileDiffs(file(["a", "b=1"], "whole"), file(["a", "b=2"], "whole"));
  expect(whole.map((diff) => pasteText(diff, []))).toEqual(["a\nb=2\n"]);
  expect(fileDiffs(file(["a"], "lines"), file(["a"], "lines"))).toEqual([]);
});
