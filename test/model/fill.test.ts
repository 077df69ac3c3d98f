import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noOp, type Outcome } from "../../model/job.ts";
import { fillMetrics } from "../../model/metrics/fill.ts";
import { objectives, type PurposedRun } from "../../model/objectives.ts";
import { parseTuple } from "../../model/tuple.ts";
import { fill } from "../../model/workloads/fill.ts";
import { machine, told, wholeNodes } from "./job-times.ts";

describe("the backlog", () => {
  const { topology } = parseTuple({ topology: { compute: [{ count: 8 }] }, scheduler: { kind: "slurm" }, workloads: [{ kind: "fill" }] });
  const jobsOf = (parameters: object, seed = 1) => fill.jobs(fill.parameters.parse({ kind: "fill", ...parameters }), topology, seed);

  test("is there at the start, and is as much work as the machine does in the time, and at most one job more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 500 }), (seed, machineSeconds) => {
        const jobs = jobsOf({ machineSeconds }, seed);
        const work = jobs.map(({ nodes, runSeconds }) => nodes * (runSeconds ?? 0));
        const sum = work.reduce((total, one) => total + one, 0);
        expect(sum).toBeGreaterThanOrEqual(8 * machineSeconds - 1e-6);
        expect(sum - (work.at(-1) ?? 0)).toBeLessThan(8 * machineSeconds);
        expect(jobs.every(({ submitSeconds }) => submitSeconds === 0)).toBe(true);
      }),
    );
  });

  test("of more jobs than a run takes is refused", () => {
    const given = { kind: "fill", machineSeconds: 1000, runTime: { maxSeconds: 0.02, minSeconds: 0.01 } };
    expect(() => parseTuple({ topology: { compute: [{ count: 8 }] }, scheduler: { kind: "slurm" }, workloads: [given] })).toThrow(
      "workloads[0].machineSeconds: 1000 takes 100000 jobs of these run times or more, the most is below that",
    );
  });

  test("has mixed sizes, of the machine at most", () => {
    expect(new Set(jobsOf({ machineSeconds: 500 }).map(({ nodes }) => nodes))).toEqual(new Set([1, 2, 4, 8]));
  });
});

describe("what working it off measures", () => {
  const row = (nodes: number, allocated: number | null, ended: number | null, outcome: Outcome = "completed") => ({
    job: { ...noOp(`j${allocated}`), nodes },
    outcome,
    nodes: [],
    due: 0,
    submit: 0,
    allocated,
    started: allocated,
    startedBy: "job" as const,
    ended,
    cleaned: ended,
  });
  const values = (rows: ReturnType<typeof row>[], nodes: number, endSeconds: number) =>
    Object.fromEntries(
      fillMetrics(told(rows, endSeconds), machine(Array(nodes).fill(1), wholeNodes)).map(({ name, value }) => [name, value]),
    );

  test("capacity is lost until the last job has its nodes, and the drain behind it is none", () => {
    // Four nodes. 3 nodes for [0, 10); 2 nodes from 10 to 20; 1 node, which would have fitted at 0, from 10 to 30.
    // Until 10, when the last ones start, one node of four idles while a one-node job waits: 10 of 40 node-seconds.
    expect(values([row(3, 0, 10), row(2, 10, 20), row(1, 10, 30)], 4, 30)).toEqual({
      lossOfCapacity: 0.25,
      utilisationWhileFilled: 0.75,
      filledTime: 10,
      makespan: 30,
    });
  });

  test("idling that no waiting job could use is no loss", () => {
    // The waiting job needs two nodes, one is free.
    expect(values([row(3, 0, 10), row(2, 10, 20)], 4, 20)).toMatchObject({ lossOfCapacity: 0, utilisationWhileFilled: 0.75 });
  });

  test("a job that never started keeps the machine counted to the end", () => {
    expect(values([row(2, 0, 5), row(2, null, null, "censored")], 2, 10)).toMatchObject({
      lossOfCapacity: 0.5,
      filledTime: 10,
      makespan: 10,
    });
  });

  test("a job that is cancelled in the queue keeps the machine counted until then, and no longer", () => {
    // Two nodes idle until the only job is cancelled at 5; the run ends at 105. Counted to the end, β was 0.048.
    expect(values([row(2, null, 5, "cancelled")], 2, 105)).toMatchObject({ lossOfCapacity: 1, filledTime: 5 });
  });

  test("all at once: there is nothing to lose, and no time to be busy in", () => {
    expect(values([row(2, 0, 5), row(2, 0, 5)], 4, 5)).toMatchObject({ lossOfCapacity: 0, utilisationWhileFilled: null, filledTime: 0 });
  });
});

test("β is the stream's where there is one, and the backlog's where not; α never is the backlog's", () => {
  const purposed = (purpose: PurposedRun["purpose"], value: number): PurposedRun => ({
    purpose,
    run: {
      ...{ workload: purpose, mode: "scheduler", seed: 1, figures: [], doubts: [], tables: [] },
      jobs: { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 },
      metrics: [{ name: "lossOfCapacity", value, unit: "fraction" }],
    },
  });
  const [stream, backlog] = [purposed("stream", 0.1), purposed("fill", 0.3)];
  expect(objectives([stream, backlog]).lossOfCapacity.value).toBe(0.1);
  expect(objectives([backlog]).lossOfCapacity.value).toBe(0.3);
  expect(objectives([backlog]).responsiveness).toMatchObject({ value: null, reason: "the suite has no job stream" });
});
