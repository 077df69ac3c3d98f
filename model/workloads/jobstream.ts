import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { z } from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { computeNodes, type Topology } from "../topology.ts";
import type { WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const arrival = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("poisson") }),
  z.strictObject({
    kind: z.literal("weibull"),
    shape: z.number().min(0.1).max(10).describe("Below 1: bursty; 1: Poisson; above 1: regular."),
  }),
]);

const size = z.strictObject({ nodes: z.int().min(1).max(250), weight: z.number().positive().max(1e6).default(1) });

const runTime = z.strictObject({
  minSeconds: z.number().min(0.01).max(86_400).default(1),
  maxSeconds: z.number().min(0.01).max(86_400).default(20),
});

const parameters = z
  .strictObject({
    kind: z.literal("jobstream"),
    jobs: z.int().min(10).max(100_000).default(40).describe("Jobs in the stream; of ten, one at each end is left out of the means."),
    load: z.number().positive().max(2).default(0.85).describe("Offered load ρ: Σ run time · nodes ÷ (compute nodes · last arrival)."),
    arrival: arrival.default({ kind: "poisson" }).describe("Distribution of the times between arrivals."),
    sizes: z
      .array(size)
      .min(1)
      .max(64)
      .optional()
      .describe("Nodes of a job, with weights; powers of two up to the machine, equally likely, where not given."),
    runTime: runTime.prefault({}).describe("Log-uniform between the two."),
    walltimeFactor: z.number().min(1).max(1000).default(2).describe("Walltime limit ÷ nominal run time: how well users guess."),
    timeCompression: z
      .number()
      .min(1)
      .max(10_000)
      .default(1)
      .describe("How many seconds one second of the run stands for; τ of the bounded slowdown is 10 s ÷ this."),
    ...repeated,
  })
  .describe("A seeded synthetic stream of jobs: how long they wait (α), how much idles meanwhile (β).");

type Parameters = z.output<typeof parameters>;

function problems({ sizes, runTime, walltimeFactor }: Parameters, topology: Topology): Problem[] {
  const machine = computeNodes(topology).length;
  const found = (sizes ?? []).flatMap(({ nodes }, i) =>
    nodes > machine ? [{ path: ["sizes", i, "nodes"], message: `${nodes} nodes, the topology has ${machine} compute nodes` }] : [],
  );
  if (runTime.minSeconds > runTime.maxSeconds)
    found.push({ path: ["runTime", "minSeconds"], message: `${runTime.minSeconds} is above maxSeconds, ${runTime.maxSeconds}` });
  if (walltimeFactor * runTime.maxSeconds > 2_592_000)
    found.push({ path: ["walltimeFactor"], message: `${walltimeFactor} × ${runTime.maxSeconds} s is above 30 days` });
  return found;
}

/** 1, 2, 4 … up to the machine. */
const powersOfTwo = (machine: number) =>
  Array.from({ length: Math.floor(Math.log2(machine)) + 1 }, (_, i) => ({ nodes: 2 ** i, weight: 1 }));

/** Inverse distribution functions of u in [0, 1), with mean or scale 1: the load's scaling sets the rest. */
const interArrival = (u: number, kind: Parameters["arrival"]) => (-Math.log1p(-u)) ** (kind.kind === "weibull" ? 1 / kind.shape : 1);
const logUniform = (u: number, { minSeconds, maxSeconds }: Parameters["runTime"]) => minSeconds * (maxSeconds / minSeconds) ** u;

function pick(u: number, sizes: readonly { nodes: number; weight: number }[]): number {
  let left = u * sizes.reduce((sum, size) => sum + size.weight, 0);
  for (const size of sizes) {
    left -= size.weight;
    if (left < 0) return size.nodes;
  }
  return (sizes.at(-1) as { nodes: number }).nodes;
}

const milli = (seconds: number) => Math.round(seconds * 1000) / 1000;

function jobs(given: Parameters, topology: Topology, seed: number): Job[] {
  const compute = computeNodes(topology);
  const cores = Math.min(...compute.map((node) => node.cpus));
  const sizes = given.sizes ?? powersOfTwo(compute.length);
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  let clock = 0;
  const drawn = Array.from({ length: given.jobs }, () => {
    const arrives = clock;
    clock += interArrival(uniform(), given.arrival);
    return { arrives, nodes: pick(uniform(), sizes), runSeconds: milli(logUniform(uniform(), given.runTime)) };
  });
  const work = drawn.reduce((sum, job) => sum + job.runSeconds * job.nodes, 0);
  const lastArrival = (drawn.at(-1) as { arrives: number }).arrives;
  const stretch = work / (compute.length * given.load * lastArrival);
  return drawn.map(({ arrives, nodes, runSeconds }, i) => ({
    id: `s${i + 1}`,
    submitSeconds: milli(arrives * stretch),
    nodes,
    ranksPerNode: 1,
    coresPerRank: cores,
    memoryMiBPerNode: 0,
    gpusPerNode: 0,
    runSeconds,
    walltimeSeconds: Math.ceil(runSeconds * given.walltimeFactor),
    body: { kind: "sleep", seconds: runSeconds },
  }));
}

export const jobstream = {
  parameters,
  purpose: "stream",
  debianPackages: [],
  problems,
  jobs,
  figuresOfMerit: () => ({ valid: false, reason: "jobstream computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
