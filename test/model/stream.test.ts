import fc from "fast-check";
import { mean, sampleVariance } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { type Job, noOp } from "../../model/job.ts";
import { dependencies, longestChainSeconds, predecessorOf } from "../../model/stream/dependencies.ts";
import { offeredLoad, withLoad } from "../../model/stream/load.ts";
import { uniforms } from "../../model/stream/random.ts";
import { runTime, runTimes } from "../../model/stream/run-time.ts";
import { userOf } from "../../model/stream/users.ts";
import { estimator } from "../../model/stream/walltime.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("seeded numbers", () => {
  test("the first ones of neighbouring seeds are as spread as any", () => {
    const firsts = Array.from({ length: 2000 }, (_, i) => uniforms(i).arrival());
    // Uniform on [0, 1): mean 1/2, variance 1/12; four standard errors each.
    expect(Math.abs(mean(firsts) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 2000));
    expect(Math.abs(sampleVariance(firsts) - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / 2000));
    const pairs = mean(firsts.slice(1).map((value, i) => (value - 0.5) * ((firsts[i] ?? 0) - 0.5)));
    expect(Math.abs(pairs * 12)).toBeLessThan(4 / Math.sqrt(2000));
  });

  test("each aspect has numbers of its own", () => {
    const { arrival, size } = uniforms(1);
    expect([arrival(), arrival()]).not.toEqual([size(), size()]);
  });
});

describe("run times", () => {
  const samples = 50_000;
  const drawn = (given: object) => {
    const draw = runTimes(runTime.parse(given), uniforms(1).runTime);
    return Array.from({ length: samples }, draw);
  };
  const within = (found: number, expected: number, variance: number) =>
    expect(Math.abs(found - expected), `${found}`).toBeLessThan(4 * Math.sqrt(variance / samples));

  test("log-uniform: the mean is (b − a) ÷ ln(b ÷ a)", () => {
    const [a, b] = [2, 50];
    const expected = (b - a) / Math.log(b / a);
    within(mean(drawn({ minSeconds: a, maxSeconds: b })), expected, (b ** 2 - a ** 2) / (2 * Math.log(b / a)) - expected ** 2);
  });

  test("exponential: mean m, variance m²", () => {
    const values = drawn({ kind: "exponential", meanSeconds: 5 });
    within(mean(values), 5, 25);
    within(sampleVariance(values), 25, 8 * 5 ** 4);
  });

  test("exponential below a limit L: the mean is m − L ÷ (e^(L÷m) − 1)", () => {
    const values = drawn({ kind: "exponential", meanSeconds: 5, maxSeconds: 8 });
    expect(Math.max(...values)).toBeLessThanOrEqual(8);
    within(mean(values), 5 - 8 / (Math.exp(8 / 5) - 1), 25);
  });

  test("lognormal: the logarithm has mean ln(median) and variance σ²", () => {
    const logarithms = drawn({ kind: "lognormal", medianSeconds: 30, sigma: 0.5 }).map(Math.log);
    within(mean(logarithms), Math.log(30), 0.25);
    within(sampleVariance(logarithms), 0.25, 2 * 0.25 ** 2);
  });

  test("hyper-gamma: the logarithm's mean is p·a₁b₁ + (1 − p)·a₂b₂", () => {
    const given = { kind: "hyper-gamma", first: { shape: 2, scale: 0.5 }, second: { shape: 100, scale: 0.04 }, probability: 0.3 };
    const logarithms = drawn(given).map(Math.log);
    within(mean(logarithms), 0.3 * 1 + 0.7 * 4, 0.3 * (0.5 + 9 * 0.7 * 0.7) + 0.7 * (0.16 + 9 * 0.3 * 0.3));
  });

  test("a list: each value as often as its weight says", () => {
    const values = drawn({ kind: "list", values: [{ seconds: 1, weight: 3 }, { seconds: 9 }] });
    within(values.filter((value) => value === 1).length / samples, 0.75, 0.75 * 0.25);
  });
});

describe("load", () => {
  const jobs = [
    { submitSeconds: 0, nodes: 2, runSeconds: 10 },
    { submitSeconds: 4, nodes: 1, runSeconds: 4 },
    { submitSeconds: 10, nodes: 4, runSeconds: 4 },
  ];

  test("ρ = (20 + 4 + 16) ÷ (8 · 10) = 0.5; at 0.25 arrivals are twice as far apart, and run times stay", () => {
    expect(offeredLoad(jobs, { nodes: 8, coresPerNode: 4 })).toBe(0.5);
    expect(withLoad(jobs, { nodes: 8, coresPerNode: 4 }, 0.25)).toEqual([
      jobs[0],
      { ...jobs[1], submitSeconds: 8 },
      { ...jobs[2], submitSeconds: 20 },
    ]);
  });
});

