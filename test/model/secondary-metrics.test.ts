import { describe, expect, test } from "vitest";
import { burstMetrics } from "../../model/metrics/burst.ts";
import { controlPlaneMetrics } from "../../model/metrics/control-plane-use.ts";
import { jainIndex } from "../../model/metrics/fairness.ts";
import { kernelMetrics } from "../../model/metrics/kernel.ts";
import { launchSeconds } from "../../model/metrics/launch.ts";
import { makespanSeconds, spanSeconds } from "../../model/metrics/makespan.ts";
import { streamMetrics } from "../../model/metrics/stream.ts";
import { successRate } from "../../model/metrics/success-rate.ts";
import { throughput } from "../../model/metrics/throughput.ts";
import { turnaroundSeconds } from "../../model/metrics/turnaround.ts";
import { utilisation } from "../../model/metrics/utilisation.ts";
import { waitSeconds } from "../../model/metrics/wait.ts";
import type { Metric } from "../../model/run.ts";
import { job, machine, ran, sharedNodes, told, wholeNodes } from "./job-times.ts";

const refused = ran(job("refused"), 3, null, null, [], { outcome: "failed" });

describe("one job", () => {
  test("wait and turnaround", () => {
    const row = ran(job("1"), 10, 15, 40);
    expect([waitSeconds(row, 100), turnaroundSeconds(row, 100)]).toEqual([5, 30]);
  });

  test("what was cut off has so far waited, or run", () => {
    expect(waitSeconds(ran(job("1"), 10, null, null), 100)).toBe(90);
    expect(turnaroundSeconds(ran(job("1"), 10, 15, null), 100)).toBe(90);
  });

  test("a job that was refused was never there", () => {
    expect([waitSeconds(refused, 100), turnaroundSeconds(refused, 100)]).toEqual([0, 0]);
  });

  test("a start that a coarser clock puts before the submission is no negative wait", () => {
    expect(waitSeconds(ran(job("1"), 10.4, 10, 20), 100)).toBe(0);
  });
});

describe("makespan", () => {
  test("of a closed run: from the first submission to the last end", () => {
    expect(makespanSeconds([ran(job("1"), 0, 1, 5), ran(job("2"), 0.5, 5, 12)], 100)).toBe(12);
  });

  test("an open run has none", () => {
    expect(makespanSeconds([ran(job("1"), 0, 1, 5), ran(job("2", { submitSeconds: 7 }), 7, 7, 12)], 100)).toBeNull();
  });

  test("jobs that are still there count to the end of the run, a refused one not", () => {
    expect(spanSeconds([ran(job("1"), 2, 3, null)], 100)).toBe(98);
    expect(spanSeconds([ran(job("1"), 2, 3, 4), refused], 100)).toBe(2);
    expect(spanSeconds([], 100)).toBe(0);
  });
});

describe("utilisation", () => {
  const rows = [ran(job("1", { nodes: 2 }), 0, 0, 10), ran(job("2"), 0, 10, 20)];

  test("node-seconds of work ÷ all: (2 · 10 + 1 · 10) ÷ (2 · 20)", () => {
    expect(utilisation(rows, 20, machine([4, 4], wholeNodes))).toBeCloseTo(30 / 40, 12);
  });

  test("core-seconds where jobs share nodes: one core of four each", () => {
    expect(utilisation(rows, 20, machine([4, 4], sharedNodes))).toBeCloseTo(30 / 160, 12);
  });

  test("unknown where no time passed", () => {
    expect(utilisation([], 20, machine([4], wholeNodes))).toBeNull();
  });
});

test("throughput counts completed jobs only: 2 in 20 s", () => {
  const failed = ran(job("3"), 0, 1, 2, [], { outcome: "failed" });
  expect(throughput([ran(job("1"), 0, 0, 10), ran(job("2"), 0, 10, 20), failed], 100)).toBeCloseTo(0.1, 12);
  expect(throughput([], 100)).toBeNull();
});

