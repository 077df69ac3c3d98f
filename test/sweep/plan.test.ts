import { describe, expect, test } from "vitest";
import { statusText } from "../../sweep/cli/status.ts";
import { Host } from "../../sweep/plan/host.ts";
import { planJson, planOf, planText, standings } from "../../sweep/plan/plan.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { facts } from "../model/hypervisor-facts.ts";
import { completed, interval, trialsOf, unmeasured } from "./fixtures.ts";

const parts = { axes: { [interval]: [10, 30] }, seeds: [1, 2] };
const trials = trialsOf(parts);
const [first, second, third] = trials as [PlannedTrial, PlannedTrial, PlannedTrial];
const reasons = (of: readonly PlannedTrial[], files: Parameters<typeof standings>[1], retry = false) =>
  standings(of, files, retry).map(({ reason }) => reason);

describe("what has to run, and why", () => {
  test("what has a result does not, be it a failure, unless that is asked", () => {
    const files = [completed(first), unmeasured(second)];
    expect(reasons(trials, files)).toEqual([null, null, "it never ran", "it never ran"]);
    expect(reasons(trials, files, true)).toEqual([null, "it ended as: boot", "it never ran", "it never ran"]);
  });

  test("a changed program or image makes every trial run again, and is said", () => {
    const files = trials.map((trial) => completed(trial));
    const newProgram = trialsOf(parts, { program: "p2", image: "i1" });
    const newImages = trialsOf(parts, { program: "p2", image: "i2" });
    expect(reasons(newProgram, files)).toEqual(Array(4).fill("the program has changed"));
    expect(reasons(newImages, files)).toEqual(Array(4).fill("what makes the image has changed"));
  });
});

describe("a plan", () => {
  const plan = (files: Parameters<typeof standings>[1]) =>
    planOf("s", trials, files, {
      hosts: [new Host("qemu:///system", { ...facts, cpus: 6 })],
      parallel: Infinity,
      retry: false,
      saving: "nothing",
    });

  test("says how many, how much, how long", () => {
    expect(planText(plan([completed(first, 1, { seconds: 600 })]))).toBe(
      [
        "sweep s: 2 configurations × 2 blocks = 4 trials",
        "  1 have a result, 3 have to run",
        "    3: it never ran",
        "  the first takes 3 machines, 3 virtual cores, 3.4 GiB of memory, 2.5 GiB of disk",
        "  at most 2 at once, with 6.9 GiB of memory and 5.0 GiB of disk",
        "  time: about 20 min, by earlier trials",
      ].join("\n"),
    );
  });

  test("says what it does not know", () => {
    expect(planText(plan([]))).toContain("time: unknown until a trial of the sweep has ended");
    expect(planText(planOf("s", trials, [], { hosts: [], parallel: 1, retry: false, saving: "nothing" }))).toContain(
      "no hypervisor was asked",
    );
  });

  test("for programs has every trial with its values and why it runs", () => {
    expect(planJson(plan([completed(first)])).trials[0]).toMatchObject({
      id: first.id,
      values: first.values,
      outcome: "completed",
      reason: null,
    });
    expect(planJson(plan([])).trials[2]).toMatchObject({ id: third.id, seed: 2, block: 1, outcome: null, reason: "it never ran" });
  });
});

test("a status has a row for each configuration, means of what is valid, and every failure", () => {
  const [a, b] = trials.filter(({ values }) => values[interval] === 10) as [PlannedTrial, PlannedTrial];
  const c = trials.find(({ values, seed }) => values[interval] === 30 && seed === 1) as PlannedTrial;
  const claim = {
    id: c.id,
    sweep: "s",
    stack: c.stack,
    hypervisor: "qemu:///system",
    machine: "m",
    pid: 7,
    place: "p",
    ticks: "1",
    started: "2026",
  };
  const cluster = { ...claim, id: "0".repeat(16), stack: "sweep-s-0000" };
  const files = [completed(a, 2), completed(b, 8), unmeasured(c)];
  const text = statusText("s", standings(trials, files, false), { held: [claim, cluster], left: [] });
  expect(text).toBe(
    [
      "sweep s: 3 of 4 trials ended (1 boot, 2 completed), 1 running",
      "",
      "  configuration   ended  of  α  β  γ  δ",
      "  ──────────────  ─────  ──  ─  ─  ─  ─",
      "  bf_interval=10      2   2  4  —  —  —",
      "  bf_interval=30      1   2  —  —  —  —",
      `boot: ${c.stack} (bf_interval=30, seed 1): head did not answer ssh within 600 s`,
      `running: ${c.stack}, process 7 on m since 2026`,
      "saved cluster: sweep-s-0000, of process 7 on m",
    ].join("\n"),
  );
});

test("a mean of which one value is a lower bound is a lower bound", () => {
  const [a, b] = trials.filter(({ values }) => values[interval] === 10) as [PlannedTrial, PlannedTrial];
  const bounded = completed(a, 2);
  if ("objectives" in bounded.outcome) Object.assign(bounded.outcome.objectives.responsiveness ?? {}, { lowerBound: true });
  expect(statusText("s", standings(trials, [bounded, completed(b, 8)], false), { held: [], left: [] })).toContain(
    "  bf_interval=10      2   2  ≥ 4  —  —  —",
  );
});
