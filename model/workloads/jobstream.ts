import * as z from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { arrival, arrivals } from "../stream/arrival.ts";
import { body } from "../stream/body.ts";
import { milli, timeCompression } from "../stream/compression.ts";
import { dependencies, predecessorOf } from "../stream/dependencies.ts";
import { drafted } from "../stream/job.ts";
import { capacityOf, load, withLoad } from "../stream/load.ts";
import { uniforms } from "../stream/random.ts";
import { longest, runTime, runTimeProblems, runTimes } from "../stream/run-time.ts";
import { gpus, memory, powersOfTwo, sizeProblems, sizes } from "../stream/size.ts";
import { userOf, users } from "../stream/users.ts";
import { estimator, graceSeconds, walltime } from "../stream/walltime.ts";
import { pick } from "../stream/weighted.ts";
import type { Topology } from "../topology.ts";
import type { WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("jobstream"),
    jobs: z.int().min(10).max(100_000).default(40).describe("Jobs in the stream; the warm-up among them is left out of every figure."),
    load: load.default(0.85).describe("Offered load ρ: Σ run time · nodes ÷ (compute nodes · last arrival)."),
    arrival: arrival.default({ kind: "poisson" }).describe("Distribution of the times between arrivals."),
    sizes,
    memory,
    gpus,
    runTime,
    walltime: walltime
      .prefault({ kind: "factor" })
      .describe("How well users guess: exact; a factor; or modal, the round values that users type."),
    graceSeconds,
    users,
    dependencies,
    body,
    timeCompression: timeCompression.describe(
      "How many seconds one second of the run stands for; τ of the bounded slowdown is 10 s ÷ this. The times above are the run's own.",
    ),
    ...repeated,
  })
  .describe("A seeded synthetic stream of jobs: how long they wait (α), how much idles meanwhile (β).");

type Parameters = z.output<typeof parameters>;

const mostWalltimeSeconds = 2_592_000;

function problems(given: Parameters, topology: Topology): Problem[] {
  const { runTime, walltime } = given;
  const found = [
    ...sizeProblems(given, topology),
    ...runTimeProblems(runTime).map(({ path, message }) => ({ path: ["runTime", ...path], message })),
  ];
  if (walltime.kind === "factor" && walltime.factor * longest(runTime) > mostWalltimeSeconds)
    found.push({ path: ["walltime", "factor"], message: `${walltime.factor} × ${longest(runTime)} s is above 30 days` });
  return found;
}

function jobs(given: Parameters, topology: Topology, seed: number): Job[] {
  const machine = capacityOf(topology);
  const uniform = uniforms(seed);
  const sizes = given.sizes ?? powersOfTwo(machine.nodes);
  const draw = runTimes(given.runTime, uniform.runTime);
  const estimate = estimator(given.walltime, uniform.walltime);
  const user = userOf(given.users, uniform.user);
  const predecessor = predecessorOf(given.dependencies, uniform.dependency);
  const id = (i: number) => `s${i + 1}`;
  const drafts = arrivals(given.arrival, given.jobs, uniform.arrival).map((submitSeconds, i) => {
    const runSeconds = milli(draw());
    const before = predecessor(i);
    const { weight: _weight, ...size } = pick(uniform.size, sizes);
    return {
      id: id(i),
      submitSeconds,
      runSeconds,
      estimateSeconds: estimate(runSeconds * given.timeCompression) / given.timeCompression,
      memoryMiBPerNode: pick(uniform.memory, given.memory).memoryMiBPerNode,
      gpusPerNode: pick(uniform.gpus, given.gpus).gpusPerNode,
      ...size,
      ...user(),
      after: before === null ? [] : [id(before)],
    };
  });
  return withLoad(drafts, machine, given.load).map(drafted(topology, given));
}

export const jobstream = {
  parameters,
  purpose: "stream",
  debianPackages: [],
  problems,
  timeCompression: ({ timeCompression }) => timeCompression,
  jobs,
  figuresOfMerit: () => ({ valid: false, reason: "jobstream computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
