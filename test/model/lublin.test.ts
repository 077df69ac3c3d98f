import { mean, sampleVariance } from "simple-statistics";
import { describe, expect, test } from "vitest";
import type { Job } from "../../model/job.ts";
import { uniforms } from "../../model/stream/random.ts";
import { parseTuple } from "../../model/tuple.ts";
import { arrivalTimes, dayWeights, lublin, nodeCounts, runTimesOf } from "../../model/workloads/lublin.ts";

/**
 * Oracles are closed forms of the published parameters, computed with mpmath at 25 digits. A tolerance is four standard
 * errors of the mean, or of the variance, at this sample size and with these seeds: a wrong parameter is many away.
 */
const samples = 100_000;
const fourErrors = (variance: number) => 4 * Math.sqrt(variance / samples);
const draw = (sample: () => number) => Array.from({ length: samples }, sample);

const defaults = lublin.parameters.parse({ kind: "lublin" });

describe("nodes, on the paper's 128", () => {
  const nodes = draw(nodeCounts(defaults.size, 128, uniforms(1).size));
  const share = (of: (nodes: number) => boolean) => nodes.filter(of).length / samples;
  const isPowerOfTwo = (n: number) => n > 1 && Number.isInteger(Math.log2(n));
  const within = (found: number, expected: number) =>
    expect(Math.abs(found - expected), `${found}`).toBeLessThan(fourErrors(expected * (1 - expected)));

  test("serial jobs are 0.244", () => {
    within(
      share((n) => n === 1),
      0.244,
    );
  });

  test("parallel powers of two are 0.576, and those of the other 0.18 that happen to be one: 0.62507", () => {
    within(share(isPowerOfTwo), 0.6250725571942297);
  });

  test("two-stage uniform: the rounded logarithm is 1 in 0.1627 of the powers of two, 7 in 0.028", () => {
    // Of all jobs: 0.576 · P(rounded logarithm) + 0.18 · P(2^logarithm rounds to it), the latter by the same two stages.
    within(
      share((n) => n === 2),
      0.576 * 0.1627027027027027 + 0.18 * ((0.86 * (Math.log2(2.5) - 0.8)) / 3.7),
    );
    within(
      share((n) => n === 128),
      0.576 * 0.028 + 0.18 * ((0.14 * (7 - Math.log2(127.5))) / 2.5),
    );
  });

  test("no job is larger than the machine, of whatever size, and a machine of one has serial jobs only", () => {
    for (const machine of [1, 2, 3, 5, 16, 100, 250]) {
      const counts = Array.from({ length: 2000 }, nodeCounts(defaults.size, machine, uniforms(2).size));
      expect(Math.min(...counts)).toBe(1);
      expect(Math.max(...counts)).toBeLessThanOrEqual(machine);
    }
  });
});

describe("run times", () => {
  const logarithms = (nodes: number) => draw(() => Math.log(runTimeOf(nodes)));
  const runTimeOf = runTimesOf(defaults.runTime, uniforms(1).runTime);

  /** Moments of the two gammas below 12, and how much of each is there. */
  const first = { mass: 0.9983450706746083, mean: 3.932674659250478, variance: 3.573079669911211 };
  const second = { mass: 0.9999978536746764, mean: 9.359994063053911, variance: 0.28078414831869275 };

  /** Moments of the mixture, once what is above 12 has been drawn again. */
  function mixture(p: number) {
    const q = (p * first.mass) / (p * first.mass + (1 - p) * second.mass);
    const expected = q * first.mean + (1 - q) * second.mean;
    const square = q * (first.variance + first.mean ** 2) + (1 - q) * (second.variance + second.mean ** 2);
    return { expected, variance: square - expected ** 2 };
  }

  test.each([
    ["one node: p = 0.7746", 1, 0.7746],
    ["64 nodes: p = 0.4344", 64, 0.4344],
    ["128 nodes: p = 0.0888", 128, 0.0888],
    ["200 nodes: p would be negative and is 0", 200, 0],
  ])("the logarithm's mean and variance, %s", (_, nodes, p) => {
    const values = logarithms(nodes);
    const { expected, variance } = mixture(p);
    expect(Math.abs(mean(values) - expected)).toBeLessThan(fourErrors(variance));
    // The variance's own error, by the sample's fourth moment.
    const centre = mean(values);
    const fourth = mean(values.map((value) => (value - centre) ** 4));
    expect(Math.abs(sampleVariance(values) - variance)).toBeLessThan(fourErrors(fourth - variance ** 2));
    expect(Math.max(...values)).toBeLessThanOrEqual(12);
  });
});

