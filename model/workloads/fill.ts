import * as z from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { body } from "../stream/body.ts";
import { milli } from "../stream/compression.ts";
import { drafted } from "../stream/job.ts";
import { capacityOf, workOf } from "../stream/load.ts";
import { uniforms } from "../stream/random.ts";
import { runTime, runTimeProblems, runTimes } from "../stream/run-time.ts";
import { powersOfTwo, sizeProblems, sizes } from "../stream/size.ts";
import { userOf, users } from "../stream/users.ts";
import { estimator, graceSeconds, walltime } from "../stream/walltime.ts";
import { pick } from "../stream/weighted.ts";
import type { Topology } from "../topology.ts";
import type { WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const mostJobs = 100_000;

const parameters = z
  .strictObject({
    kind: z.literal("fill"),
    machineSeconds: z
      .number()
      .min(1)
      .max(86_400)
      .default(120)
      .describe("The backlog's work: how long the whole machine would be busy with it, if no node ever idled."),
    sizes,
    runTime,
    walltime: walltime
      .prefault({ kind: "factor" })
      .describe("How well users guess: exact; a factor; or modal, the round values that users type."),
    graceSeconds,
    users,
    body,
    ...repeated,
  })
  .describe("A backlog of mixed jobs, all submitted at once, worked off: how much idles while work that fits is waiting (β).");

type Parameters = z.output<typeof parameters>;

function problems(given: Parameters, topology: Topology): Problem[] {
  const found = [
    ...sizeProblems(given, topology),
    ...runTimeProblems(given.runTime).map(({ path, message }) => ({ path: ["runTime", ...path], message })),
  ];
  if (found.length > 0 || jobs(given, topology, given.seed).length < mostJobs) return found;
  return [
    {
      path: ["machineSeconds"],
      message: `${given.machineSeconds} takes ${mostJobs} jobs of these run times or more, the most is below that`,
    },
  ];
}

/** Jobs are drawn until their work reaches the machine's for that time, so that the last one goes a little over it. */
function jobs(given: Parameters, topology: Topology, seed: number): Job[] {
  const machine = capacityOf(topology);
  const uniform = uniforms(seed);
  const sizes = given.sizes ?? powersOfTwo(machine.nodes);
  const draw = runTimes(given.runTime, uniform.runTime);
  const estimate = estimator(given.walltime, uniform.walltime);
  const user = userOf(given.users, uniform.user);
  const toJob = drafted(topology, given);
  const backlog: Job[] = [];
  for (let left = given.machineSeconds * machine.nodes; left > 0 && backlog.length < mostJobs; ) {
    const runSeconds = milli(draw());
    const { weight: _weight, ...size } = pick(uniform.size, sizes);
    const id = `f${backlog.length + 1}`;
    backlog.push(toJob({ id, submitSeconds: 0, ...size, runSeconds, estimateSeconds: estimate(runSeconds), ...user() }));
    left -= workOf({ ...size, runSeconds }, machine);
  }
  return backlog;
}

export const fill = {
  parameters,
  purpose: "fill",
  debianPackages: [],
  problems,
  jobs,
  figuresOfMerit: () => ({ valid: false, reason: "fill computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
