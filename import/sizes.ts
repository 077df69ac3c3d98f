import { nodeClass, nodeClasses } from "../model/size-class.ts";
import type { LogJob } from "./log-job.ts";

/** A machine as a log's jobs are counted against it. */
export interface LogMachine {
  readonly nodes: number;
  /** Of all nodes together. */
  readonly cpus: number;
  /** Of the node that most processors are in. */
  readonly cpusPerNode: number;
  readonly gpusPerNode: number;
}

/** Whole nodes that a job takes where nodes are not shared: as many as it had, and enough for its processors. */
export const wholeNodes = ({ nodes, cpus }: Pick<LogJob, "nodes" | "cpus">, { cpusPerNode }: LogMachine): number =>
  Math.max(nodes ?? 1, Math.ceil((cpus ?? 1) / cpusPerNode), 1);

/** Whether a job leaves a part of its one node to others. */
export const isBelowNode = (job: Pick<LogJob, "nodes" | "cpus">, machine: LogMachine): boolean =>
  wholeNodes(job, machine) === 1 && (job.cpus ?? 1) < machine.cpusPerNode;

/** Classes by which jobs are compared, from small to large. */
export const sizeClasses: readonly string[] = ["below a node", ...nodeClasses];

export const sizeClass = (job: Pick<LogJob, "nodes" | "cpus">, machine: LogMachine): string =>
  isBelowNode(job, machine) ? "below a node" : nodeClass(wholeNodes(job, machine));
