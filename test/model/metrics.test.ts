import { describe, expect, test } from "vitest";
import type { JobEnd, JobEvent } from "../../model/event.ts";
import type { Job } from "../../model/job.ts";
import type { Machine } from "../../model/machine.ts";
import { boundedSlowdown } from "../../model/metrics/bounded-slowdown.ts";
import { controlPlaneCost, lastEvent, slotsFor, smallerBurst } from "../../model/metrics/control-plane-cost.ts";
import { deliveredPerformanceLoss } from "../../model/metrics/delivered-performance.ts";
import { objectives } from "../../model/objectives.ts";
import type { Run } from "../../model/run.ts";
import { type JobTimes, timeline } from "../../model/timeline.ts";

const job = (id: string, nodes: number, runSeconds: number): Job => ({
  id,
  submitSeconds: 0,
  nodes,
  ranksPerNode: 1,
  coresPerRank: 1,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds,
  walltimeSeconds: 100,
  body: { kind: "sleep", seconds: runSeconds },
});

/** A job that was submitted, started and ended at these times; null: it never did. */
const ran = (id: string, nodes: number, submit: number, started: number | null, ended: number | null): JobTimes => ({
  job: job(id, nodes, started === null || ended === null ? 10 : ended - started),
  outcome: ended === null ? "censored" : "completed",
  nodes: [],
  due: submit,
  submit,
  allocated: started,
  started,
  startedBy: started === null ? null : "job",
  ended,
  cleaned: ended,
});

describe("α, bounded slowdown", () => {
  test.each<[string, JobTimes, number]>([
    ["no wait is 1", ran("a", 1, 0, 0, 60), 1],
    ["(30 + 60) ÷ 60", ran("a", 1, 0, 30, 90), 1.5],
    ["a job below τ is measured by τ: (20 + 2) ÷ 10", ran("a", 1, 0, 20, 22), 2.2],
    ["a short job that starts at once is 1, not 0.2", ran("a", 1, 0, 0, 2), 1],
    ["one that never started counts with its wait so far: (90 + 10) ÷ 10", ran("a", 1, 10, null, null), 10],
  ])("%s", (_, row, expected) => {
    expect(boundedSlowdown(row, 100, 10)).toBeCloseTo(expected, 12);
  });

  test("launch overhead counts: p is the nominal run time, not the measured one", () => {
    const row = { ...ran("a", 1, 0, 10, 40), job: job("a", 1, 20) };
    expect(boundedSlowdown(row, 100, 10)).toBeCloseTo((10 + 20) / 20, 12);
  });

  test("where p is not known before, the measured run time stands for it, and else the walltime, for which it is least", () => {
    const unknown = { ...job("a", 1, 0), runSeconds: null };
    expect(boundedSlowdown({ ...ran("a", 1, 0, 30, 90), job: unknown }, 100, 10)).toBeCloseTo((30 + 60) / 60, 12);
    expect(boundedSlowdown({ ...ran("a", 1, 0, 30, null), job: unknown }, 100, 10)).toBeCloseTo((30 + 100) / 100, 12);
  });

  test("a job that the scheduler cancelled in the queue waited to the end, at least", () => {
    const row = { ...ran("a", 1, 0, null, null), outcome: "cancelled" as const, ended: 20 };
    expect(boundedSlowdown(row, 100, 10)).toBeCloseTo((100 + 10) / 10, 12);
  });

  test("a wait begins when the job was due, however late the driver was", () => {
    expect(boundedSlowdown({ ...ran("a", 1, 30, 60, 90), due: 0 }, 100, 10)).toBeCloseTo((60 + 30) / 30, 12);
  });
});

