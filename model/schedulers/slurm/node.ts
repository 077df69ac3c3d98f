import * as z from "zod";
import { areEmulated, type Group, schedulableMemoryMiB, type Topology } from "../../topology.ts";
import { confLine, furtherWords } from "./setting.ts";

/** slurm.conf's NodeName lines, one for each group of the topology, and those of gres.conf. */

const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.=-]{0,63}$/);

/** What slurm.conf says of a group's nodes beside the hardware that the topology gives them. */
export const nodeOptions = z.strictObject({
  Sockets: z.int().min(1).max(64).default(1).describe("Sockets on which the node's cores are."),
  ThreadsPerCore: z.int().min(1).max(8).default(1).describe("Above 1 on emulated nodes only: machines have one thread a core."),
  Feature: z.array(word).max(64).default([]),
  Weight: z.int().min(1).max(4_294_967_280).optional().describe("Nodes of less weight are taken first; 1 where it is not given."),
  gpuType: word.optional().describe("Type of its GPUs: Gres=gpu:<type>:<count>."),
  extra: furtherWords.describe("Further keys of its line."),
});

export type NodeOptions = z.output<typeof nodeOptions>;

/** Keys of its line that are made of other fields. */
export const ownNodeKeys = [
  "NodeName", "NodeHostname", "NodeAddr", "Port", "CPUs", "Boards", "SocketsPerBoard", "Sockets", "CoresPerSocket", "ThreadsPerCore", "RealMemory", "Gres",
  "Feature", "Features", "Weight", "State",
]; // biome-ignore format: a list

const plain = nodeOptions.parse({});

export const optionsOf = (nodes: Readonly<Record<string, NodeOptions>>, { name }: Group): NodeOptions =>
  (Object.hasOwn(nodes, name) ? nodes[name] : undefined) ?? plain;

/** Hardware threads of a core, the same on all nodes, so that a job's cores are as many threads wherever it runs. */
export const threadsPerCore = ({ nodes }: { readonly nodes: Readonly<Record<string, NodeOptions>> }, { compute }: Topology): number =>
  Math.max(...compute.map((group) => optionsOf(nodes, group).ThreadsPerCore));

export const hostnames = ({ name, count }: Group) => `${name}[1-${count}]`;

/** Where each slurmd of a head that pretends to be many nodes listens: below the ports that Linux gives to clients. */
const firstEmulatedPort = 10_001;
export const mostEmulatedNodes = 32_768 - firstEmulatedPort;

/** How slurmctld finds the slurmd of each of a group's nodes, where these are emulated. */
function emulatedPlace(group: Group, topology: Topology) {
  const before = topology.compute.slice(0, topology.compute.indexOf(group)).reduce((sum, { count }) => sum + count, 0);
  const first = firstEmulatedPort + before;
  return { NodeHostname: "head", NodeAddr: "head", Port: `[${first}-${first + group.count - 1}]` };
}

export function nodeLine(group: Group, topology: Topology, { Sockets, ThreadsPerCore, Feature, Weight, gpuType, extra }: NodeOptions) {
  return confLine({
    NodeName: hostnames(group),
    ...(areEmulated(topology) ? emulatedPlace(group, topology) : {}),
    CPUs: group.cpus * ThreadsPerCore,
    Boards: 1,
    SocketsPerBoard: Sockets,
    CoresPerSocket: group.cpus / Sockets,
    ThreadsPerCore,
    RealMemory: schedulableMemoryMiB(group),
    Gres: group.gpus > 0 ? ["gpu", ...(gpuType === undefined ? [] : [gpuType]), group.gpus].join(":") : undefined,
    Feature: Feature.length > 0 ? Feature.join(",") : undefined,
    Weight,
    ...extra,
  });
}

/** Device files of a group's GPUs: the driver's where devices are passed through, else terminals, which Slurm only counts. */
export const gresLine = (group: Group, { gpuType }: NodeOptions) =>
  confLine({
    NodeName: hostnames(group),
    Name: "gpu",
    Type: gpuType,
    File: group.gpuPciAddresses.length > 0 ? `/dev/nvidia[0-${group.gpus - 1}]` : `/dev/tty[1-${group.gpus}]`,
  });
