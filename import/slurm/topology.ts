import { schedulableMemoryMiB, topology } from "../../model/topology.ts";
import type { Origins } from "../fitting.ts";
import type { Ledger } from "../ledger.ts";
import { type Bounds, boundsOf } from "../schema-of.ts";
import type { LogMachine } from "../sizes.ts";
import type { SiteGroup } from "./groups.ts";
import { compressHostlist } from "./hostlist.ts";

/** What the topology's schema takes of a list of groups. */
const compute = boundsOf(topology.shape.compute);
const fields = compute.items?.properties ?? {};

/** Groups that a topology may have. */
export const mostGroups = compute.maxItems ?? 16;

/** A group as the topology has it, and what the scheduler is told of its nodes beside it. */
export interface GroupDocument {
  readonly group: Record<string, unknown>;
  readonly options: Record<string, unknown>;
}

/**
 * A group of emulated nodes in the topology's words.
 * @param optionKeys what the scheduler can be told of nodes beside their hardware
 */
export function groupDocument(
  { name, nodes: [node], nodes }: SiteGroup,
  ledger: Ledger,
  origins: Origins,
  optionKeys: readonly string[],
): GroupDocument {
  if (node === undefined) throw new Error("a group without nodes");
  const range = `${nodes.length} nodes ${compressHostlist(nodes.map((each) => each.name))}`;
  const bounded = (key: string, unit: string, value: number) => {
    const taken = nearest(fields[key] ?? {}, value);
    if (taken !== value) ledger.changed(`${range}: ${value} ${unit}`, `${taken}, which is the nearest that the schema takes`, node.where);
    else ledger.taken(`${range}: ${value} ${unit}`, node.where);
    return taken;
  };
  const options: Record<string, unknown> = {};
  const option = (key: string, value: unknown, what: string, why: string) => {
    if (!optionKeys.includes(key)) return ledger.leftOut(`${range}: ${what}`, why, node.where);
    options[key] = value;
    origins.note(options, key, { what: `${range}: ${what}`, where: node.where });
  };
  const count = bounded("count", nodes.length === 1 ? "node" : "nodes", nodes.length);
  const threads =
    node.threadsPerCore > 1 && node.cpus % node.threadsPerCore === 0 && optionKeys.includes("ThreadsPerCore") ? node.threadsPerCore : 1;
  const cpus = threads > 1 ? bounded("cpus", "cores", node.cpus / threads) : bounded("cpus", "CPUs", node.cpus);
  const gpus = bounded("gpus", "GPUs", node.gpus);
  if (threads > 1) option("ThreadsPerCore", threads, `ThreadsPerCore=${threads}`, "");
  else if (node.threadsPerCore > 1)
    ledger.changed(`${range}: ThreadsPerCore=${node.threadsPerCore}`, "each thread counts as a core", node.where);
  if (node.gpuType !== null) option("gpuType", node.gpuType, `GPUs of type ${node.gpuType}`, "the topology's GPUs have no type");
  if (node.features.length > 0)
    option("Feature", [...node.features], `features ${node.features.join(",")}`, "the topology's nodes have none, and jobs ask for none");
  if (node.weight !== null && node.weight !== 1) option("Weight", node.weight, `Weight=${node.weight}`, "the topology's nodes have none");
  return { group: { name, count, nodes: "emulated", cpus, ...memoryKey(node.memoryMiB, bounded), ...(gpus > 0 ? { gpus } : {}) }, options };
}

/** Memory such that the scheduler is told of as much as the site's is. */
function memoryKey(memoryMiB: number | null, bounded: (key: string, unit: string, value: number) => number): { memoryGiB?: number } {
  if (memoryMiB === null) return {};
  const share = schedulableMemoryMiB({ memoryGiB: 1024 }) / 1024 ** 2;
  return {
    memoryGiB: bounded(
      "memoryGiB",
      "GiB of memory, of which the scheduler hands out its share",
      Math.ceil((memoryMiB / 1024 / share) * 1e4) / 1e4,
    ),
  };
}

/** Of what a JSON Schema allows for a number, the nearest; of a list of numbers, the largest that is not above. */
function nearest(bounds: Bounds, value: number): number {
  const allowed = bounds.enum?.filter((each) => typeof each === "number") ?? [];
  if (allowed.length > 0) return Math.max(...allowed.filter((each) => each <= value), Math.min(...allowed));
  return Math.min(bounds.maximum ?? value, Math.max(bounds.minimum ?? value, value));
}

/** The machine that a log's jobs are counted against: what the site has, not what the schema takes of it. */
export function machineOf(groups: readonly SiteGroup[]): LogMachine {
  const cpusOf = ({ nodes }: SiteGroup) => nodes.reduce((sum, { cpus }) => sum + cpus, 0);
  const [largest] = [...groups].sort((a, b) => cpusOf(b) - cpusOf(a));
  return {
    nodes: groups.reduce((sum, { nodes }) => sum + nodes.length, 0),
    cpus: groups.reduce((sum, group) => sum + cpusOf(group), 0),
    cpusPerNode: largest?.nodes[0]?.cpus ?? 1,
    gpusPerNode: Math.max(0, ...groups.flatMap(({ nodes }) => nodes.map(({ gpus }) => gpus)).slice(0, 100_000)),
  };
}
