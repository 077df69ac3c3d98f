import * as z from "zod";
import type { Job } from "../job.ts";
import { uniforms } from "./random.ts";
import { pick, weight } from "./weighted.ts";

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/);

/** Where a workload's jobs go. */
export const queues = z
  .array(
    z.strictObject({
      queue: name.optional().describe("The partition or queue that the job names; none where it is not given."),
      qos: name.optional().describe("The QOS that the job names (Slurm)."),
      weight: weight.default(1),
    }),
  )
  .min(1)
  .max(64)
  .optional()
  .describe("Partitions or queues that jobs name, by share; without it jobs name none and go to the default one.");

/** The jobs with what each names; those that come with a queue, as from a log, keep it. The same for the same seed. */
export function routed(jobs: Job[], given: z.output<typeof queues>, seed: number): Job[] {
  if (given === undefined) return jobs;
  const uniform = uniforms(seed).queue;
  return jobs.map((job) => {
    const { queue, qos } = pick(uniform, given);
    return { ...(queue === undefined ? {} : { queue }), ...(qos === undefined ? {} : { qos }), ...job };
  });
}
