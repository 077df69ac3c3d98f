import fc from "fast-check";
import { mean } from "simple-statistics";
import { describe, expect, test } from "vitest";
import type { Job } from "../../model/job.ts";
import { processGrid } from "../../model/kernels/linpack.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

/** The jobs of one workload on a machine of `count` nodes with two cores each. */
function jobsOf(workload: object, count = 8, seed = 1): Job[] {
  const { topology, workloads } = parseTuple({
    topology: { compute: [{ count, cpus: 2 }] },
    scheduler: { kind: "slurm" },
    workloads: [workload],
  });
  const [given] = workloads;
  if (given === undefined) throw new Error("no workload");
  return workloadKind(given).jobs(given, topology, seed);
}

describe("jobstream", () => {
  test("one seed gives one stream, another seed another", () => {
    expect(jobsOf({ kind: "jobstream" }, 8, 7)).toEqual(jobsOf({ kind: "jobstream" }, 8, 7));
    expect(jobsOf({ kind: "jobstream" }, 8, 7)).not.toEqual(jobsOf({ kind: "jobstream" }, 8, 8));
  });

  test("the offered load is what was asked: Σ run time · nodes ÷ (machine · last arrival)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.constantFrom(0.5, 0.7, 0.85, 0.95), (seed, load) => {
        const jobs = jobsOf({ kind: "jobstream", jobs: 50, load }, 8, seed);
        const work = jobs.reduce((sum, job) => sum + (job.runSeconds ?? 0) * job.nodes, 0);
        expect(work / (8 * (jobs.at(-1)?.submitSeconds ?? 0))).toBeCloseTo(load, 2);
      }),
    );
  });

  test("the load stretches the arrivals, never the jobs", () => {
    const shape = (load: number) => jobsOf({ kind: "jobstream", load }).map(({ nodes, runSeconds }) => [nodes, runSeconds]);
    expect(shape(0.5)).toEqual(shape(0.95));
  });

  test("run times are log-uniform: the mean is (b − a) ÷ ln(b ÷ a)", () => {
    const times = jobsOf({ kind: "jobstream", jobs: 20_000, runTime: { minSeconds: 1, maxSeconds: 20 } }).map((job) => job.runSeconds ?? 0);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...times)).toBeLessThanOrEqual(20);
    expect(mean(times)).toBeCloseTo(19 / Math.log(20), 0);
  });

  test("Weibull arrivals of shape 1 are Poisson arrivals", () => {
    const arrivals = (arrival: object) => jobsOf({ kind: "jobstream", arrival }).map((job) => job.submitSeconds);
    expect(arrivals({ kind: "weibull", shape: 1 })).toEqual(arrivals({ kind: "poisson" }));
  });

  test("sizes come as often as their weights say", () => {
    const sizes = jobsOf({ kind: "jobstream", jobs: 10_000, sizes: [{ nodes: 1, weight: 3 }, { nodes: 4 }] }).map((job) => job.nodes);
    expect(sizes.filter((nodes) => nodes === 1).length / sizes.length).toBeCloseTo(0.75, 1);
    expect(new Set(sizes)).toEqual(new Set([1, 4]));
  });
});

test("burst: as many no-ops as asked, all at once", () => {
  const jobs = jobsOf({ kind: "burst", jobs: 30 });
  expect(jobs).toHaveLength(30);
  expect(
    jobs.every(({ submitSeconds, nodes, body }) => submitSeconds === 0 && nodes === 1 && body.kind === "sleep" && body.seconds === 0),
  ).toBe(true);
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(30);
});

describe("hpl", () => {
  const input = (job: Job | undefined) => (job?.body.kind === "mpi" ? (job.body.files["hpccinf.txt"] ?? "") : "");
  const order = (job: Job | undefined) => Number(/^(\d+)\s+Ns$/m.exec(input(job))?.[1]);

  test("without an order, the matrix fills the asked share of memory in whole blocks", () => {
    const [job] = jobsOf({ kind: "hpl", memoryFraction: 0.5, blockSize: 128 });
    // Oracle: 8 nodes · ⌊1024 MiB · 0.9⌋ · 0.5 ÷ 8 bytes, √ = 21979.8, rounded down to 171 blocks of 128.
    expect(order(job)).toBe(171 * 128);
  });

  test.each([
    [1, 1, 1],
    [2, 1, 2],
    [4, 2, 2],
    [6, 2, 3],
    [7, 1, 7],
    [12, 3, 4],
    [64, 8, 8],
  ])("%i ranks make a grid of %i × %i", (ranks, rows, columns) => {
    expect(processGrid(ranks)).toEqual({ rows, columns });
  });

  test("it takes every core of every node, or what is asked", () => {
    expect(jobsOf({ kind: "hpl", order: 100 })[0]).toMatchObject({ nodes: 8, ranksPerNode: 2, coresPerRank: 1 });
    expect(jobsOf({ kind: "hpl", order: 100, nodes: 2, ranksPerNode: 1 })[0]).toMatchObject({ nodes: 2, ranksPerNode: 1, coresPerRank: 2 });
  });
});
