import * as z from "zod";
import { hypervisorUri, localHypervisor } from "./hypervisor-uri.ts";
import type { Problem } from "./problem.ts";

/** Tuple part A: the machines, their network, and the hypervisor that pretends to be them. */

/** Hardware that a group may name and then override field by field. Sizes are one node's. */
const hardwareProfiles = {
  /** The smallest node that boots and runs every workload; fits many on a laptop. */
  small: { cpus: 1, memoryGiB: 1, gpus: 0, diskGiB: 6 },
  /** NERSC Perlmutter CPU node, one socket of two: https://docs.nersc.gov/systems/perlmutter/architecture/ */
  "perlmutter-cpu": { cpus: 64, memoryGiB: 512, gpus: 0, diskGiB: 64 },
  /** NERSC Perlmutter GPU node: one 64-core EPYC 7763, 256 GiB, four A100. Same source. */
  "perlmutter-gpu": { cpus: 64, memoryGiB: 256, gpus: 4, diskGiB: 64 },
} as const;

/** Interconnects that a topology may name and then override. Latency is one way. */
const networkProfiles = {
  /** Whatever the hypervisor's network gives. */
  unshaped: { bandwidthGbitPerSecond: null, latencyMicroseconds: 0, mtu: 1500 },
  "ethernet-1g": { bandwidthGbitPerSecond: 1, latencyMicroseconds: 50, mtu: 1500 },
  "ethernet-10g": { bandwidthGbitPerSecond: 10, latencyMicroseconds: 20, mtu: 9000 },
  /** HPE Slingshot 11: 200 Gbit/s a port, about 2 µs end to end (De Sensi et al., SC20, for the switch). */
  "slingshot-11": { bandwidthGbitPerSecond: 200, latencyMicroseconds: 2, mtu: 9000 },
} as const;

/** Virtual cores of one of QEMU's machines; emulated nodes may have more. */
const mostMachineCores = 255;

/** Compute nodes of one group, and of one job. Only emulated ones can be so many. */
export const mostNodes = 10_000;

const profileName = z.enum(Object.keys(hardwareProfiles) as [keyof typeof hardwareProfiles]).default("small");

const hardware = {
  profile: profileName.describe("Hardware that the other fields start from."),
  cpus: z.int().min(1).max(1024).optional().describe("Virtual cores of one node."),
  memoryGiB: z.number().min(0.5).max(4096).optional().describe("Memory of one node in GiB."),
  diskGiB: z.number().min(4).max(4096).optional().describe("Root disk of one node in GiB."),
};

const withProfile = <T extends { profile: keyof typeof hardwareProfiles }>(node: T) => ({
  ...hardwareProfiles[node.profile],
  ...defined(node),
});

/** Drops the keys whose value is undefined, so that spreading does not overwrite a default. */
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };

const withoutGpus = <T extends { gpus: unknown }>({ gpus: _gpus, ...node }: T) => node;

const head = z
  .strictObject(hardware)
  .transform(withProfile)
  .transform(withoutGpus)
  .describe("The node that runs the scheduler's daemons and no jobs.");

/** A DNS label short enough that a node's number still fits behind it. */
export const label = z.string().regex(/^[a-z][a-z0-9]{0,15}$/);

/** Domain, bus, device and function, as lspci -D prints them. */
const pciAddress = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/);

const group = z
  .strictObject({
    name: label.default("cn").describe("Prefix of the nodes' names: cn gives cn1, cn2 ..."),
    count: z.int().min(1).max(mostNodes).describe("Nodes in this group."),
    // No default: what a stack of real nodes is recorded as, and named after, stays as it was.
    nodes: z
      .literal("emulated")
      .optional()
      .describe("emulated: the head pretends to be all of them, and the scheduler cannot tell; each a machine where it is not given."),
    ...hardware,
    gpus: z.int().min(0).max(16).optional().describe("GPUs that the scheduler sees on one node."),
    gpuPciAddresses: z
      .array(pciAddress)
      .max(2000)
      .default([])
      .describe("Host devices to pass through, count × gpus of them, in node order; empty: the GPUs are only declared to the scheduler."),
  })
  .transform(withProfile);

/** A public one would take the hypervisor's own way to whoever has it. */
const privateNetwork =
  /^(10\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)|172\.(1[6-9]|2\d|3[01])|192\.168)\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.0\/24$/;

const network = z
  .strictObject({
    profile: z
      .enum(Object.keys(networkProfiles) as [keyof typeof networkProfiles])
      .default("unshaped")
      .describe("Interconnect that the other fields start from."),
    bandwidthGbitPerSecond: z
      .number()
      .min(0.001)
      .max(800)
      .nullable()
      .optional()
      .describe("Rate of one node's port; null leaves it unshaped."),
    latencyMicroseconds: z.number().min(0).max(1e6).optional().describe("One-way delay added to what a node sends."),
    mtu: z.int().min(1280).max(9216).optional().describe("Bytes of one frame's payload."),
    subnet: z
      .string()
      .regex(privateNetwork)
      .optional()
      .describe("The cluster's /24, a private one (RFC 1918); derived from the stack's name where it is not given."),
  })
  .transform((given) => ({ ...networkProfiles[given.profile], ...defined(given) }));

const hypervisor = z.strictObject({
  uri: hypervisorUri.default(localHypervisor).describe("libvirt connection: qemu:///system, or qemu+ssh://user@host/system."),
  acceleration: z
    .enum(["auto", "kvm", "tcg"])
    .default("auto")
    .describe("kvm: hardware; tcg: QEMU's own emulation; auto: kvm if a kernel is seen to boot under it, else tcg."),
  imagesDirectory: z
    .string()
    .regex(/^\/[A-Za-z0-9._/-]+$/)
    .default("/var/lib/libvirt/images")
    .describe("Folder on the hypervisor under which the stack's storage pool is made."),
});

