import type { Job } from "./job.ts";
import type { Allocation } from "./scheduler.ts";
import { computeNodes, schedulableMemoryMiB, type Topology } from "./topology.ts";

/** What jobs run on, as the scheduler counts it. */
export interface Machine {
  readonly nodes: readonly MachineNode[];
  readonly allocation: Allocation;
}

export interface MachineNode {
  readonly name: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly gpus: number;
}

export const machineOf = (topology: Topology, allocation: Allocation): Machine => ({
  nodes: computeNodes(topology).map((node) => ({
    name: node.name,
    cores: node.cpus,
    memoryMiB: schedulableMemoryMiB(node),
    gpus: node.gpus,
  })),
  allocation,
});

export const coresPerNode = ({ ranksPerNode, coresPerRank }: Job): number => ranksPerNode * coresPerRank;

/** What there is to give away: nodes, or cores where jobs share nodes. */
export const capacity = ({ nodes, allocation }: Machine): number =>
  allocation.unit === "node" ? nodes.length : nodes.reduce((sum, { cores }) => sum + cores, 0);

/** How much of that a job holds while it runs. */
export const unitsOf = (job: Job, { allocation }: Machine): number =>
  allocation.unit === "node" ? job.nodes : job.nodes * coresPerNode(job);
