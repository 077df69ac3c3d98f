import { describe, expect, test } from "vitest";
import type { Driven } from "../../agent/drive.ts";
import type { Collected } from "../../agent/nodes.ts";
import { jobOutput } from "../../agent/paths.ts";
import { type RunScheduled, requests } from "../../agent/request.ts";
import { measured } from "../../agent/run.ts";
import type { JobEvent } from "../../model/event.ts";
import type { Job, Outcome } from "../../model/job.ts";
import { run } from "../../model/run.ts";
import { timeline } from "../../model/timeline.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

const { topology, scheduler, workloads } = parseTuple({
  topology: { compute: [{ count: 2, cpus: 2 }] },
  scheduler: { kind: "slurm" },
  workloads: [
    { kind: "jobstream", jobs: 20, sizes: [{ nodes: 1 }] },
    { kind: "burst", jobs: 20 },
  ],
});
const requestFor = (index: 0 | 1): RunScheduled =>
  requests.run.parse({ verb: "run", mode: "scheduler", id: "t", seed: 1, topology, scheduler, workload: workloads[index] });

const epoch = 1_795_000_000;

/** Each job starts a second after its submission and runs as long as it says, one after another on cn1 and cn2. */
function driven(jobs: readonly Job[], { outcome = "completed" as Outcome, late = 0, offset = 0, steal = 0 } = {}): Driven {
  const event = (job: Job, name: JobEvent["event"], seconds: number, clock: JobEvent["clock"], precisionSeconds: number): JobEvent => ({
    job: job.id,
    event: name,
    seconds: epoch + seconds,
    clock,
    precisionSeconds,
  });
  const events = jobs.flatMap((job, i) => {
    const submitted = job.submitSeconds + 0.01 * i;
    const ended = submitted + 1 + (job.runSeconds ?? 0);
    return [
      event(job, "submit", submitted, "driver", 1e-3),
      event(job, "allocated", submitted + 0.5, "scheduler", 1e-3),
      event(job, "started", submitted + 1, "job", 1e-6),
      event(job, "ended", ended, "job", 1e-6),
      event(job, "cleaned", ended + 0.25, "scheduler", 1e-3),
    ];
  });
  const ends = jobs.map(({ id }, i) => ({
    job: id,
    outcome: i === 0 ? outcome : ("completed" as const),
    nodes: [i % 2 === 0 ? "cn1" : "cn2"],
    exitCode: 0,
  }));
  const submissions = jobs.map((job) => {
    const planned = epoch + job.submitSeconds;
    return { job, planned, begun: planned + late, answered: planned + late + 0.25, refused: null };
  });
  const reading = (clockOffsetSeconds: number, stolen: number) =>
    new Map([["cn1", { clockOffsetSeconds, processorTimes: `cpu  ${100 - stolen} 0 0 ${stolen === 0 ? 0 : 100} 0 0 0 ${stolen} 0 0` }]]);
  return {
    timeline: timeline(jobs, events, ends, epoch + 1000),
    events,
    submissions,
    watch: { before: reading(0, 0), after: reading(offset, steal) },
    waiting: new Map(),
    controlPlane: [{ daemon: "slurmctld", cpuSeconds: 4, peakMemoryMiB: 12 }],
  };
}

const jobsOf = (index: 0 | 1) => {
  const { workload } = requestFor(index);
  return workloadKind(workload).jobs(workload, topology, 1);
};

const silent: Collected = { node: "cn1", clock: "", read: () => null };

describe("a stream", () => {
  const jobs = jobsOf(0);
  const result = measured(requestFor(0), jobs.length, driven(jobs), [silent]);
  const value = (name: string) => result.metrics.find((metric) => metric.name === name);

  test("that went well is only too short, and a run as the program reads it", () => {
    const { contents, ...rest } = result;
    expect(run.parse({ ...rest, tables: [] }).doubts.map(({ code }) => code)).toEqual(["stream short"]);
    expect(result.jobs).toMatchObject({ submitted: 20, completed: 20 });
    expect(Object.keys(contents)).toEqual(["jobs.csv", "schedule.json", "events.jsonl"]);
  });

  test("carries what each part of the agent has measured", () => {
    expect(value("medianWait")).toEqual({ name: "medianWait", value: expect.closeTo(1, 5), unit: "s", precisionSeconds: 0.001 });
    expect(value("p95Launch")?.value).toBeCloseTo(0.5, 5);
    expect(value("lossOfCapacity")).toMatchObject({ basis: "free cores" });
    expect(value("successRate")?.value).toBe(1);
    expect(value("controlPlaneCpu.slurmctld")?.value).toBe(0.2);
    expect(value("maxSteal")?.value).toBe(0);
  });

  test("every name is there once", () => {
    const names = result.metrics.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test("that did not says each reason", () => {
    const out: Collected = { ...silent, read: (path) => (path === jobOutput("s1") ? "Out of memory\n" : null) };
    const bad = measured(requestFor(0), jobs.length + 1, driven(jobs, { outcome: "out of memory", late: 30, offset: 2, steal: 20 }), [out]);
    const { contents: _tables, ...rest } = bad;
    expect(run.parse({ ...rest, tables: [] }).doubts).toEqual([
      { code: "out of memory", severity: "invalid", message: "1 of 20 jobs were killed for want of memory: s1 (s1: Out of memory)" },
      { code: "clock skew", severity: "invalid", message: "cn1's clock is 2.000 s ahead of the head's" },
      { code: "processor stolen", severity: "caution", message: "cn1 waited 20.0 % of its time for the hypervisor; the most is 5 %" },
      expect.objectContaining({ code: "driver late", severity: "invalid" }),
      { code: "stream short", severity: "caution", message: expect.stringMatching(/^20 jobs are too few for this load/) },
      { code: "jobs lost", severity: "invalid", message: "21 jobs were submitted, 20 are accounted for" },
    ]);
  });
});

test("a burst is not late, for all of it is due at once; its cost is the slope from a smaller one", () => {
  const jobs = jobsOf(1);
  const first = {
    ...driven(jobs.slice(0, 5)),
    doubts: [{ code: "timeout" as const, severity: "caution" as const, message: "in the smaller burst" }],
  };
  const { doubts, metrics, contents } = measured(requestFor(1), jobs.length, driven(jobs, { late: 30 }), [silent], first);
  expect(doubts.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "few slots: 20 jobs had 4 slots: γ holds their wait for each other; give the machine a core for each",
    "timeout: in the smaller burst",
  ]);
  // Every further job is submitted, and so is clean, 10 ms after the one before it.
  expect(metrics.find(({ name }) => name === "controlPlaneCost")).toMatchObject({
    value: expect.closeTo(10, 4),
    basis: "slope between two bursts, fewer slots than jobs, last cleaned",
  });
  expect(Object.keys(contents)).toEqual(["jobs.csv", "schedule.json", "events.jsonl", "smaller-jobs.csv"]);
  expect(contents["smaller-jobs.csv"]?.trim().split("\n")).toHaveLength(6);
});
