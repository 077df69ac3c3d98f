import * as z from "zod";
import type { Body, Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { computeNodes, schedulableMemoryMiB, type Topology } from "../topology.ts";

/** Keys that every kernel has: where its ranks and their threads go, and how long it may take. */
export const placed = {
  nodes: z.int().min(1).max(250).optional().describe("Nodes it runs on; all where it is not given."),
  ranksPerNode: z.int().min(1).max(64).optional().describe("MPI ranks on each node; as many as the cores allow where it is not given."),
  threadsPerRank: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("Cores of each rank, and its OpenMP and BLAS threads; the node's cores divided by ranksPerNode where it is not given."),
  walltimeSeconds: z.int().min(60).max(2_592_000).default(3600).describe("Limit after which the scheduler ends it."),
};

interface Placed {
  readonly nodes?: number | undefined;
  readonly ranksPerNode?: number | undefined;
  readonly threadsPerRank?: number | undefined;
  readonly walltimeSeconds: number;
}

/** A kernel on a topology whose smallest node has `cores` cores. */
export interface Placement {
  readonly nodes: number;
  readonly ranksPerNode: number;
  readonly threadsPerRank: number;
  /** On all nodes together. */
  readonly ranks: number;
  readonly cores: number;
  /** Compute nodes that there are. */
  readonly machine: number;
  /** What a scheduler may hand out on the nodes together. */
  readonly memoryBytes: number;
}

export function place(given: Placed, topology: Topology): Placement {
  const compute = computeNodes(topology);
  const nodes = given.nodes ?? compute.length;
  const cores = Math.min(...compute.map((node) => node.cpus));
  const ranksPerNode = given.ranksPerNode ?? Math.max(1, Math.floor(cores / (given.threadsPerRank ?? 1)));
  const threadsPerRank = given.threadsPerRank ?? Math.max(1, Math.floor(cores / ranksPerNode));
  const memoryBytes = Math.min(...compute.map(schedulableMemoryMiB)) * 2 ** 20 * nodes;
  return { nodes, ranksPerNode, threadsPerRank, ranks: nodes * ranksPerNode, cores, machine: compute.length, memoryBytes };
}

export function placementProblems({ nodes, ranksPerNode, threadsPerRank, cores, machine }: Placement): Problem[] {
  const found: Problem[] = [];
  if (nodes > machine) found.push({ path: ["nodes"], message: `${nodes} nodes, the topology has ${machine} compute nodes` });
  const has = `a node has ${cores} ${cores === 1 ? "core" : "cores"}`;
  if (ranksPerNode > cores) found.push({ path: ["ranksPerNode"], message: `${ranksPerNode} ranks, ${has}` });
  else if (ranksPerNode * threadsPerRank > cores)
    found.push({ path: ["threadsPerRank"], message: `${ranksPerNode} ranks of ${threadsPerRank} threads, ${has}` });
  return found;
}

/** The most of the nodes' memory that a kernel's data may fill. */
export const memoryLimit = 0.8;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** @param value what the user asked for, as it is to be quoted */
export function memoryProblems(key: string, value: string | number, bytes: number, { nodes, memoryBytes }: Placement): Problem[] {
  if (bytes <= memoryLimit * memoryBytes) return [];
  const message = `${value} needs ${gigabytes(bytes)}, ${nodes === 1 ? "a node has" : `the ${nodes} nodes have`} ${gigabytes(memoryBytes)}, of which ${100 * memoryLimit} % may be used`;
  return [{ path: [key], message }];
}

/** The one job of a kernel. Nobody knows before how long it takes. */
export function kernelJob(id: string, { nodes, ranksPerNode, threadsPerRank }: Placement, { walltimeSeconds }: Placed, body: Body): Job {
  return {
    id,
    submitSeconds: 0,
    nodes,
    ranksPerNode,
    coresPerRank: threadsPerRank,
    memoryMiBPerNode: 0,
    gpusPerNode: 0,
    runSeconds: null,
    walltimeSeconds,
    body,
  };
}
