import * as z from "zod";

/** Offered load ρ. */
export const load = z.number().positive().max(2);

/** As much of a job as the load needs. */
export interface Offered {
  /** After the first job's. */
  readonly submitSeconds: number;
  readonly nodes: number;
  readonly runSeconds: number;
}

/** Node-seconds of all jobs. */
export const work = (jobs: readonly Offered[]): number => jobs.reduce((sum, { nodes, runSeconds }) => sum + nodes * runSeconds, 0);

/**
 * ρ = Σ run time · nodes ÷ (nodes of the machine · last arrival), no unit; infinite where all arrive at once.
 * @param jobs in order of submission
 */
export const offeredLoad = (jobs: readonly Offered[], machineNodes: number): number =>
  work(jobs) / (machineNodes * (jobs.at(-1)?.submitSeconds ?? 0));

/** The jobs with their arrivals stretched so that they offer `asked`; their run times stay. Needs two times of arrival, and work. */
export function withLoad<Job extends Offered>(jobs: readonly Job[], machineNodes: number, asked: number): Job[] {
  const stretch = offeredLoad(jobs, machineNodes) / asked;
  return jobs.map((job) => ({ ...job, submitSeconds: job.submitSeconds * stretch }));
}
