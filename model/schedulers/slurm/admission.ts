import type { Job } from "../../job.ts";
import { schedulableMemoryMiB, type Topology } from "../../topology.ts";
import type { SlurmParameters } from "../slurm.ts";
import { groupsOf, type Partition } from "./partition.ts";
import { limitSeconds } from "./time.ts";

type Asked = Pick<Job, "nodes" | "ranksPerNode" | "coresPerRank" | "memoryMiBPerNode" | "gpusPerNode" | "walltimeSeconds" | "queue">;

/** Slurm counts walltime in whole minutes. */
const minutesOf = ({ walltimeSeconds }: Asked) => Math.ceil(walltimeSeconds / 60);

/** Why no job like this one ever starts in a partition, however long it waits; null where it may. */
function lackOf(partition: Partition, topology: Topology, job: Asked): string | null {
  const {
    State = "UP",
    MaxTime,
    MinNodes = 0,
    MaxNodes = Number.POSITIVE_INFINITY,
    MaxCPUsPerNode = Number.POSITIVE_INFINITY,
    MaxMemPerNode,
  } = partition;
  const cores = job.ranksPerNode * job.coresPerRank;
  const minutes = minutesOf(job);
  if (State !== "UP" && State !== "DOWN") return `its State is ${State}`;
  if (State === "DOWN") return "its State is DOWN";
  if (MaxTime !== null && minutes * 60 > limitSeconds(MaxTime)) return `its MaxTime is ${MaxTime}, the job's limit ${minutes} min`;
  if (job.nodes > MaxNodes) return `its MaxNodes is ${MaxNodes}, the job takes ${job.nodes} nodes`;
  if (job.nodes < MinNodes) return `its MinNodes is ${MinNodes}, the job takes ${job.nodes} nodes`;
  if (cores > MaxCPUsPerNode) return `its MaxCPUsPerNode is ${MaxCPUsPerNode}, the job takes ${cores} cores of a node`;
  if (MaxMemPerNode !== undefined && job.memoryMiBPerNode > MaxMemPerNode)
    return `its MaxMemPerNode is ${MaxMemPerNode}, the job takes ${job.memoryMiBPerNode} MiB of a node`;
  const fitting = groupsOf(partition, topology)
    .filter((group) => group.cpus >= cores && schedulableMemoryMiB(group) >= job.memoryMiBPerNode && group.gpus >= job.gpusPerNode)
    .reduce((sum, group) => sum + group.count, 0);
  return fitting >= job.nodes ? null : `it has ${fitting} nodes with ${needs(job, cores)}, the job takes ${job.nodes}`;
}

const needs = ({ memoryMiBPerNode, gpusPerNode }: Asked, cores: number) =>
  [
    `${cores} cores`,
    ...(memoryMiBPerNode > 0 ? [`${memoryMiBPerNode} MiB`] : []),
    ...(gpusPerNode > 0 ? [`${gpusPerNode} GPUs`] : []),
  ].join(", ");

/** What slurmctld would do with a suite's jobs; jobs that name no partition go to the default one. */
export const admission = ({ partitions, MaxJobCount }: SlurmParameters, topology: Topology) => ({
  mostJobs: { count: MaxJobCount, at: "scheduler.MaxJobCount" },
  refusal(job: Asked): string | null {
    const at = partitions.findIndex(({ name, Default }) => (job.queue === undefined ? Default : name === job.queue));
    const partition = partitions[at];
    if (partition === undefined) return `there is no partition "${job.queue}", only ${partitions.map(({ name }) => name).join(", ")}`;
    const lack = lackOf(partition, topology, job);
    if (lack === null) return null;
    const others = partitions.filter((other) => lackOf(other, topology, job) === null).map(({ name }) => name);
    const remedy =
      others.length > 0 ? `partition ${others.join(" or ")} would take it` : "no other partition takes it either: change one, or the job";
    return `scheduler.partitions[${at}], "${partition.name}", does not take it: ${lack}; ${remedy}`;
  },
});
