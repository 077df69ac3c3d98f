import { describe, expect, test } from "vitest";
import { compressionDoubts, configurationDoubts, endDoubts, steadinessDoubts, troubleDoubts } from "../../agent/doubts.ts";
import type { Outcome } from "../../model/job.ts";
import type { JobTimes, Timeline } from "../../model/timeline.ts";
import { job, machine, wholeNodes } from "../model/job-times.ts";

const row = (id: string, outcome: Outcome, submit = 0, started: number | null = 0): JobTimes => ({
  job: job(id),
  outcome,
  nodes: [],
  due: submit,
  submit,
  allocated: started,
  started,
  startedBy: "job",
  ended: null,
  cleaned: null,
});

const timeline = (jobs: JobTimes[], lost: string[] = []): Timeline => ({
  jobs,
  endSeconds: 1000,
  lost,
  precisionSeconds: { submit: 0, eligible: 0, allocated: 0, started: 0, ended: 0, cleaned: 0 },
});
const silent = () => null;

describe("how jobs ended", () => {
  test("a run whose jobs all completed is beyond doubt", () => {
    expect(endDoubts(timeline([row("a", "completed"), row("b", "completed")]), "stream", silent)).toEqual([]);
  });

  test("a lost job is not counted as censored as well", () => {
    expect(endDoubts(timeline([row("a", "completed"), row("b", "censored")], ["b"]), "stream", silent)).toEqual([
      { code: "jobs lost", severity: "invalid", message: "no record says how b ended" },
    ]);
  });

  test.each(["stream", "burst", "kernel"] as const)("censored jobs have a lower bound in a stream only: %s", (purpose) => {
    expect(endDoubts(timeline([row("a", "censored"), row("b", "completed")]), purpose, silent)).toEqual([
      { code: "censored", severity: purpose === "stream" ? "caution" : "invalid", message: "1 of 2 jobs had not ended at the cut-off: a" },
    ]);
  });

  test.each([
    ["out of memory", "out of memory", "invalid", "1 of 2 jobs were killed for want of memory: a"],
    ["timeout", "timeout", "caution", "1 of 2 jobs met their time limit: a"],
    ["cancelled", "cancelled", "caution", "1 of 2 jobs were cancelled by the scheduler: a"],
  ] as const)("%s has a code of its own", (outcome, code, severity, message) => {
    expect(endDoubts(timeline([row("a", outcome), row("b", "completed")]), "stream", silent)).toEqual([{ code, severity, message }]);
  });

  test("failed jobs are named, the first with its last words", () => {
    const jobs = ["a", "b", "c", "d", "e", "f", "g"].map((id) => row(id, "failed"));
    expect(endDoubts(timeline(jobs), "stream", () => "one\ntwo\nthree\nsleep: no such file\n")).toEqual([
      {
        code: "job failed",
        severity: "invalid",
        message: "7 of 7 jobs failed: a, b, c, d, e and 2 more (a: two; three; sleep: no such file)",
      },
    ]);
  });
});

test("a node that was out of use makes another machine of it", () => {
  expect(troubleDoubts(new Map([["cn2", "drained: bad disk"]]))).toEqual([
    { code: "node troubled", severity: "invalid", message: "cn2: drained: bad disk" },
  ]);
});

test("a configuration that changed during the run is named, setting by setting", () => {
  expect(
    configurationDoubts({ a: "1", b: "2", c: "3" }, { a: "1", b: "4", d: "5" }).map(({ code, severity, message }) => [
      code,
      severity,
      message,
    ]),
  ).toEqual([
    ["configuration differs", "invalid", 'b was "2" before the run, and is "4" after it'],
    ["configuration differs", "invalid", 'c was "3" before the run, and is "not set" after it'],
    ["configuration differs", "invalid", 'd was "not set" before the run, and is "5" after it'],
  ]);
});

describe("a stream's steadiness", () => {
  // One node; jobs of 10 s arrive every `gap` seconds, and wait as `wait` says.
  const stream = (gap: number, wait: (i: number) => number, count = 60) =>
    timeline(Array.from({ length: count }, (_, i) => row(`${i}`, "completed", gap * i, gap * i + wait(i))));
  const codes = (given: Timeline) => steadinessDoubts(given, machine([1], wholeNodes), 1).map(({ code, message }) => `${code}: ${message}`);

  test("more work than the machine can do", () => {
    expect(codes(stream(5, (i) => 5 * i))).toEqual([
      "saturated: jobs need 2.03 times what the machine has while they arrive; α grows with the stream; its number is no result",
    ]);
  });

  test("a queue that grows to the end, though there is room", () => {
    // Work of 10 s waits for each of 60 · 0.9 jobs more: 9 s of work for every 10.5 s.
    expect(codes(stream(10.5, (i) => 9.5 * i))[0]).toMatch(
      /^saturated: the work that waits grew to the end, by \d+ % of what the machine can do; α grows/,
    );
  });

  test("a queue that swells and empties again, and none", () => {
    expect(codes(stream(20, (i) => Math.min(i, 60 - i)))).toEqual([]);
    expect(codes(stream(20, () => 0))).toEqual([]);
  });

  test("too few jobs for the load: it says how many are needed", () => {
    const sizes = [1, 1, 1, 1, 1, 1, 1, 1, 1, 11];
    const jobs = Array.from({ length: 40 }, (_, i) => ({
      ...row(`${i}`, "completed", 25 * i, 25 * i),
      job: job(`${i}`, { runSeconds: 10 * (sizes[i % 10] as number) }),
    }));
    // ρ = 40 · 20 ÷ (39 · 25) = 0.82, C²ₛ = 9 · 0.25 + 20.25 over 10 = 2.25: 10 · 0.82 · 2.25 ÷ (2.8 · 0.0891) ÷ … = 741.
    expect(codes(timeline(jobs))).toEqual([
      expect.stringMatching(
        /^stream short: 40 jobs are too few for this load: the queue has not come to its steady state; \d+ are needed$/,
      ),
    ]);
  });
});

test("how much of α is launching, where compression multiplies it", () => {
  const metrics = (alpha: number, without: number) => [
    { name: "meanBoundedSlowdown", value: alpha, unit: "1" },
    { name: "meanBoundedSlowdownWithLaunchingCompressed", value: without, unit: "1" },
  ];
  expect(compressionDoubts(metrics(16.3, 6.8), 60)).toEqual([
    {
      code: "launching compressed",
      severity: "caution",
      message: "of α 16.3, 9.50 is launching, which time compression (60) multiplies; without it α is about 6.80",
    },
  ]);
  expect(compressionDoubts(metrics(16.3, 15.9), 60)).toEqual([]);
  expect(compressionDoubts([], 1)).toEqual([]);
});
