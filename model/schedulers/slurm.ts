import * as z from "zod";
import type { Problem } from "../problem.ts";
import type { Allocation, SchedulerKind } from "../scheduler.ts";
import { areEmulated, computeNodes, type Topology } from "../topology.ts";
import { admission } from "./slurm/admission.ts";
import { gresLine, hostnames, nodeLine, nodeOptions, optionsOf } from "./slurm/node.ts";
import { emulatedDefaults, emulatedSettings, ownSettings } from "./slurm/own-settings.ts";
import { groupsOf, type Partition, partition, partitionFields } from "./slurm/partition.ts";
import { preemptModes, preemptTypes } from "./slurm/preemption.ts";
import { rules } from "./slurm/rules.ts";
import { schedulerParameters, schedulerParametersText } from "./slurm/scheduler-parameters.ts";
import { consumableIn, selectTypeParameters } from "./slurm/select.ts";
import { confLine, furtherSettings, sameName } from "./slurm/setting.ts";
import { decayHalfLife } from "./slurm/time.ts";

/** Parameters keep slurm.conf's own names (slurm.conf(5), Slurm 24.11), so that they can be looked up as they stand. */

const weight = z.int().min(0).max(4_294_967_295).default(0);

const parameters = z
  .strictObject({
    kind: z.literal("slurm"),
    SchedulerType: z.enum(["sched/backfill", "sched/builtin"]).default("sched/backfill"),
    SchedulerParameters: schedulerParameters.prefault({}),
    SelectType: z.enum(["select/cons_tres", "select/linear"]).default("select/cons_tres"),
    SelectTypeParameters: selectTypeParameters.optional(),
    PriorityType: z.enum(["priority/basic", "priority/multifactor"]).default("priority/multifactor"),
    PriorityDecayHalfLife: decayHalfLife.optional(),
    PriorityWeightAge: weight,
    PriorityWeightAssoc: weight,
    PriorityWeightFairshare: weight,
    PriorityWeightJobSize: weight,
    PriorityWeightPartition: weight,
    PriorityWeightQOS: weight,
    PreemptType: z.enum(preemptTypes).default("preempt/none"),
    PreemptMode: z.enum(preemptModes).default("OFF"),
    TaskPlugin: z
      .enum(["task/affinity,task/cgroup", "task/affinity", "task/cgroup", "task/none"])
      .default("task/affinity,task/cgroup")
      .describe("What binds ranks to cores; Slurm's own default binds nothing, which mpirun without a scheduler does."),
    SchedulerTimeSlice: z.int().min(5).max(65_533).optional().describe("Seconds of a gang's turn."),
    MaxJobCount: z
      .int()
      .min(1)
      .max(2_000_000)
      .default(200_000)
      .describe("Jobs that slurmctld keeps in memory, ended ones for MinJobAge among them; the default is twice the largest workload."),
    accounting: z.boolean().default(false).describe("Run slurmdbd with its database, and write every job to it."),
    partitions: z
      .array(partition)
      .min(1)
      .max(64)
      .default([partition.parse({ name: "batch", Default: true })]),
    nodes: z.record(z.string(), nodeOptions).default({}).describe("What slurm.conf says of a group's nodes, by the group's name."),
    extra: furtherSettings.describe("Further settings of slurm.conf; Slurm itself refuses what it does not know."),
  })
  .describe("B: Slurm. Parameters have slurm.conf's names.");

export type SlurmParameters = z.output<typeof parameters>;

const problems = (given: SlurmParameters, topology: Topology): Problem[] =>
  rules(given, topology, Object.keys(parameters.shape)).map(({ path, message }) =>
    path[0] === "topology" ? { path, message } : { path: ["scheduler", ...path], message },
  );

/** The settings of slurm.conf that the parameters decide, by name; what is undefined keeps Slurm's own default. */
function settings(given: SlurmParameters, topology: Topology): Record<string, string> {
  const {
    kind: _kind,
    accounting,
    partitions: _partitions,
    nodes: _nodes,
    extra,
    SchedulerParameters,
    SelectTypeParameters,
    ...plain
  } = given;
  const typed: Record<string, string | number | undefined> = {
    ...plain,
    SchedulerParameters: schedulerParametersText(SchedulerParameters) || undefined,
    SelectTypeParameters: SelectTypeParameters ?? (given.SelectType === "select/cons_tres" ? "CR_Core" : undefined),
    AccountingStorageType: accounting ? "accounting_storage/slurmdbd" : undefined,
    ...(areEmulated(topology) ? { ...emulatedSettings, ...emulatedDefaults } : {}),
  };
  const kept = Object.entries(typed).filter(([key]) => !isWeightOfNothing(given, key) && !Object.keys(extra).some(sameName(key)));
  return Object.fromEntries(
    [...kept, ...Object.entries(extra)].flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

/** priority/basic has no weights, and slurmctld then says nothing of them. */
const isWeightOfNothing = ({ PriorityType }: SlurmParameters, key: string) =>
  PriorityType === "priority/basic" && key.startsWith("PriorityWeight");

const lineOf = (partition: Partition, topology: Topology) =>
  partitionFields(partition, groupsOf(partition, topology).map(hostnames).join(","));

/** A partition's options as `Partition.<name>.<option>`, the way in which the agent reads them back. */
function expectedPartition(partition: Partition, topology: Topology): Record<string, string> {
  const { PartitionName, ...options } = lineOf(partition, topology);
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[`Partition.${PartitionName}.${key}`, String(value)]])),
  );
}

