import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { duration } from "../../sweep/plan/duration.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { frame, progressOn } from "../../sweep/run/progress.ts";
import { completed, interval, trialsOf, unmeasured } from "./fixtures.ts";

const trials = trialsOf({ axes: { [interval]: [10, 20, 30, 40] } });
const [first, second, third] = trials as [PlannedTrial, PlannedTrial, PlannedTrial];

test("a frame has a bar for the sweep and one for each trial that runs, and keeps to its width", () => {
  const name = `bf_interval=${third.values[interval]} seed 1`;
  const view = (expectedSeconds: number | undefined) => ({
    total: 4,
    ended: [completed(first), unmeasured(second)],
    waiting: trials.slice(3),
    running: [{ trial: third, began: 1000, step: "cluster-ssh", expectedSeconds }],
  });
  expect(frame(view(120), 100, 61_000)).toEqual([
    "██████████░░░░░░░░░░ 2 of 4 trials, 1 failed",
    `██████████░░░░░░░░░░ 60 s of about 2 min  ${name}  cluster-ssh`,
  ]);
  expect(frame(view(undefined), 100, 61_000)[1]).toBe(`···················· 60 s  ${name}  cluster-ssh`);
  expect(frame(view(10), 24, 61_000)[1]).toBe("████████████████████ 60…");
});

test("where there is no terminal, sentences are lines, and steps are not told at every turn", () => {
  const stream = new PassThrough();
  const progress = progressOn(stream as never);
  progress.note("one");
  const view = { trial: first, began: performance.now(), step: "cluster-ssh", expectedSeconds: undefined };
  progress.step(view);
  progress.step({ ...view, began: performance.now() - 90_000 });
  progress.end();
  expect(String(stream.read())).toBe(`one\n${first.stack}: 90 s, cluster-ssh\n`);
});

test.each([
  [0.4, "0 s"],
  [99, "99 s"],
  [120, "2 min"],
  [3599, "1 h 0 min"],
  [12_000, "3 h 20 min"],
])("%f seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
