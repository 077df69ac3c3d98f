import type * as z from "zod";
import { parametersOfAny } from "../kinds.ts";
import type { WorkloadKind } from "../workload.ts";
import * as all from "./all.ts";

export const workloads = { ...all };

export const workload = parametersOfAny(workloads);
export type Workload = z.output<typeof workload>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const workloadKind = (given: Workload): WorkloadKind => workloads[given.kind];

/**
 * What tells one kernel from another: all of its parameters but how often it runs and from which seed, which change nothing
 * of what it computes. Runs that have one and the same are repetitions of each other.
 */
export function kernelIdentity({ seed: _seed, repetitions: _repetitions, ...kernel }: Workload): string {
  return JSON.stringify(kernel);
}
