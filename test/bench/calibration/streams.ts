import type { Job } from "../../../model/job.ts";
import { parse } from "../../../model/problem.ts";
import { topology } from "../../../model/topology.ts";
import { jobstream } from "../../../model/workloads/jobstream.ts";

/** A stream of the workload `jobstream` with its own defaults, for a machine of so many nodes. */
export function stream(jobs: number, load: number, machineNodes: number, seed: number, more: object = {}): Job[] {
  const parameters = parse("workload", jobstream.parameters, { kind: "jobstream", jobs, load, ...more });
  return jobstream.jobs(parameters, parse("topology", topology, { compute: [{ count: machineNodes }] }), seed);
}