/** The lines of slurm.conf, all of them. */
export function slurmConf(given: SlurmParameters, topology: Topology): string[] {
  const asked = settings(given, topology);
  const own = Object.entries(ownSettings(topology, given.accounting)).filter(([key]) => !Object.keys(asked).some(sameName(key)));
  return [
    ...[...own, ...Object.entries(asked)].map(([key, value]) => `${key}=${value}`),
    ...topology.compute.map((group) => nodeLine(group, topology, optionsOf(given.nodes, group))),
    ...given.partitions.map((partition) => confLine(lineOf(partition, topology))),
  ];
}

/** Jobs that name no partition go to the default one. */
function queueOf({ partitions }: SlurmParameters, group: string): string | undefined {
  const holding = partitions.filter(({ groups }) => groups?.includes(group) ?? true);
  return holding.some((partition) => partition.Default) ? undefined : holding[0]?.name;
}

/**
 * slurm.conf(5): select/linear and an exclusive partition give whole nodes, and so does CR_Socket, for each node is one
 * socket here. Whatever has Memory in its name counts memory; a job that asks for none gets all, or what DefMemPerCPU or DefMemPerNode say.
 */
function allocation(given: SlurmParameters): Allocation {
  const { SelectType, SelectTypeParameters, partitions } = given;
  const usual = partitions.find((partition) => partition.Default);
  const exclusive = usual?.OverSubscribe === "EXCLUSIVE";
  const consumable = consumableIn(SelectTypeParameters) ?? "CR_Core";
  const whole = SelectType === "select/linear" || consumable.startsWith("CR_Socket") || exclusive;
  const memory = consumable.endsWith("Memory");
  const unasked = memory ? defaultMemory(given, usual) : undefined;
  return { unit: whole ? "node" : "core", memory, ...(unasked === undefined ? {} : { defaultMemoryMiB: unasked }) };
}

/** What the partition, or else slurm.conf, gives a job that asks for no memory; 0 is all. A core may be several of Slurm's CPUs. */
function defaultMemory({ nodes, extra }: SlurmParameters, partition: Partition | undefined): Allocation["defaultMemoryMiB"] {
  const said = (key: string) => Number(Object.entries(extra).find(([name]) => sameName(key)(name))?.[1] ?? 0);
  const threads = Math.max(1, ...Object.values(nodes).map(({ ThreadsPerCore }) => ThreadsPerCore));
  const own = partition?.DefMemPerCPU ?? partition?.DefMemPerNode;
  const perCpu = own === undefined ? said("DefMemPerCPU") : (partition?.DefMemPerCPU ?? 0);
  const perNode = own === undefined ? said("DefMemPerNode") : (partition?.DefMemPerNode ?? 0);
  if (perCpu > 0) return { perCore: perCpu * threads };
  return perNode > 0 ? { perNode } : undefined;
}

export const slurm = {
  parameters,
  debianPackages: ["slurmctld", "slurmd", "slurm-client", "libslurm-perl", "perl", "slurmdbd", "mariadb-server", "munge", "libpmix2t64"],
  problems,
  roleVariables: (given, topology) => ({
    slurm_conf: slurmConf(given, topology),
    slurm_gres: topology.compute.filter((group) => group.gpus > 0).map((group) => gresLine(group, optionsOf(given.nodes, group))),
    slurm_accounting: given.accounting,
    slurm_emulated_nodes: areEmulated(topology) ? topology.compute.map(hostnames) : [],
  }),
  ownFiles: (given, topology) => [{ name: "slurm.conf", paste: "lines", comment: "#", lines: slurmConf(given, topology) }],
  secrets: () => ({ cluster_secret: { bytes: 128 } }),
  allocation,
  admission,
  queueOf,
  // 3 MiB for a slurmd, 4 for a job of its node's own: docs/emulated-nodes.md has what was measured.
  emulation: { headMemoryGiB: (nodes) => 1 + (nodes * 7) / 1024, bodies: "run" },
  unattended: {
    scripts: (topology) => [
      ["scheduler_slurm/files/start-controller"],
      ["scheduler_slurm/files/start-emulated-nodes", topology.compute.map(hostnames).join(",")],
    ],
    secretFiles: ["/etc/munge/munge.key"],
    problems: ({ accounting }) =>
      accounting
        ? [{ path: ["scheduler", "accounting"], message: "true needs slurmdbd, which is not started with clock: virtual: set false" }]
        : [],
  },
  expectedConfiguration: (given, topology) => ({
    ...settings(given, topology),
    ...Object.assign({}, ...given.partitions.map((partition) => expectedPartition(partition, topology))),
    Nodes: computeNodes(topology)
      .map((node) => node.name)
      .sort()
      .join(","),
  }),
} satisfies SchedulerKind<typeof parameters>;