describe("γ, control-plane cost", () => {
  /** So many jobs, submitted at once, each clean a step after the one before it, and the first after a start of 2 s. */
  const burst = (count: number, stepSeconds: number, startSeconds = 2) =>
    Array.from({ length: count }, (_, i) => ran(`${i}`, 1, 0, 1, startSeconds + i * stepSeconds));

  test("is the slope between two bursts: what each takes once cancels out", () => {
    expect(controlPlaneCost(burst(10, 0.2), burst(40, 0.2))).toBeCloseTo(200, 9);
    expect(controlPlaneCost(burst(10, 0.2, 30), burst(40, 0.2, 30))).toBeCloseTo(200, 9);
  });

  test("counts to the last clean; where one job of either burst has no clean event, to the last end for all", () => {
    const late = (rows: readonly JobTimes[]) => rows.map((row) => ({ ...row, cleaned: (row.ended as number) * 2 }));
    const [few, many] = [late(burst(2, 1)), late(burst(4, 1))];
    expect([lastEvent([...few, ...many]), controlPlaneCost(few, many)]).toEqual(["cleaned", 2000]);
    const mixed = few.map((row, i) => (i === 0 ? { ...row, cleaned: null } : row));
    expect([lastEvent([...mixed, ...many]), controlPlaneCost(mixed, many)]).toEqual(["ended", 1000]);
  });

  test("is unknown where nothing ended, and of one burst alone", () => {
    expect(controlPlaneCost([ran("a", 1, 0, null, null)], burst(2, 1))).toBeNull();
    expect(controlPlaneCost([], burst(4, 1))).toBeNull();
    expect(controlPlaneCost(burst(4, 1), burst(4, 1))).toBeNull();
  });

  test("the smaller burst is a quarter of the larger one, and none where that is less than a job", () => {
    const jobs = (count: number) => Array.from({ length: count }, (_, i) => job(`${i}`, 1, 0));
    expect([3, 4, 7, 200].map((count) => smallerBurst(jobs(count)).length)).toEqual([0, 1, 1, 50]);
  });

  test("slots are what the machine holds at once: its cores, or its nodes where a job has one to itself", () => {
    const jobs = Array.from({ length: 10 }, (_, i) => job(`${i}`, 1, 0));
    const nodes = [1, 2].map((n) => ({ name: `cn${n}`, cores: 4, memoryMiB: 100, gpus: 0 }));
    const slots = (allocation: Machine["allocation"]) => slotsFor(jobs, { nodes, allocation });
    expect(slots({ unit: "core", memory: false })).toBe(8);
    expect(slots({ unit: "node", memory: false })).toBe(2);
    expect(slotsFor(jobs.slice(0, 5), { nodes, allocation: { unit: "core", memory: false } })).toBe(5);
  });
});

test("δ is 1 − the geometric mean of the ratios, either way round", () => {
  const loss = deliveredPerformanceLoss([
    { kernel: "a", figure: "rate", scheduled: 80, bare: 100, better: "higher" },
    { kernel: "b", figure: "latency", scheduled: 20, bare: 10, better: "lower" },
  ]);
  expect(loss).toBeCloseTo(1 - Math.sqrt(0.8 * 0.5), 12);
  expect(deliveredPerformanceLoss([])).toBeNull();
});

test("δ: a kernel of many figures weighs no more than one of one", () => {
  const ratio = (kernel: string, figure: string, scheduled: number) => ({ kernel, figure, scheduled, bare: 1, better: "higher" as const });
  const many = [0.5, 0.25, 1, 1, 1, 1, 1, 1].map((value, i) => ratio("hpcc", `${i}`, value));
  // Oracle: hpcc's own mean is (1 ÷ 8)^(1 ÷ 8) = 2^(−3 ÷ 8); with one kernel that lost nothing, half of that exponent.
  expect(deliveredPerformanceLoss([...many, ratio("hpl", "hpl", 1)])).toBeCloseTo(1 - 2 ** (-3 / 16), 12);
});

describe("timeline", () => {
  const event = (name: JobEvent["event"], seconds: number, clock: JobEvent["clock"]): JobEvent => ({
    job: "a",
    event: name,
    seconds,
    clock,
    precisionSeconds: 1,
  });
  const end: JobEnd = { job: "a", outcome: "completed", nodes: ["cn1"], exitCode: 0 };

  test("the finest clock wins: the job's own before the scheduler's", () => {
    const { jobs } = timeline(
      [job("a", 1, 1)],
      [event("submit", 1, "driver"), event("started", 5, "scheduler"), event("started", 4.5, "job")],
      [end],
      10,
    );
    expect(jobs[0]).toMatchObject({ submit: 1, started: 4.5, startedBy: "job", allocated: null, nodes: ["cn1"] });
  });

  test("of two readings of one clock the finer wins, and the coarsest of those used is told", () => {
    const events = [
      event("submit", 1, "driver"),
      event("ended", 9, "scheduler"),
      { ...event("ended", 8.25, "scheduler"), precisionSeconds: 0.001 },
    ];
    const { jobs, precisionSeconds } = timeline([job("a", 1, 1)], events, [end], 10);
    expect(jobs[0]?.ended).toBe(8.25);
    expect(precisionSeconds).toEqual({ submit: 1, eligible: 0, allocated: 0, started: 0, ended: 0.001, cleaned: 0 });
  });

  test("jobs are in order of submission, whatever order they were planned in", () => {
    const submitted = (id: string, seconds: number): JobEvent => ({ ...event("submit", seconds, "driver"), job: id });
    const { jobs } = timeline([job("b", 1, 1), job("a", 1, 1)], [submitted("b", 2), submitted("a", 1)], [], 10);
    expect(jobs.map((row) => row.job.id)).toEqual(["a", "b"]);
  });

  test("a job is due when the workload wanted it, or when it was submitted", () => {
    const of = (due: ReadonlyMap<string, number>) => timeline([job("a", 1, 1)], [event("submit", 1, "driver")], [end], 10, due).jobs[0];
    expect([of(new Map([["a", 0.25]]))?.due, of(new Map())?.due]).toEqual([0.25, 1]);
  });

  test("a job without an end is lost, and censored", () => {
    const { jobs, lost } = timeline([job("a", 1, 1)], [event("submit", 1, "driver")], [], 10);
    expect(lost).toEqual(["a"]);
    expect(jobs[0]?.outcome).toBe("censored");
  });
});