describe("estimates", () => {
  const estimates = (given: Parameters<typeof estimator>[0], run: number, count = 1) =>
    Array.from(
      { length: count },
      (
        (estimate) => () =>
          estimate(run)
      )(estimator(given, uniforms(1).walltime)),
    );

  test("exact is the run time; a factor is rounded up", () => {
    expect(estimates({ kind: "exact" }, 61)).toEqual([61]);
    expect(estimates({ kind: "factor", factor: 1.5, roundUpToSeconds: 300 }, 201)).toEqual([600]);
  });

  test("modal estimates are round, at least the run time, and at most what may be asked", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), seed, (run, from) => {
        const estimate = estimator({ kind: "modal", maxSeconds: 64_800 }, uniforms(from).walltime)(run);
        expect(estimate).toBeGreaterThanOrEqual(run);
        if (run <= 64_800) expect([60, 300, 600].some((minutes) => estimate % minutes === 0)).toBe(true);
        if (run <= 64_800) expect(estimate).toBeLessThanOrEqual(64_800);
        else expect(estimate).toBe(run);
      }),
    );
  });

  test("the run time is a uniform share of what is asked: of 20-minute jobs, a third asks for at least an hour", () => {
    // 20 min ÷ u is above 40 min, and so rounds to an hour or more, where u < 1/2; above 1 h where u < 1/3.
    const asked = estimates({ kind: "modal", maxSeconds: 64_800 }, 1200, 20_000);
    const share = (least: number) => asked.filter((seconds) => seconds >= least).length / asked.length;
    expect(Math.abs(share(3600) - 1 / 2)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000));
    expect(Math.abs(share(3601) - 1 / 3)).toBeLessThan(4 * Math.sqrt(0.2222 / 20_000));
    // The most that may be asked, 18 h: u < 20 ÷ 900, for what is above 15 h rounds to it.
    expect(Math.abs(share(64_800) - 20 / 900)).toBeLessThan(4 * Math.sqrt(0.0217 / 20_000));
    expect(new Set(asked).size).toBeLessThan(20);
  });
});

test("users submit as Zipf has it: of three with exponent 1, 6/11, 3/11 and 2/11", () => {
  const user = userOf({ count: 3, skew: 1 }, uniforms(1).user);
  const drawn = Array.from({ length: 20_000 }, () => user().user);
  for (const [name, expected] of [
    ["u1", 6 / 11],
    ["u2", 3 / 11],
    ["u3", 2 / 11],
  ] as const)
    expect(Math.abs(drawn.filter((one) => one === name).length / 20_000 - expected)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000));
  expect(userOf({ count: 1, skew: 1 }, uniforms(1).user)()).toEqual({});
});

test("a job waits for one of those before it, within reach, as often as asked", () => {
  const predecessor = predecessorOf(dependencies.parse({ share: 0.3, within: 4 }), uniforms(1).dependency);
  const drawn = Array.from({ length: 20_000 }, (_, i) => ({ i, before: predecessor(i) }));
  for (const { i, before } of drawn) if (before !== null) expect(i - before >= 1 && i - before <= 4 && before >= 0).toBe(true);
  const waiting = drawn.filter(({ before }) => before !== null);
  expect(Math.abs(waiting.length / 20_000 - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 20_000));
  expect(new Set(waiting.map(({ i, before }) => i - (before ?? 0)))).toEqual(new Set([1, 2, 3, 4]));
});

test("the longest chain is what follows its first job; a job without a run time takes its walltime", () => {
  const job = (id: string, runSeconds: number | null, ...after: string[]): Job => ({ ...noOp(id), runSeconds, walltimeSeconds: 60, after });
  expect(longestChainSeconds([job("a", 100), job("b", 5, "a"), job("c", 7, "a"), job("d", null, "b", "c"), job("e", 20, "b")])).toBe(67);
  expect(longestChainSeconds([job("a", 100), job("b", 5)])).toBe(0);
});

