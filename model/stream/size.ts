import * as z from "zod";
import type { Problem } from "../problem.ts";
import { computeNodes, mostNodes, schedulableMemoryMiB, type Topology } from "../topology.ts";
import { weight } from "./weighted.ts";

const nodes = z.int().min(1).max(mostNodes);

export const sizes = z
  .array(z.strictObject({ nodes, weight }))
  .min(1)
  .max(64)
  .optional()
  .describe("Nodes of a job, with weights; powers of two up to the machine, equally likely, where not given.");

export const memory = z
  .array(z.strictObject({ memoryMiBPerNode: z.int().min(0).max(4_194_304), weight }))
  .min(1)
  .max(64)
  .default([{ memoryMiBPerNode: 0, weight: 1 }])
  .describe("Memory that a job asks for on each node, with weights; 0 asks for none.");

export const gpus = z
  .array(z.strictObject({ gpusPerNode: z.int().min(0).max(16), weight }))
  .min(1)
  .max(16)
  .default([{ gpusPerNode: 0, weight: 1 }])
  .describe("GPUs that a job asks for on each node, with weights.");

/** 1, 2, 4 … up to the machine. */
export const powersOfTwo = (machineNodes: number) =>
  Array.from({ length: Math.floor(Math.log2(machineNodes)) + 1 }, (_, i) => ({ nodes: 2 ** i, weight: 1 }));

interface Shapes {
  readonly sizes?: z.output<typeof sizes>;
  readonly memory?: z.output<typeof memory>;
  readonly gpus?: z.output<typeof gpus>;
}

/** Shapes that the machine never has room for, however empty it is: each is drawn by itself, so all must go together. */
export function sizeProblems({ sizes, memory = [], gpus = [] }: Shapes, topology: Topology): Problem[] {
  const machine = computeNodes(topology);
  const all = sizes ?? powersOfTwo(machine.length);
  const widest = Math.max(...all.map((size) => size.nodes));
  const tooWide = all.flatMap(({ nodes }, i) =>
    nodes > machine.length
      ? [{ path: ["sizes", i, "nodes"], message: `${nodes} nodes, the topology has ${machine.length} compute nodes` }]
      : [],
  );
  if (tooWide.length > 0) return tooWide;
  const mostMemory = Math.max(0, ...memory.map((entry) => entry.memoryMiBPerNode));
  const short = (path: PropertyKey[], what: string, fitting: number): Problem[] =>
    fitting < widest ? [{ path, message: `${what} on each of ${widest} nodes, the topology has ${fitting} such nodes` }] : [];
  return [
    ...memory.flatMap(({ memoryMiBPerNode: asked }, i) =>
      short(["memory", i, "memoryMiBPerNode"], `${asked} MiB`, machine.filter((node) => schedulableMemoryMiB(node) >= asked).length),
    ),
    ...gpus.flatMap(({ gpusPerNode: asked }, i) => {
      const fitting = machine.filter((node) => node.gpus >= asked && schedulableMemoryMiB(node) >= mostMemory);
      const beside = mostMemory > 0 ? ` beside ${mostMemory} MiB` : "";
      return asked === 0 ? [] : short(["gpus", i, "gpusPerNode"], `${asked} GPUs${beside}`, fitting.length);
    }),
  ];
}
