import * as z from "zod";
import { computeNodes, type Topology } from "../topology.ts";

/** Offered load ρ. */
export const load = z.number().positive().max(2);

/** As much of a job as the load needs. */
export interface Offered {
  /** After the first job's. */
  readonly submitSeconds: number;
  readonly nodes: number;
  /** Cores that it takes of each of them; undefined: all. */
  readonly coresPerNode?: number | undefined;
  readonly runSeconds: number;
}

/** What jobs are offered to. */
export interface Capacity {
  readonly nodes: number;
  /** Mean over the nodes. */
  readonly coresPerNode: number;
}

export function capacityOf(topology: Topology): Capacity {
  const all = computeNodes(topology);
  return { nodes: all.length, coresPerNode: all.reduce((sum, { cpus }) => sum + cpus, 0) / all.length };
}

/** Node-seconds of a job; of one that shares its nodes by the share of their cores that it takes. */
export const workOf = ({ nodes, coresPerNode, runSeconds }: Omit<Offered, "submitSeconds">, machine: Capacity): number =>
  nodes * runSeconds * (coresPerNode === undefined ? 1 : coresPerNode / machine.coresPerNode);

/**
 * ρ = Σ run time · nodes ÷ (nodes of the machine · last arrival), no unit; infinite where all arrive at once.
 * @param jobs in order of submission
 */
export const offeredLoad = (jobs: readonly Offered[], machine: Capacity): number =>
  jobs.reduce((sum, job) => sum + workOf(job, machine), 0) / (machine.nodes * (jobs.at(-1)?.submitSeconds ?? 0));

/** The jobs with their arrivals stretched so that they offer `asked`; their run times stay. Needs two times of arrival, and work. */
export function withLoad<Job extends Offered>(jobs: readonly Job[], machine: Capacity, asked: number): Job[] {
  const stretch = offeredLoad(jobs, machine) / asked;
  return jobs.map((job) => ({ ...job, submitSeconds: job.submitSeconds * stretch }));
}