describe("a job stream", () => {
  const machine = {
    compute: [
      { count: 4, cpus: 2 },
      { name: "gpu", count: 2, cpus: 4, gpus: 2, memoryGiB: 4 },
    ],
  };
  function jobsOf(parameters: object): Job[] {
    const { topology, workloads } = parseTuple({
      topology: machine,
      scheduler: { kind: "slurm" },
      workloads: [{ kind: "jobstream", ...parameters }],
    });
    const [given] = workloads;
    if (given === undefined) throw new Error("no workload");
    return workloadKind(given).jobs(given, topology, 1);
  }
  const complaint = (parameters: object) => {
    try {
      jobsOf(parameters);
    } catch (error) {
      return (error as Error).message.split("\n")[1]?.trim();
    }
    return "accepted";
  };

  test("by default a job is whole nodes, sleeps, and has neither user nor predecessor", () => {
    expect(jobsOf({ runTime: { kind: "list", values: [{ seconds: 3 }] }, sizes: [{ nodes: 2 }] })[0]).toEqual({
      id: "s1",
      submitSeconds: 0,
      nodes: 2,
      ranksPerNode: 1,
      coresPerRank: 2,
      memoryMiBPerNode: 0,
      gpusPerNode: 0,
      runSeconds: 3,
      walltimeSeconds: 11,
      body: { kind: "sleep", seconds: 3 },
    });
  });

  test("users, dependencies, GPUs and memory, as asked", () => {
    const jobs = jobsOf({
      ...{ jobs: 400, sizes: [{ nodes: 1 }], users: { count: 4 }, dependencies: { share: 0.5 } },
      ...{ gpus: [{ gpusPerNode: 0 }, { gpusPerNode: 2 }], memory: [{ memoryMiBPerNode: 100 }] },
    });
    expect(new Set(jobs.map(({ user }) => user))).toEqual(new Set(["u1", "u2", "u3", "u4"]));
    expect(new Set(jobs.map(({ gpusPerNode }) => gpusPerNode))).toEqual(new Set([0, 2]));
    expect(new Set(jobs.map(({ memoryMiBPerNode }) => memoryMiBPerNode))).toEqual(new Set([100]));
    const place = new Map(jobs.map(({ id }, i) => [id, i]));
    const pairs = jobs.flatMap(({ after = [] }, i) => after.map((id) => [place.get(id) ?? Number.POSITIVE_INFINITY, i] as const));
    expect(pairs.length).toBeGreaterThan(150);
    expect(pairs.every(([before, i]) => before < i)).toBe(true);
  });

  test("who asks for other users, estimates or bodies gets the same arrivals, sizes and run times", () => {
    const shape = (parameters: object) =>
      jobsOf(parameters).map(({ submitSeconds, nodes, runSeconds }) => [submitSeconds, nodes, runSeconds]);
    const others = {
      users: { count: 5 },
      walltime: { kind: "modal" },
      dependencies: { share: 1 },
      body: { kind: "spin" },
      graceSeconds: 60,
    };
    expect(shape(others)).toEqual(shape({}));
  });

  test("an MPI program has one rank on each core and is given no time", () => {
    expect(jobsOf({ body: { kind: "mpi", program: "ring", arguments: ["8"] } })[0]).toMatchObject({
      ranksPerNode: 2,
      coresPerRank: 1,
      body: { kind: "mpi", program: "ring", arguments: ["8"], files: {}, outputFile: null },
    });
  });

  test("modal estimates are of the time that the run stands for", () => {
    // 20 s at 60 stand for 20 min, so that limits are the round times ÷ 60, and 5 s of grace.
    const limits = jobsOf({
      ...{ jobs: 50, runTime: { kind: "list", values: [{ seconds: 20 }] }, walltime: { kind: "modal" }, timeCompression: 60 },
    }).map(({ walltimeSeconds }) => walltimeSeconds - 5);
    expect(limits.every((limit) => [20, 30, 40, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 900, 1080].includes(limit))).toBe(true);
    expect(new Set(limits).size).toBeGreaterThan(3);
  });

  test.each<[object, string]>([
    [{ sizes: [{ nodes: 7 }] }, "workloads[0].sizes[0].nodes: 7 nodes, the topology has 6 compute nodes"],
    [
      { sizes: [{ nodes: 3 }], gpus: [{ gpusPerNode: 2 }] },
      "workloads[0].gpus[0].gpusPerNode: 2 GPUs on each of 3 nodes, the topology has 2 such nodes",
    ],
    [
      { sizes: [{ nodes: 4 }], memory: [{ memoryMiBPerNode: 2000 }] },
      "workloads[0].memory[0].memoryMiBPerNode: 2000 MiB on each of 4 nodes, the topology has 2 such nodes",
    ],
    [{ runTime: { kind: "exponential", meanSeconds: 9, maxSeconds: 3 } }, "workloads[0].runTime.meanSeconds: 9 is above maxSeconds, 3"],
    [{ runTime: { minSeconds: 30 } }, "workloads[0].runTime.minSeconds: 30 is above maxSeconds, 20"],
    [
      { runTime: { kind: "hyper-gamma", first: { shape: 1, scale: 1 }, second: { shape: 20, scale: 1 }, probability: 1, maxSeconds: 100 } },
      "workloads[0].runTime.second: e^(20 · 1) is above maxSeconds, 100",
    ],
    [
      { runTime: { maxSeconds: 80_000 }, walltime: { kind: "factor", factor: 100 } },
      "workloads[0].walltime.factor: 100 × 80000 s is above 30 days",
    ],
    [{ runTime: { kind: "pareto" } }, 'workloads[0].runTime.kind: "pareto" is not one of'],
    [{ body: { kind: "mpi", program: "a b" } }, 'workloads[0].body.program: "a b" does not match'],
  ])("%j is refused", (parameters, expected) => {
    expect(complaint(parameters)).toContain(expected);
  });
});
