import { expect, test } from "vitest";
import { countsOf } from "../../agent/run.ts";
import type { Outcome } from "../../model/job.ts";
import { objectives } from "../../model/objectives.ts";
import { isValid, run, unaccounted } from "../../model/run.ts";
import { job, ran, told } from "./job-times.ts";

const outcomes: readonly Outcome[] = ["completed", "completed", "failed", "timeout", "cancelled", "out of memory", "censored"];
const rows = outcomes.map((outcome, i) => ran(job(`${i}`), 0, 1, 2, [], { outcome }));

const given = (jobs: ReturnType<typeof countsOf>) => ({
  workload: "jobstream",
  mode: "scheduler" as const,
  seed: 1,
  jobs,
  metrics: [{ name: "meanBoundedSlowdown", value: 2, unit: "1" }],
  figures: [],
  doubts: [],
  tables: [],
});

test("every submitted job is counted once", () => {
  const counts = countsOf(told(rows, 10), 7);
  expect(counts).toEqual({ submitted: 7, completed: 2, failed: 1, timeout: 1, cancelled: 1, outOfMemory: 1, censored: 1 });
  expect(unaccounted(counts)).toBe(0);
  expect(run.parse(given(counts)).doubts).toEqual([]);
});

test("a run with a job that was lost, or never submitted, is invalid and counts in no objective", () => {
  const lost = countsOf({ ...told(rows, 10), lost: ["1"] }, 8);
  expect(unaccounted(lost)).toBe(2);
  const parsed = run.parse(given(lost));
  expect(parsed.doubts).toEqual([{ code: "jobs lost", severity: "invalid", message: "8 jobs were submitted, 6 are accounted for" }]);
  expect(isValid(parsed.doubts)).toBe(false);
  expect(objectives([{ purpose: "stream", run: parsed }]).responsiveness).toMatchObject({
    value: null,
    reason: "no run of the job stream is valid",
  });
});

test("so is one that counts a job twice", () => {
  expect(run.parse(given({ ...countsOf(told(rows, 10), 7), completed: 3 })).doubts).toMatchObject([{ code: "jobs lost" }]);
});

test("what already says that jobs were lost is not said again", () => {
  const doubts = [{ code: "jobs lost", severity: "invalid", message: "no record says how 1 ended" }] as const;
  expect(run.parse({ ...given(countsOf(told(rows, 10), 8)), doubts }).doubts).toEqual(doubts);
});