describe("objectives", () => {
  const run = (parts: Partial<Run>): Run => ({
    workload: "hpl",
    mode: "scheduler",
    seed: 1,
    jobs: { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 },
    metrics: [],
    figures: [],
    doubts: [],
    tables: [],
    ...parts,
  });
  const gflops = (value: number) => [{ name: "hpl", value, unit: "GFLOP/s", better: "higher" as const }];

  test("what the suite lacks is missing with a reason, never zero", () => {
    const { responsiveness, controlPlaneCost, deliveredPerformanceLoss } = objectives([]);
    expect(responsiveness).toMatchObject({ value: null, reason: "the suite has no job stream" });
    expect(controlPlaneCost).toMatchObject({ value: null, reason: "the suite has no burst" });
    expect(deliveredPerformanceLoss).toMatchObject({ value: null, reason: "the suite has no kernel" });
  });

  test("an invalid run does not count", () => {
    const invalid = run({ mode: "scheduler", figures: gflops(1), doubts: [{ code: "invalid result", severity: "invalid", message: "x" }] });
    const { deliveredPerformanceLoss } = objectives([
      { purpose: "kernel", run: run({ mode: "bare", figures: gflops(10) }) },
      { purpose: "kernel", run: run({ figures: gflops(9) }) },
      { purpose: "kernel", run: invalid },
    ]);
    expect(deliveredPerformanceLoss.value).toBeCloseTo(0.1, 12);
  });

  test("kernels are compared with themselves only, whatever their kind", () => {
    const of = (kernel: string, mode: Run["mode"], value: number) => ({
      purpose: "kernel" as const,
      kernel,
      run: run({ mode, figures: gflops(value) }),
    });
    const { deliveredPerformanceLoss } = objectives([
      of("small", "bare", 1),
      of("small", "scheduler", 0.5),
      of("large", "bare", 1000),
      of("large", "scheduler", 1000),
    ]);
    expect(deliveredPerformanceLoss.value).toBeCloseTo(1 - Math.sqrt(0.5), 12);
  });

  test.each([
    ["scheduler", "hpl has no valid run without the scheduler"],
    ["bare", "hpl has no valid run with the scheduler"],
  ] as const)("a kernel that has runs by %s only leaves δ missing, for the others alone would be another δ", (mode, reason) => {
    const whole = (["scheduler", "bare"] as const).map((mode) => run({ workload: "lammps", mode, figures: gflops(1) }));
    const runs = [...whole, run({ mode, figures: gflops(1) })].map((run) => ({ purpose: "kernel" as const, run }));
    expect(objectives(runs).deliveredPerformanceLoss).toMatchObject({ value: null, reason });
  });

  test("a figure that one side lacks leaves δ missing, too", () => {
    const extra = [...gflops(1), { name: "stream", value: 1, unit: "GB/s", better: "higher" as const }];
    const runs = [run({ figures: extra }), run({ mode: "bare", figures: gflops(1) })].map((run) => ({ purpose: "kernel" as const, run }));
    expect(objectives(runs).deliveredPerformanceLoss).toMatchObject({ value: null, reason: "hpl has stream only with the scheduler" });
  });

  const stream = (value: number) => ({
    purpose: "stream" as const,
    run: run({ workload: "jobstream", metrics: [{ name: "meanBoundedSlowdown", value, unit: "1" }] }),
  });

  test("α is the mean over the streams' runs", () => {
    const { responsiveness } = objectives([stream(2), stream(4)]);
    expect(responsiveness.value).toBe(3);
    expect(responsiveness).not.toHaveProperty("lowerBound");
  });

  test("a mean in which one run is a lower bound is one", () => {
    const cut = run({ metrics: [{ name: "meanBoundedSlowdown", value: 6, unit: "1", lowerBound: true }] });
    const { responsiveness } = objectives([stream(2), { purpose: "stream", run: cut }]);
    expect(responsiveness).toMatchObject({ value: 4, lowerBound: true });
  });
});
