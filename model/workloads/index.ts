import * as z from "zod";
import type { WorkloadKind } from "../workload.ts";
import { burst } from "./burst.ts";
import { fill } from "./fill.ts";
import { gromacs } from "./gromacs.ts";
import { hpcc } from "./hpcc.ts";
import { hpcg } from "./hpcg.ts";
import { hpl } from "./hpl.ts";
import { jobstream } from "./jobstream.ts";
import { lammps } from "./lammps.ts";
import { lublin } from "./lublin.ts";
import { osu } from "./osu.ts";
import { swf } from "./swf.ts";

/** Every workload that the program knows: a new one is a file beside this and an entry in each of these two. */
export const workloads = { burst, fill, gromacs, hpcc, hpcg, hpl, jobstream, lammps, lublin, osu, swf };

export const workload = z.discriminatedUnion("kind", [
  burst.parameters,
  fill.parameters,
  gromacs.parameters,
  hpcc.parameters,
  hpcg.parameters,
  hpl.parameters,
  jobstream.parameters,
  lammps.parameters,
  lublin.parameters,
  osu.parameters,
  swf.parameters,
]);
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
