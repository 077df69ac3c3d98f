import { randomGamma } from "d3-random";
import { gammaln } from "simple-statistics";
import * as z from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { body } from "../stream/body.ts";
import { milli, timeCompression } from "../stream/compression.ts";
import { coreShapes, coresOfAnyNode } from "../stream/cores.ts";
import { dependencies, predecessorOf } from "../stream/dependencies.ts";
import { drafted } from "../stream/job.ts";
import { capacityOf, load, withLoad } from "../stream/load.ts";
import { type Uniform, uniforms } from "../stream/random.ts";
import { hyperGammas } from "../stream/run-time.ts";
import { userOf, users } from "../stream/users.ts";
import { estimator, graceSeconds, walltime } from "../stream/walltime.ts";
import type { Topology } from "../topology.ts";
import type { WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const probability = z.number().min(0).max(1);
const log2 = z.number().min(0).max(20);
const exponent = z.number().positive().max(20);
const gamma = (shape: number, scale: number) =>
  z
    .strictObject({ shape: z.number().positive().max(10_000).default(shape), scale: z.number().positive().max(100).default(scale) })
    .prefault({});

const size = z
  .strictObject({
    unit: z
      .enum(["nodes", "cores"])
      .optional()
      .describe("What one of the model's processors is: a whole node, where it is not given, or a core, so that jobs share nodes."),
    serialProbability: probability.default(0.244).describe("Jobs of one processor."),
    powerOfTwoProbability: probability.default(0.576).describe("Parallel jobs whose size is rounded to a power of two."),
    low: log2.default(0.8).describe("log₂ of the smallest parallel job; a little below 1, or jobs of two processors were too few."),
    medium: log2
      .optional()
      .describe("Where the two stages meet; 2.5 below high where it is not given, as 4.5 is on the paper's 128 processors."),
    high: log2.optional().describe("log₂ of the largest job; the machine's where it is not given."),
    lowProbability: probability.default(0.86).describe("Of the stage from low to medium."),
  })
  .prefault({})
  .describe("Processors of a job: serial, else 2 to the power of a two-stage uniform number.");

const runTime = z
  .strictObject({
    first: gamma(4.2, 0.94),
    second: gamma(312, 0.03),
    probabilityPerNode: z.number().min(-1).max(1).default(-0.0054),
    probabilityAtZero: z.number().min(-10).max(10).default(0.78),
    maxExponent: exponent.default(12).describe("A larger exponent is drawn again: e¹² s are 45 hours."),
  })
  .prefault({})
  .describe(
    "Run time in seconds: e to the power of one of two Γ(shape, scale), of the first with a probability that falls with the nodes.",
  );

const arrival = z
  .strictObject({
    interval: gamma(10.2303, 0.4871).describe("The logarithm of an interval in the rush hours, in seconds."),
    rushToAllRatio: z.number().positive().max(10).default(1.0225).describe("Factor on that shape, which makes it right for all hours."),
    maxExponent: exponent.default(13).describe("A larger exponent is drawn again: e¹³ s are 5 days."),
    day: gamma(8.1737, 3.9631).describe("How arrivals spread over a day's 48 half hours."),
    startHour: z.number().min(0).max(23.5).default(0).describe("Time of day at which the stream begins."),
  })
  .prefault({})
  .describe("Intervals are gamma-distributed in their logarithm, and pass faster in the busy hours of a day.");

const parameters = z
  .strictObject({
    kind: z.literal("lublin"),
    jobs: z.int().min(10).max(100_000).default(200).describe("Jobs in the stream; the warm-up among them is left out of every figure."),
    load: load
      .nullable()
      .default(0.85)
      .describe("Offered load ρ: Σ run time · nodes ÷ (compute nodes · last arrival); null leaves the model's own arrivals."),
    size,
    runTime,
    arrival,
    walltime: walltime
      .prefault({ kind: "modal" })
      .describe("How well users guess: exact; a factor; or modal, the round values that users type."),
    graceSeconds,
    users,
    dependencies,
    body,
    timeCompression: timeCompression.describe(
      "How many seconds of the model one second of the run stands for: arrivals, run times, limits, and τ of the bounded slowdown, are divided by it.",
    ),
    ...repeated,
  })
  .describe("The workload model of Lublin and Feitelson: how long jobs wait (α), how much idles meanwhile (β).");

type Parameters = z.output<typeof parameters>;

function problems({ runTime, arrival, size }: Parameters): Problem[] {
  const tooLarge = (path: PropertyKey[], { shape, scale }: { shape: number; scale: number }, limit: number): Problem[] =>
    shape * scale > limit ? [{ path, message: `its mean, ${shape} · ${scale}, is above maxExponent, ${limit}` }] : [];
  const share = size.serialProbability + size.powerOfTwoProbability;
  return [
    ...tooLarge(["runTime", "first"], runTime.first, runTime.maxExponent),
    ...tooLarge(["runTime", "second"], runTime.second, runTime.maxExponent),
    ...tooLarge(
      ["arrival", "interval"],
      { ...arrival.interval, shape: arrival.interval.shape * arrival.rushToAllRatio },
      arrival.maxExponent,
    ),
    ...(share > 1 ? [{ path: ["size", "powerOfTwoProbability"], message: `with serialProbability it is ${share}, above 1` }] : []),
  ];
}

/** Processors of jobs, at most the machine's. */
export function nodeCounts(given: Parameters["size"], machineProcessors: number, uniform: Uniform): () => number {
  const high = Math.min(given.high ?? Number.POSITIVE_INFINITY, Math.log2(machineProcessors));
  const low = Math.min(given.low, high);
  const medium = Math.min(high, Math.max(low, given.medium ?? high - 2.5));
  return () => {
    const kind = uniform();
    const [from, to] = uniform() < given.lowProbability ? [low, medium] : [medium, high];
    const logarithm = from + (to - from) * uniform();
    if (kind < given.serialProbability) return 1;
    if (kind < given.serialProbability + given.powerOfTwoProbability) return 2 ** Math.min(Math.round(logarithm), Math.floor(high));
    return Math.round(2 ** logarithm);
  };
}

/** Run times in seconds of jobs with so many processors. */
export function runTimesOf(given: Parameters["runTime"], uniform: Uniform): (processors: number) => number {
  const exponents = hyperGammas(given, uniform);
  return (processors) => {
    const first = Math.min(1, Math.max(0, given.probabilityPerNode * processors + given.probabilityAtZero));
    let value = exponents(first);
    while (value > given.maxExponent) value = exponents(first);
    return Math.exp(value);
  };
}

const halfHours = 48;
const halfHourSeconds = 1800;

/**
 * How many jobs arrive in each half hour from midnight, relative to the mean of 1: the mass of Γ(shape, scale) over each
 * of 48 steps that begin in the 11th half hour, where the paper lets its day begin.
 */
export function dayWeights({ shape, scale }: { readonly shape: number; readonly scale: number }): number[] {
  const density = (x: number) => (x <= 0 ? 0 : Math.exp((shape - 1) * Math.log(x / scale) - x / scale - gammaln(shape)) / scale);
  const dayBegins = 11;
  const weights = new Array<number>(halfHours).fill(0);
  for (let step = dayBegins; step < dayBegins + halfHours; step++)
    weights[(step - 1) % halfHours] = integral(density, step - 0.5, step + 0.5);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / halfHours;
  return weights.map((weight) => weight / mean);
}

/** Simpson's rule over twenty panels. */
function integral(f: (x: number) => number, from: number, to: number): number {
  const panels = 20;
  const width = (to - from) / panels;
  const sum = Array.from({ length: panels + 1 }, (_, i) => (i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2) * f(from + i * width));
  return (width / 3) * sum.reduce((total, term) => total + term, 0);
}

/**
 * Times of arrival in seconds after the stream's beginning. An interval of x seconds uses up x ÷ 1800 of the day's
 * weights, so the arrival is where the weights' sum since the beginning reaches the sum of all intervals.
 */
export function arrivalTimes(given: Parameters["arrival"], uniform: Uniform): () => number {
  const interval = randomGamma.source(uniform)(given.interval.shape * given.rushToAllRatio, given.interval.scale);
  const weights = dayWeights(given.day);
  let bucket = Math.floor(given.startHour * 2);
  let bucketBegins = -halfHourSeconds * (given.startHour * 2 - bucket);
  /** Of the current half hour, in weights. */
  let used = (-bucketBegins / halfHourSeconds) * (weights[bucket] ?? 0);
  return () => {
    let exponent = interval();
    while (exponent > given.maxExponent) exponent = interval();
    used += Math.exp(exponent) / halfHourSeconds;
    for (let weight = weights[bucket] ?? 0; used > weight; weight = weights[bucket] ?? 0) {
      used -= weight;
      bucket = (bucket + 1) % halfHours;
      bucketBegins += halfHourSeconds;
    }
    return bucketBegins + (halfHourSeconds * used) / (weights[bucket] ?? 1);
  };
}

/**
 * The model of U. Lublin and D. G. Feitelson, "The workload on parallel supercomputers: modeling the characteristics of
 * rigid jobs", JPDC 63(11), 2003 (technical report 1999), with the parameters of its variant without job types.
 *
 * Simplified: batch and interactive jobs are not told apart; on a machine that is no power of two, a power of two is
 * never rounded up beyond it; where the load is set, the daily cycle is stretched with the arrivals; the model has
 * neither users nor estimates, which come from model/stream/.
 */
function jobs(given: Parameters, topology: Topology, seed: number): Job[] {
  const machine = capacityOf(topology);
  const uniform = uniforms(seed);
  const isShared = given.size.unit === "cores";
  const processorsOf = nodeCounts(given.size, machine.nodes * (isShared ? coresOfAnyNode(topology) : 1), uniform.size);
  const shape = coreShapes(topology);
  const runTimeOf = runTimesOf(given.runTime, uniform.runTime);
  const arrivesAt = arrivalTimes(given.arrival, uniform.arrival);
  const estimate = estimator(given.walltime, uniform.walltime);
  const user = userOf(given.users, uniform.user);
  const predecessor = predecessorOf(given.dependencies, uniform.dependency);
  const compressed = (seconds: number) => seconds / given.timeCompression;
  const id = (i: number) => `l${i + 1}`;
  const begins = arrivesAt();
  const drafts = Array.from({ length: given.jobs }, (_, i) => {
    const submitSeconds = i === 0 ? 0 : compressed(arrivesAt() - begins);
    const processors = processorsOf();
    const modelled = runTimeOf(processors);
    const before = predecessor(i);
    return {
      id: id(i),
      submitSeconds,
      ...((isShared ? shape(processors) : null) ?? { nodes: processors }),
      runSeconds: milli(compressed(modelled)),
      estimateSeconds: compressed(estimate(modelled)),
      ...user(),
      after: before === null ? [] : [id(before)],
    };
  });
  return (given.load === null ? drafts : withLoad(drafts, machine, given.load)).map(drafted(topology, given));
}

export const lublin = {
  parameters,
  purpose: "stream",
  debianPackages: [],
  problems,
  timeCompression: ({ timeCompression }) => timeCompression,
  jobs,
  figuresOfMerit: () => ({ valid: false, reason: "lublin computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
