import * as z from "zod";
import type { Problem } from "../problem.ts";
import { coreShapes } from "../stream/cores.ts";
import { machineProcessors, type SwfHeader } from "../swf.ts";
import { computeNodes, type Topology } from "../topology.ts";

/** From a log's processors to this machine's nodes or cores. */

export const processors = z.int().min(1).max(100_000_000);

const tooLarge = z.enum(["refuse", "leave-out", "cut"]).default("refuse").describe("What becomes of a job larger than this machine.");

export const mapping = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("proportional"),
      processors: processors.optional().describe("Of the log's machine; its header's MaxProcs, or MaxNodes, where not given."),
      unit: z
        .enum(["nodes", "cores"])
        .optional()
        .describe("What the share is rounded up to: whole nodes, where it is not given, or cores, so that jobs share nodes."),
    }),
    z.strictObject({
      kind: z.literal("nodes"),
      processorsPerNode: processors.default(1).describe("So many of the log's processors are one node here."),
      tooLarge,
    }),
    z.strictObject({
      kind: z.literal("cores"),
      processorsPerCore: processors.default(1).describe("So many of the log's processors are one core here: its hardware threads."),
      tooLarge,
    }),
  ])
  .prefault({ kind: "proportional" })
  .describe(
    "From processors to nodes. proportional: the same share of the machine, rounded up; nodes: processors ÷ processorsPerNode, rounded up to whole nodes; cores: processors ÷ processorsPerCore, on as few nodes as hold them, so that jobs share nodes.",
  );

export type Mapping = z.output<typeof mapping>;

/** What a job takes: whole nodes, or cores of them. */
export interface Taken {
  readonly nodes: number;
  readonly coresPerNode?: number;
}

/** What a job of so many processors takes, or why it cannot be had. `nodes`: on how many it ran, where the log says. */
export type Mapper = (processors: number, nodes?: number) => Taken | Problem | "leave-out";

export function mapper(mapping: Mapping, topology: Topology, header: SwfHeader): Mapper {
  const machine = computeNodes(topology);
  const machineNodes = machine.length;
  const machineCores = machine.reduce((sum, { cpus }) => sum + cpus, 0);
  const shape = coreShapes(topology);
  if (mapping.kind === "proportional") {
    const all = mapping.processors ?? machineProcessors(header);
    const path = ["mapping", "processors"];
    return (size) => {
      if (all === null) return { path, message: "is missing, and the log's header has neither MaxProcs nor MaxNodes" };
      if (size > all) return { path, message: `${all} processors are fewer than the ${size} of a job` };
      if (mapping.unit !== "cores") return { nodes: Math.ceil((size * machineNodes) / all) };
      // As much as nodes that differ have in equal parts.
      return shape(Math.ceil((size * machineCores) / all)) ?? wholeMachine(machine);
    };
  }
  const { kind, tooLarge } = mapping;
  const taken = (size: number, nodes = 1): Taken | null => {
    if (kind === "cores") return shape(Math.ceil(size / mapping.processorsPerCore), nodes);
    const whole = Math.max(nodes, Math.ceil(size / mapping.processorsPerNode));
    return whole <= machineNodes ? { nodes: whole } : null;
  };
  return (size, nodes) => {
    const found = taken(size, nodes);
    if (found !== null) return found;
    if (tooLarge === "leave-out") return "leave-out";
    if (tooLarge === "cut") return kind === "cores" ? wholeMachine(machine) : { nodes: machineNodes };
    const [needs, has] =
      kind === "cores"
        ? [`${Math.ceil(size / mapping.processorsPerCore)} cores`, `${machineCores} on ${machineNodes} compute nodes`]
        : [`${Math.max(nodes ?? 1, Math.ceil(size / mapping.processorsPerNode))} nodes`, `${machineNodes} compute nodes`];
    const message = `"refuse": ${size} processors are ${needs}, the topology has ${has}; leave-out and cut allow it`;
    return { path: ["mapping", "tooLarge"], message };
  };
}

/** All nodes, and of each as many cores as the smallest has. */
const wholeMachine = (machine: readonly { readonly cpus: number }[]): Taken => ({
  nodes: machine.length,
  coresPerNode: Math.min(...machine.map(({ cpus }) => cpus)),
});