describe("arrivals", () => {
  test("the day's weights are the gamma's masses, the mean 1", () => {
    const weights = dayWeights(defaults.arrival.day);
    expect(weights).toHaveLength(48);
    expect(mean(weights)).toBeCloseTo(1, 12);
    for (const [bucket, weight] of [
      [0, 0.507820724725602],
      [9, 0.17575401034527113],
      [10, 0.16491787324415993],
      [27, 1.8331139006295791],
      [47, 0.5636919148885706],
    ] as const)
      expect(weights[bucket]).toBeCloseTo(weight, 10);
    expect(weights.indexOf(Math.max(...weights))).toBe(27);
  });

  const times = draw(arrivalTimes(defaults.arrival, uniforms(1).arrival));

  test("over many days the mean interval is that of e^Γ(10.2303 · 1.0225, 0.4871) below e¹³: 911.29 s", () => {
    // Standard deviation of one interval: 6342.78 s.
    expect(Math.abs((times.at(-1) ?? 0) / samples - 911.2896120197706)).toBeLessThan(fourErrors(6342.781552391392 ** 2));
  });

  test("each half hour has its share of the arrivals", () => {
    const counts = new Array<number>(48).fill(0);
    for (const time of times) counts[Math.floor(time / 1800) % 48] = (counts[Math.floor(time / 1800) % 48] ?? 0) + 1;
    const weights = dayWeights(defaults.arrival.day);
    // Arrivals come in clusters, so that half hours differ by more than independent draws would: 0.15 of a mean of 1.
    for (const [bucket, count] of counts.entries()) expect(Math.abs((48 * count) / samples - (weights[bucket] ?? 0))).toBeLessThan(0.15);
    const quiet = mean([8, 9, 10, 11].map((bucket) => counts[bucket] ?? 0));
    const busy = mean([26, 27, 28, 29].map((bucket) => counts[bucket] ?? 0));
    expect(busy / quiet).toBeGreaterThan(8);
    expect(busy / quiet).toBeLessThan(13);
  });

  test("a stream that begins at noon begins in the busy hours", () => {
    const expectedFirst = (startHour: number) => {
      const firsts = Array.from({ length: 2000 }, (_, seed) => arrivalTimes({ ...defaults.arrival, startHour }, uniforms(seed).arrival)());
      return mean(firsts.map((time) => Math.min(time, 3600)));
    };
    expect(expectedFirst(13)).toBeLessThan(expectedFirst(4) / 2);
  });
});

