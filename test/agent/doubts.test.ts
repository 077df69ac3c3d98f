import { describe, expect, test } from "vitest";
import { configurationDoubts, endDoubts, saturationDoubts, troubleDoubts } from "../../agent/doubts.ts";
import type { Outcome } from "../../model/job.ts";
import type { JobTimes, Timeline } from "../../model/timeline.ts";
import { job } from "../model/job-times.ts";

const row = (id: string, outcome: Outcome, submit = 0, started: number | null = 0): JobTimes => ({
  job: job(id),
  outcome,
  nodes: [],
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
    ["cancelled", "cancelled", "caution", "1 of 2 jobs were cancelled: a"],
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

describe("saturation", () => {
  const stream = (wait: (i: number) => number) => timeline(Array.from({ length: 40 }, (_, i) => row(`${i}`, "completed", i, i + wait(i))));

  test("a queue that grows to the end", () => {
    expect(saturationDoubts(stream((i) => i / 2)).map(({ code }) => code)).toEqual(["saturated"]);
  });

  test("a queue that swells and empties again", () => {
    expect(saturationDoubts(stream((i) => Math.min(i, 40 - i) / 2))).toEqual([]);
  });

  test("no queue", () => {
    expect(saturationDoubts(stream(() => 0))).toEqual([]);
  });
});
