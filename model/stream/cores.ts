import { computeNodes, type Topology } from "../topology.ts";

/** Where a job's cores are: the same number on each of its nodes. */
export interface CoreShape {
  readonly nodes: number;
  readonly coresPerNode: number;
}

/** Cores of the smallest node: as many as a job may ask for on any. */
export const coresOfAnyNode = (topology: Topology): number => Math.min(...computeNodes(topology).map(({ cpus }) => cpus));

/**
 * So many cores on as few nodes as hold them, and on `least` or more; null where no nodes do. Rounded up to the same number on each: 9
 * cores on nodes of 8 are 5 on each of two.
 */
export type CoreShapes = (cores: number, least?: number) => CoreShape | null;

export function coreShapes(topology: Topology): CoreShapes {
  const largestFirst = computeNodes(topology)
    .map(({ cpus }) => cpus)
    .sort((a, b) => b - a);
  return (cores, least = 1) => {
    for (let nodes = Math.min(cores, Math.max(least, 1)); nodes <= largestFirst.length; nodes++) {
      const coresPerNode = Math.ceil(cores / nodes);
      if ((largestFirst[nodes - 1] ?? 0) >= coresPerNode) return { nodes, coresPerNode };
    }
    return null;
  };
}