describe("fairness: Jain's index", () => {
  test("all the same is 1", () => {
    expect(
      jainIndex([
        ["a", 3],
        ["b", 3],
      ]),
    ).toBeCloseTo(1, 12);
  });

  test("of users' means, not of jobs: a has (1 + 3) ÷ 2, b has 4; (2 + 4)² ÷ (2 · (4 + 16))", () => {
    expect(
      jainIndex([
        ["a", 1],
        ["a", 3],
        ["b", 4],
      ]),
    ).toBeCloseTo(36 / 40, 12);
  });

  test("one user, or none, is compared with nobody", () => {
    expect(
      jainIndex([
        ["a", 1],
        ["a", 9],
        [undefined, 2],
      ]),
    ).toBeNull();
  });
});

test("launch: allocation to first instruction, of the jobs that have both", () => {
  const rows = [1, 2, 3].map((seconds) => ran(job(`${seconds}`), 0, 10 + seconds, 20, [], { allocated: 10 }));
  expect(launchSeconds([...rows, ran(job("4"), 0, null, null)], 0.5)).toBe(2);
  expect(launchSeconds([ran(job("4"), 0, null, null)], 0.5)).toBeNull();
  const pretended = rows.map((row) => ({ ...row, startedBy: "scheduler" as const }));
  expect(launchSeconds(pretended, 0.5)).toBeNull();
  expect(launchSeconds([...pretended, ...rows.slice(2)], 0.5)).toBe(3);
});

test("success rate", () => {
  const counts = { submitted: 4, completed: 3, failed: 1, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 };
  expect([successRate(counts), successRate({ ...counts, submitted: 0 })]).toEqual([0.75, null]);
});

test("the control plane, as a whole and by daemon", () => {
  const use = [
    { daemon: "slurmctld", cpuSeconds: 3, peakMemoryMiB: 20 },
    { daemon: "slurmdbd", cpuSeconds: 1, peakMemoryMiB: 12 },
  ];
  expect(controlPlaneMetrics(use, 10).map(({ name, value }) => [name, value])).toEqual([
    ["controlPlaneCpu", 0.4],
    ["controlPlanePeakMemory", 32],
    ["controlPlaneCpu.slurmctld", 0.3],
    ["controlPlanePeakMemory.slurmctld", 20],
    ["controlPlaneCpu.slurmdbd", 0.1],
    ["controlPlanePeakMemory.slurmdbd", 12],
  ]);
  expect(controlPlaneMetrics([], 10)).toEqual([]);
});

