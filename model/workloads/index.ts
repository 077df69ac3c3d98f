import type * as z from "zod";
import type { Job } from "../job.ts";
import { parametersOfAny } from "../kinds.ts";
import { routed } from "../stream/queues.ts";
import type { Topology } from "../topology.ts";
import type { WorkloadKind } from "../workload.ts";
import * as all from "./all.ts";

export const workloads = { ...all };

export const workload = parametersOfAny(workloads);
export type Workload = z.output<typeof workload>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const workloadKind = (given: Workload): WorkloadKind => workloads[given.kind];

/** The jobs of one run with the queues that they name. @param excerpt of the file that the kind reads */
export const jobsOf = (given: Workload, topology: Topology, seed: number, excerpt?: string): Job[] =>
  routed(workloadKind(given).jobs(given, topology, seed, excerpt), given.queues, seed);

/**
 * What tells one kernel from another: all of its parameters but how often it runs and from which seed, which change nothing
 * of what it computes. Runs that have one and the same are repetitions of each other.
 */
export function kernelIdentity({ seed: _seed, repetitions: _repetitions, queues: _queues, ...kernel }: Workload): string {
  return JSON.stringify(kernel);
}
