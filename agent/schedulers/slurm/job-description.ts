import { readFileSync } from "node:fs";
import { getPriority, hostname } from "node:os";
import type { Job } from "../../../model/job.ts";
import { scriptOf } from "../../bodies.ts";
import { jobOutput, work } from "../../paths.ts";
import { type Account, environmentOf } from "../../process.ts";
import type { Place } from "../../scheduler.ts";
import type { JobDescription } from "./submitters.ts";

/** What a job is told of the process that submits it: variables, by name. */
export type Submitting = Readonly<Record<string, string | number>>;

/** What is known of a job only when it is submitted. */
export interface Circumstances {
  /** Whose job it is. */
  readonly owner: Account;
  readonly submitting: Submitting;
  readonly place?: Place | undefined;
  /** Slurm's numbers of the jobs that must have ended before. */
  readonly after: readonly number[];
  /** What Slurm calls CPUs of one core: its hardware threads; one where it is not given. */
  readonly threadsPerCore?: number;
}

/**
 * A job as sbatch (Slurm 24.11) describes it to slurmctld, field by field and variable by variable, when the job's user
 * runs it in an environment that has nothing of Slurm's.
 */
export function describeJob(job: Job, { owner, submitting, place, after, threadsPerCore = 1 }: Circumstances): JobDescription {
  const { id, nodes, ranksPerNode, coresPerRank, memoryMiBPerNode, gpusPerNode, walltimeSeconds } = job;
  const script = scriptOf(job, launcher(job));
  const ranks = nodes * ranksPerNode;
  const cpusPerRank = coresPerRank * threadsPerCore;
  const queue = place?.queue ?? job.queue;
  const variables = {
    ...environmentOf(owner),
    ...submitting,
    ...launchers,
    SLURM_TRES_PER_TASK: `cpu=${cpusPerRank}`,
    SLURM_CPUS_PER_TASK: cpusPerRank,
    SLURM_NTASKS_PER_NODE: ranksPerNode,
  };
  return {
    name: id,
    user_id: owner.uid,
    group_id: owner.gid,
    min_nodes: nodes,
    max_nodes: nodes,
    num_tasks: ranks,
    ntasks_per_node: ranksPerNode,
    cpus_per_task: cpusPerRank,
    tres_per_task: variables.SLURM_TRES_PER_TASK,
    min_cpus: ranks * cpusPerRank,
    ...(memoryMiBPerNode > 0 ? { pn_min_memory: memoryMiBPerNode } : {}),
    ...(gpusPerNode > 0 ? { tres_per_node: `gres/gpu:${gpusPerNode}` } : {}),
    ...(place === undefined ? {} : { req_nodes: place.nodes.join(",") }),
    ...(queue === undefined ? {} : { partition: queue }),
    ...(job.qos === undefined ? {} : { qos: job.qos }),
    ...(after.length === 0 ? {} : { dependency: `afterany:${after.join(":")}` }),
    // Slurm counts walltime in whole minutes.
    time_limit: Math.ceil(walltimeSeconds / 60),
    // A requeued job would be counted twice.
    requeue: 0,
    work_dir: work,
    std_in: "/dev/null",
    std_out: jobOutput(id),
    script: script.text,
    argv: [script.name, ...script.arguments],
    environment: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  };
}

/** Starts the ranks of an MPI program on the job's nodes, one on each core or group of cores. */
const launcher = ({ coresPerRank }: Job) => ["srun", "--mpi=pmix", `--cpus-per-task=${coresPerRank}`, "--cpu-bind=cores"];

/** How other launchers, where a job calls them, are to start their daemons on the job's nodes. */
const launchers = {
  OMPI_MCA_plm_slurm_args: "--external-launcher",
  PRTE_MCA_plm_slurm_args: "--external-launcher",
  HYDRA_BOOTSTRAP: "slurm",
  HYDRA_LAUNCHER_EXTRA_ARGS: "--external-launcher",
  I_MPI_HYDRA_BOOTSTRAP: "slurm",
  I_MPI_HYDRA_BOOTSTRAP_EXEC_EXTRA_ARGS: "--external-launcher",
};

/** What this process tells of itself, for Slurm hands its limits on to the jobs (slurm.conf(5), PropagateResourceLimits). */
export const submittingHere = (): Submitting => ({
  ...limitVariables(readFileSync("/proc/self/limits", "utf8")),
  SLURM_UMASK: /^Umask:\s+(\d+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0022",
  SLURM_PRIO_PROCESS: getPriority(),
  SLURM_SUBMIT_DIR: "/",
  SLURM_SUBMIT_HOST: hostname(),
});

/** The limits that Slurm hands on, as /proc/self/limits calls them. */
const limits = {
  CPU: "cpu time",
  FSIZE: "file size",
  DATA: "data size",
  STACK: "stack size",
  CORE: "core file size",
  RSS: "resident set",
  NPROC: "processes",
  NOFILE: "open files",
  MEMLOCK: "locked memory",
  AS: "address space",
};

/** The kernel's RLIM_INFINITY, as a number. */
const infinity = "18446744073709551615";

/** /proc/self/limits → SLURM_RLIMIT_CPU and its like, the soft ones. */
export function limitVariables(text: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, words]) => {
      const soft = new RegExp(`^Max ${words}\\s+(\\S+)`, "m").exec(text)?.[1];
      return soft === undefined ? [] : [[`SLURM_RLIMIT_${name}`, soft === "unlimited" ? infinity : soft]];
    }),
  );
}