describe("what a run reports", () => {
  const named = (metrics: readonly Metric[], name: string) => metrics.find((metric) => metric.name === name);
  const two = machine([1, 1], wholeNodes);

  /** Twenty jobs of 10 s, one every 10 s, of two users in turn; each waits 1 s, b's 11 s. */
  const rows = Array.from({ length: 20 }, (_, i) => {
    const wait = i % 2 === 0 ? 1 : 11;
    return ran(job(`${i}`, { submitSeconds: 10 * i, user: i % 2 === 0 ? "a" : "b" }), 10 * i, 10 * i + wait, 10 * i + wait + 10);
  });

  test("a stream: every figure by hand", () => {
    const metrics = streamMetrics(told(rows, 250, { submit: 0.001, started: 1e-6, ended: 1 }), two, 1);
    // Slowdowns are (1 + 10) ÷ 10 and (11 + 10) ÷ 10, eight of each; Jain (1.1 + 2.1)² ÷ (2 · (1.1² + 2.1²)).
    const expected: Record<string, number> = {
      meanBoundedSlowdown: 1.6,
      p95BoundedSlowdown: 2.1,
      medianWait: 6,
      p95Wait: 11,
      maxWait: 11,
      meanTurnaround: 16,
      utilisation: (20 * 10) / (2 * 211),
      throughput: 20 / 211,
      fairness: 10.24 / 11.24,
      p50Launch: 0,
      p95Launch: 0,
    };
    for (const [name, value] of Object.entries(expected)) expect(named(metrics, name)?.value, name).toBeCloseTo(value, 12);
    expect(named(metrics, "makespan")).toBeUndefined();
    expect(metrics.map(({ name }) => name)).toHaveLength(new Set(metrics.map(({ name }) => name)).size);
  });

  test("each figure carries its coarsest clock", () => {
    const metrics = streamMetrics(told(rows, 250, { submit: 0.001, started: 1e-6, ended: 1 }), two, 1);
    expect([named(metrics, "medianWait")?.precisionSeconds, named(metrics, "meanTurnaround")?.precisionSeconds]).toEqual([0.001, 1]);
  });

  test("a job that was cut off makes bounds of what it has a part in, unless it is in the warm-up", () => {
    const cut = (at: number) =>
      rows.map((row, i) => (i === at ? { ...row, outcome: "censored" as const, started: null, ended: null } : row));
    const bounds = (at: number) =>
      streamMetrics(told(cut(at), 250), two, 1)
        .filter(({ lowerBound }) => lowerBound)
        .map(({ name }) => name);
    expect(bounds(10)).toEqual([
      "meanBoundedSlowdown",
      "p95BoundedSlowdown",
      "lossOfCapacity",
      "medianWait",
      "p95Wait",
      "maxWait",
      "meanTurnaround",
    ]);
    expect(bounds(0)).toEqual([]);
  });

  test("without users there is no fairness, and a reason", () => {
    const alone = rows.map((row) => ({ ...row, job: job(row.job.id, { submitSeconds: row.submit }) }));
    expect(named(streamMetrics(told(alone, 250), two, 1), "fairness")).toEqual({
      name: "fairness",
      value: null,
      unit: "1",
      reason: "the jobs are not of several users",
    });
  });

  test("a burst says which event its cost counts to, and whether its jobs had slots; its CPU per job is a slope, too", () => {
    const precision = { submit: 0.001, cleaned: 0.01, ended: 1 };
    const burst = (count: number) =>
      told(
        Array.from({ length: count }, (_, i) => ran(job(`${i}`), 0, 1, 2 + i, [], { cleaned: 4 + i })),
        20,
        precision,
      );
    const use = (cpuSeconds: number) => [{ daemon: "slurmctld", cpuSeconds, peakMemoryMiB: 12 }];
    const few = { timeline: burst(1), controlPlane: use(5) };
    const metrics = burstMetrics(few, { timeline: burst(2), controlPlane: use(5.5) }, two);
    expect(named(metrics, "controlPlaneCost")).toEqual({
      name: "controlPlaneCost",
      value: 1000,
      unit: "ms per job",
      precisionSeconds: 0.01,
      basis: "slope between two bursts, slots for all jobs, last cleaned",
    });
    expect(named(metrics, "controlPlaneCpu")?.value).toBe(0.5);
    expect([named(metrics, "makespan")?.value, named(metrics, "throughput")?.value]).toEqual([3, 2 / 3]);
    const crowded = burstMetrics(few, { timeline: burst(20), controlPlane: use(6) }, two);
    expect(named(crowded, "controlPlaneCost")?.basis).toBe("slope between two bursts, fewer slots than jobs, last cleaned");
    expect(named(burstMetrics(null, { timeline: burst(3), controlPlane: use(6) }, two), "controlPlaneCost")).toMatchObject({
      value: null,
      reason: "a slope needs two bursts: give the burst 4 jobs or more",
    });
  });

  test("a kernel took as long as its own clock says", () => {
    expect(named(kernelMetrics(told([ran(job("1"), 0, 5, 17)], 20)), "elapsed")?.value).toBe(12);
    expect(named(kernelMetrics(told([ran(job("1"), 0, 5, null)], 20)), "elapsed")).toMatchObject({
      value: null,
      reason: "the job did not start or did not end",
    });
  });
});
