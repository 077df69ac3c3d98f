import * as z from "zod";
import type { Problem } from "../problem.ts";
import { computeNodes, mostNodes, schedulableMemoryMiB, type Topology } from "../topology.ts";
import { weight } from "./weighted.ts";

const memoryMiBPerNode = z.int().min(0).max(4_194_304);
const gpusPerNode = z.int().min(0).max(16);

const size = z.strictObject({
  nodes: z.int().min(1).max(mostNodes).default(1),
  coresPerNode: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe("Cores that it takes of each of them, so that jobs share nodes; whole nodes where it is not given."),
  memoryMiBPerNode: memoryMiBPerNode.optional().describe("Memory of a job of this size on each node, in place of one that `memory` draws."),
  gpusPerNode: gpusPerNode.optional().describe("GPUs of a job of this size on each node, in place of those that `gpus` draws."),
  weight,
});
export type Size = z.output<typeof size>;

export const sizes = z
  .array(size)
  .min(1)
  .max(64)
  .optional()
  .describe("What a job takes, with weights; whole nodes, powers of two up to the machine, equally likely, where not given.");

export const memory = z
  .array(z.strictObject({ memoryMiBPerNode, weight }))
  .min(1)
  .max(64)
  .default([{ memoryMiBPerNode: 0, weight: 1 }])
  .describe("Memory that a job asks for on each node, with weights; 0 asks for none.");

export const gpus = z
  .array(z.strictObject({ gpusPerNode, weight }))
  .min(1)
  .max(16)
  .default([{ gpusPerNode: 0, weight: 1 }])
  .describe("GPUs that a job asks for on each node, with weights.");

/** 1, 2, 4 … whole nodes, up to the machine. */
export const powersOfTwo = (machineNodes: number): Size[] =>
  Array.from({ length: Math.floor(Math.log2(machineNodes)) + 1 }, (_, i) => ({ nodes: 2 ** i, weight: 1 }));

interface Shapes {
  readonly sizes?: z.output<typeof sizes>;
  readonly memory?: z.output<typeof memory>;
  readonly gpus?: z.output<typeof gpus>;
}

/** Shapes that the machine never has room for, however empty it is: what is drawn by itself must go with every size that leaves it open. */
export function sizeProblems({ sizes, memory = [], gpus = [] }: Shapes, topology: Topology): Problem[] {
  const machine = computeNodes(topology);
  const all = sizes ?? powersOfTwo(machine.length);
  const tooWide = all.flatMap(({ nodes }, i) =>
    nodes > machine.length
      ? [{ path: ["sizes", i, "nodes"], message: `${nodes} nodes, the topology has ${machine.length} compute nodes` }]
      : [],
  );
  if (tooWide.length > 0) return tooWide;
  const mostDrawn = Math.max(0, ...memory.map((entry) => entry.memoryMiBPerNode));
  const fitting = ({ coresPerNode = 1, memoryMiBPerNode: asked = 0, gpusPerNode = 0 }: Omit<Size, "nodes" | "weight">) =>
    machine.filter((node) => node.cpus >= coresPerNode && schedulableMemoryMiB(node) >= asked && node.gpus >= gpusPerNode).length;
  const short = (path: PropertyKey[], what: string, has: number, needs: number): Problem[] =>
    has < needs ? [{ path, message: `${what} on each of ${needs} nodes, the topology has ${has} such nodes` }] : [];
  const widest = (leavesOpen: (size: Size) => boolean) => Math.max(0, ...all.filter(leavesOpen).map(({ nodes }) => nodes));
  return [
    ...all.flatMap((size, i) => {
      const { nodes, coresPerNode, memoryMiBPerNode, gpusPerNode } = size;
      const parts = [
        coresPerNode === undefined ? "" : `${coresPerNode} cores`,
        memoryMiBPerNode ? `${memoryMiBPerNode} MiB` : "",
        gpusPerNode ? `${gpusPerNode} GPUs` : "",
      ].filter((part) => part !== "");
      return short(["sizes", i], parts.join(", "), fitting(size), nodes);
    }),
    ...memory.flatMap(({ memoryMiBPerNode }, i) =>
      short(
        ["memory", i, "memoryMiBPerNode"],
        `${memoryMiBPerNode} MiB`,
        fitting({ memoryMiBPerNode }),
        widest((size) => size.memoryMiBPerNode === undefined),
      ),
    ),
    ...gpus.flatMap(({ gpusPerNode }, i) => {
      const beside = mostDrawn > 0 ? ` beside ${mostDrawn} MiB` : "";
      const has = fitting({ gpusPerNode, memoryMiBPerNode: mostDrawn });
      return gpusPerNode === 0
        ? []
        : short(
            ["gpus", i, "gpusPerNode"],
            `${gpusPerNode} GPUs${beside}`,
            has,
            widest((size) => size.gpusPerNode === undefined),
          );
    }),
  ];
}
