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

/** Classes by which jobs are compared, from small to large, and the most nodes of each. */
const classes: readonly (readonly [string, number])[] = [
  ["one node", 1],
  ["2 to 4 nodes", 4],
  ["5 to 16 nodes", 16],
  ["17 to 64 nodes", 64],
  ["over 64 nodes", Number.POSITIVE_INFINITY],
];

export const sizeClasses: readonly string[] = ["below a node", ...classes.map(([name]) => name)];

export function sizeClass(job: Pick<LogJob, "nodes" | "cpus">, machine: LogMachine): string {
  if (isBelowNode(job, machine)) return "below a node";
  const nodes = wholeNodes(job, machine);
  return classes.find(([, most]) => nodes <= most)?.[0] ?? "over 64 nodes";
}