export const topology = z
  .strictObject({
    head: head.prefault({}),
    compute: z.array(group).min(1).max(16).describe("Groups of equal compute nodes."),
    network: network.prefault({}),
    hypervisor: hypervisor.prefault({}),
    // No default, as for `nodes`: a stack with a real clock is recorded as it was.
    clock: z
      .enum(["real", "virtual"])
      .optional()
      .describe(
        "virtual: jobs run in a guest whose clock counts instructions and skips idle time; repeatable, and faster than real time. For emulated nodes.",
      ),
  })
  .describe("A: hardware topology.");

export type Topology = z.output<typeof topology>;
export type Group = Topology["compute"][number];
export type Network = Topology["network"];
export type Hypervisor = Topology["hypervisor"];

/** One node of the topology, before it exists. */
export interface Node {
  readonly name: string;
  readonly role: "head" | "compute";
  readonly group: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly diskGiB: number;
  readonly gpus: number;
  readonly gpuPciAddresses: readonly string[];
}

/** Every node, the head first, then the groups in order. */
export function nodes(topology: Topology): Node[] {
  const { cpus, memoryGiB, diskGiB } = topology.head;
  const head: Node = { name: "head", role: "head", group: "head", cpus, memoryGiB, diskGiB, gpus: 0, gpuPciAddresses: [] };
  return [head, ...topology.compute.flatMap(groupNodes)];
}

const groupNodes = (group: Group): Node[] =>
  Array.from({ length: group.count }, (_, i) => ({
    name: `${group.name}${i + 1}`,
    role: "compute",
    group: group.name,
    cpus: group.cpus,
    memoryGiB: group.memoryGiB,
    diskGiB: group.diskGiB,
    gpus: group.gpus,
    gpuPciAddresses: group.gpuPciAddresses.slice(i * group.gpus, (i + 1) * group.gpus),
  }));

export const computeNodes = (topology: Topology): Node[] => nodes(topology).filter((node) => node.role === "compute");

/** Whether the compute nodes only pretend. Either all do, or none. */
export const areEmulated = (topology: Topology): boolean => topology.compute.some((group) => group.nodes === "emulated");

/** Nodes that are machines of their own: all of them, or the head alone where it pretends to be the others. */
export const machines = (topology: Topology): Node[] => nodes(topology).filter(({ role }) => role === "head" || !areEmulated(topology));

/** Machines on which what jobs run is run: the compute nodes, or the head that pretends to be them. */
export const workers = (topology: Topology): Node[] =>
  machines(topology).filter(({ role }) => role === (areEmulated(topology) ? "head" : "compute"));

/** Memory that a scheduler may hand out on a node, in MiB: nine tenths, for the rest is the guest kernel's and the daemons'. */
export const schedulableMemoryMiB = (node: { readonly memoryGiB: number }): number => Math.floor(node.memoryGiB * 1024 * 0.9);

/** What no single field can know. */
export function topologyProblems(topology: Topology): Problem[] {
  const problems: Problem[] = [...emulatedGroupProblems(topology)];
  if (topology.head.cpus > mostMachineCores)
    problems.push({ path: ["topology", "head", "cpus"], message: `${topology.head.cpus} is too large, the most is ${mostMachineCores}` });
  const names = new Set(["head"]);
  const taken = new Set<string>();
  topology.compute.forEach((group, i) => {
    const complain = (message: string) => problems.push({ path: ["topology", "compute", i, "name"], message });
    const own = groupNodes(group).map(({ name }) => name);
    const twice = own.find((name) => taken.has(name));
    // c with 11 nodes and c1 with one both have a c11.
    if (names.has(group.name)) complain(`"${group.name}" is already taken`);
    else if (twice !== undefined) complain(`"${group.name}" names a machine ${twice}, and so does another group`);
    names.add(group.name);
    for (const name of own) taken.add(name);
    if (!areEmulated(topology) && group.cpus > mostMachineCores)
      problems.push({
        path: ["topology", "compute", i, "cpus"],
        message: `${group.cpus} is too large for a machine, the most is ${mostMachineCores}; nodes: emulated may have more`,
      });
    const devices = group.gpuPciAddresses.length;
    if (devices > 0 && devices !== group.count * group.gpus) {
      const message = `names ${devices} devices, ${group.count} nodes with ${group.gpus} GPUs need ${group.count * group.gpus}, or none`;
      problems.push({ path: ["topology", "compute", i, "gpuPciAddresses"], message });
    }
  });
  const count = machines(topology).length - 1;
  if (count > 250)
    problems.push({ path: ["topology", "compute"], message: `${count} compute nodes do not fit the cluster's /24, the most is 250` });
  return problems;
}

/** Emulated nodes have no hardware and no network of their own, and do not stand beside real ones. */
function emulatedGroupProblems(topology: Topology): Problem[] {
  if (!areEmulated(topology)) return [];
  const { compute, network } = topology;
  const found = compute.flatMap((group, i): Problem[] => {
    const complain = (key: keyof Group, message: string): Problem => ({ path: ["topology", "compute", i, key], message });
    return [
      ...(group.nodes === "emulated" ? [] : [complain("nodes", "is not given beside emulated groups: all groups must be of one sort")]),
      ...(group.gpuPciAddresses.length === 0
        ? []
        : [complain("gpuPciAddresses", "names devices, emulated nodes have none: their GPUs are only declared")]),
    ];
  });
  for (const key of ["bandwidthGbitPerSecond", "latencyMicroseconds"] as const)
    if (network[key] !== null && network[key] !== 0)
      found.push({
        path: ["topology", "network", key],
        message: `${network[key]} is for a network, emulated nodes have none: leave it unshaped`,
      });
  return found;
}