describe("against the authors' own program", () => {
  /**
   * Of 10,000 jobs that m_lublin99.c wrote for 256 nodes, with its variant without types: lublin_256.swf in
   * github.com/DIR-LAB/deep-batch-scheduler. It gives whole seconds.
   */
  const theirs = {
    jobs: 10_000,
    serial: 0.2493,
    meanLogarithmOfNodes: 3.624,
    two: 0.0918,
    all: 0.018,
    logarithm: [5.6834, 9.1236] as const,
  };
  const count = 50_000;
  const nodesOf = nodeCounts(defaults.size, 256, uniforms(5).size);
  const runTimeOf = runTimesOf(defaults.runTime, uniforms(5).runTime);
  const nodes = Array.from({ length: count }, nodesOf);
  const logarithms = nodes
    .map((n) => Math.floor(runTimeOf(n)))
    .filter((seconds) => seconds >= 1)
    .map(Math.log);
  const parallel = nodes.filter((n) => n > 1).map(Math.log2);

  /** Four standard errors of the difference of two samples' means. */
  const same = (found: number, reference: number, variance: number) =>
    expect(Math.abs(found - reference), `${found}`).toBeLessThan(4 * Math.sqrt(variance / theirs.jobs + variance / count));
  const share = (n: number) => nodes.filter((one) => one === n).length / count;

  test("as many serial, two-node and machine-wide jobs, and as large parallel ones", () => {
    same(share(1), theirs.serial, 0.1875);
    same(share(2), theirs.two, 0.083);
    same(share(256), theirs.all, 0.018);
    // Of the 7507 parallel ones.
    same(mean(parallel), theirs.meanLogarithmOfNodes, sampleVariance(parallel) / 0.75);
  });

  test("the same mean and variance of the run times' logarithm", () => {
    const [expected, variance] = theirs.logarithm;
    same(mean(logarithms), expected, variance);
    const centre = mean(logarithms);
    same(sampleVariance(logarithms), variance, mean(logarithms.map((value) => (value - centre) ** 4)) - variance ** 2);
  });
});

describe("the workload", () => {
  function jobsOf(parameters: object, seed = 1, count = 16): Job[] {
    const { topology, workloads } = parseTuple({
      topology: { compute: [{ count, cpus: 2 }] },
      scheduler: { kind: "slurm" },
      workloads: [{ kind: "lublin", ...parameters }],
    });
    const [given] = workloads;
    if (given?.kind !== "lublin") throw new Error("no workload");
    return lublin.jobs(given, topology, seed);
  }

  test("has the load that was asked, and without one the model's arrivals", () => {
    const load = (jobs: Job[]) =>
      jobs.reduce((sum, job) => sum + (job.runSeconds ?? 0) * job.nodes, 0) / (16 * (jobs.at(-1)?.submitSeconds ?? 0));
    expect(load(jobsOf({ load: 0.7 }))).toBeCloseTo(0.7, 6);
    const own = arrivalTimes(defaults.arrival, uniforms(1).arrival);
    const [begins, next] = [own(), own()];
    expect(jobsOf({ load: null })[1]?.submitSeconds).toBeCloseTo(next - begins, 3);
  });

  test("compression divides arrivals, run times and limits, and changes neither sizes nor load", () => {
    const [plain, compressed] = [jobsOf({ graceSeconds: 0 }), jobsOf({ graceSeconds: 0, timeCompression: 60 })];
    expect(compressed.map(({ nodes }) => nodes)).toEqual(plain.map(({ nodes }) => nodes));
    plain.forEach((job, i) => {
      expect(compressed[i]?.runSeconds).toBeCloseTo((job.runSeconds ?? 0) / 60, 2);
      expect((compressed[i]?.submitSeconds ?? 0) / (job.submitSeconds / 60 || 1)).toBeCloseTo(i === 0 ? 0 : 1, 3);
      expect(compressed[i]?.walltimeSeconds).toBe(Math.max(1, Math.ceil(job.walltimeSeconds / 60)));
    });
  });

  test("one seed is one stream; sizes and run times do not depend on load, users or estimates", () => {
    expect(jobsOf({}, 3)).toEqual(jobsOf({}, 3));
    expect(jobsOf({}, 3)).not.toEqual(jobsOf({}, 4));
    const shape = (parameters: object) => jobsOf(parameters, 3).map(({ nodes, runSeconds }) => [nodes, runSeconds]);
    expect(shape({ load: 0.5, users: { count: 9 }, walltime: { kind: "exact" }, dependencies: { share: 0.5 } })).toEqual(shape({}));
  });

  test("parameters that would be drawn again for ever are refused", () => {
    expect(() => jobsOf({ runTime: { second: { shape: 500 } } })).toThrow(
      "workloads[0].runTime.second: its mean, 500 · 0.03, is above maxExponent, 12",
    );
    expect(() => jobsOf({ size: { serialProbability: 0.6 } })).toThrow(
      "workloads[0].size.powerOfTwoProbability: with serialProbability it is",
    );
  });
});
