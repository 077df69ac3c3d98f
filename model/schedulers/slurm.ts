import * as z from "zod";
import type { Problem } from "../problem.ts";
import type { Allocation, SchedulerKind } from "../scheduler.ts";
import { areEmulated, computeNodes, type Group, label, schedulableMemoryMiB, type Topology } from "../topology.ts";

/** Parameters keep slurm.conf's own names (slurm.conf(5), Slurm 24.11), so that they can be looked up as they stand. */

const seconds = z.int().min(0).max(2_592_000);
const count = z.int().min(0).max(1_000_000);
const flag = z.boolean();
const weight = z.int().min(0).max(4_294_967_295).default(0);

/** slurm.conf's SchedulerParameters. A flag that is true is written alone, a number as name=value. */
const schedulerParameters = z
  .strictObject({
    bf_continue: flag,
    bf_interval: seconds.min(1).describe("Seconds between backfill cycles."),
    bf_max_job_test: count.min(1).describe("Jobs that one backfill cycle looks at."),
    bf_max_job_user: count,
    bf_max_job_part: count,
    bf_max_job_start: count,
    bf_max_time: seconds.min(1),
    bf_min_age_reserve: seconds,
    bf_resolution: seconds.min(1).describe("Time resolution of the backfill plan, in seconds."),
    bf_window: z.int().min(1).max(43_200).describe("How far backfill looks ahead, in minutes."),
    bf_yield_interval: z.int().min(1).max(10_000_000).describe("Microseconds between releases of backfill's locks."),
    bf_yield_sleep: z.int().min(1).max(10_000_000).describe("Microseconds that backfill sleeps then."),
    bf_busy_nodes: flag,
    batch_sched_delay: seconds,
    default_queue_depth: count.min(1),
    defer: flag.describe("Do not try to start a job when it is submitted."),
    defer_batch: flag,
    max_rpc_cnt: count,
    max_sched_time: seconds.min(1),
    nohold_on_prolog_fail: flag,
    pack_serial_at_end: flag,
    partition_job_depth: count,
    sched_interval: z.int().min(-1).max(86_400).describe("Seconds between main scheduling cycles over all jobs; -1 turns them off."),
    sched_max_job_start: count,
    sched_min_interval: z.int().min(0).max(60_000_000).describe("Microseconds between main scheduling cycles."),
    spec_cores_first: flag,
  })
  .partial();

/** A value that slurm.conf can hold on one line, and that is no comment. */
const settingValue = z.string().regex(/^[^\s\p{C}#"'\\][^\p{C}\p{Zl}\p{Zp}#"'\\]{0,500}$/u);

/** Settings that schedfront writes itself, from the topology or for its own measuring. */
const ownSettings = [
  "ClusterName", "SlurmctldHost", "SlurmUser", "NodeName", "PartitionName", "StateSaveLocation", "SlurmdSpoolDir", "AuthType",
  "CredType", "MpiDefault", "JobCompType", "JobCompLoc", "SlurmctldLogFile", "SlurmdLogFile", "LogTimeFormat", "SlurmctldDebug", "DebugFlags", "GresTypes",
  "AccountingStorageType", "AccountingStorageHost", "JobAcctGatherType", "Include",
] as const; // biome-ignore format: a list

const partition = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/),
  groups: z.array(label).min(1).max(16).optional().describe("Compute groups whose nodes it holds; all where it is not given."),
  Default: z.boolean().default(false),
  MaxTime: z.int().min(1).nullable().default(null).describe("Minutes; null: no limit."),
  PriorityTier: z.int().min(0).max(65_533).default(1),
  PriorityJobFactor: z.int().min(0).max(65_533).default(1),
  OverSubscribe: z
    .string()
    .regex(/^(EXCLUSIVE|NO|(YES|FORCE)(:\d{1,3})?)$/)
    .default("NO"),
  PreemptMode: z.enum(["OFF", "CANCEL", "REQUEUE", "SUSPEND"]).optional(),
});

const parameters = z
  .strictObject({
    kind: z.literal("slurm"),
    SchedulerType: z.enum(["sched/backfill", "sched/builtin"]).default("sched/backfill"),
    SchedulerParameters: schedulerParameters.default({}),
    SelectType: z.enum(["select/cons_tres", "select/linear"]).default("select/cons_tres"),
    SelectTypeParameters: z
      .enum(["CR_Core", "CR_Core_Memory", "CR_CPU", "CR_CPU_Memory", "CR_Socket", "CR_Socket_Memory", "CR_Memory"])
      .optional()
      .describe("What is consumable; CR_Core under select/cons_tres where it is not given."),
    PriorityType: z.enum(["priority/basic", "priority/multifactor"]).default("priority/multifactor"),
    PriorityDecayHalfLife: z
      .string()
      .regex(/^\d{1,3}(-\d{1,2}(:\d{2}(:\d{2})?)?)?$/)
      .optional(),
    PriorityWeightAge: weight,
    PriorityWeightAssoc: weight,
    PriorityWeightFairshare: weight,
    PriorityWeightJobSize: weight,
    PriorityWeightPartition: weight,
    PriorityWeightQOS: weight,
    PreemptType: z.enum(["preempt/none", "preempt/partition_prio", "preempt/qos"]).default("preempt/none"),
    PreemptMode: z.enum(["OFF", "CANCEL", "GANG", "REQUEUE", "SUSPEND,GANG"]).default("OFF"),
    TaskPlugin: z
      .enum(["task/affinity,task/cgroup", "task/affinity", "task/cgroup", "task/none"])
      .default("task/affinity,task/cgroup")
      .describe("What binds ranks to cores; Slurm's own default binds nothing, which mpirun without a scheduler does."),
    SchedulerTimeSlice: z.int().min(5).max(65_533).optional().describe("Seconds of a gang's turn."),
    accounting: z.boolean().default(false).describe("Run slurmdbd with its database, and write every job to it."),
    partitions: z
      .array(partition)
      .min(1)
      .max(64)
      .default([partition.parse({ name: "batch", Default: true })]),
    extra: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{1,63}$/), z.union([settingValue, z.number()]))
      .default({})
      .describe("Further slurm.conf settings; Slurm itself refuses what it does not know."),
  })
  .describe("B: Slurm. Parameters have slurm.conf's names.");

export type SlurmParameters = z.output<typeof parameters>;

const at = (...path: PropertyKey[]) => ["scheduler", ...path];

function problems(given: SlurmParameters, topology: Topology): Problem[] {
  const found: Problem[] = [];
  const groups = topology.compute.map((group) => group.name);
  given.partitions.forEach((partition, i) => {
    for (const name of partition.groups ?? [])
      if (!groups.includes(name))
        found.push({ path: at("partitions", i, "groups"), message: `"${name}" is not one of the topology's groups ${groups.join(", ")}` });
    if (given.partitions.findIndex((other) => other.name === partition.name) !== i)
      found.push({ path: at("partitions", i, "name"), message: `"${partition.name}" is already taken` });
  });
  for (const name of groups)
    if (!given.partitions.some((partition) => partition.groups?.includes(name) ?? true))
      found.push({ path: at("partitions"), message: `group "${name}" is in none of them, so its nodes could run nothing` });
  const defaults = given.partitions.filter((partition) => partition.Default).length;
  if (defaults !== 1) found.push({ path: at("partitions"), message: `${defaults} partitions have Default: true, exactly one must` });
  for (const weight of ["PriorityWeightAge", "PriorityWeightFairshare"] as const)
    if (given[weight] > 0 && !given.accounting)
      found.push({
        path: at(weight),
        message: `${given[weight]} is ignored by slurmctld without slurmdbd: set accounting: true, or leave it 0`,
      });
  for (const key of Object.keys(given.extra)) {
    const typed = Object.keys(parameters.shape).find((name) => name.toLowerCase() === key.toLowerCase());
    if (typed !== undefined) found.push({ path: at("extra", key), message: `is a parameter of its own: write it as scheduler.${typed}` });
    if (ownSettings.some((name) => name.toLowerCase() === key.toLowerCase()))
      found.push({ path: at("extra", key), message: "is written by schedfront itself and cannot be set" });
  }
  if (areEmulated(topology)) found.push(...emulationProblems(given, topology));
  if (given.SelectType === "select/linear" && given.SelectTypeParameters !== undefined && given.SelectTypeParameters !== "CR_Memory")
    found.push({
      path: at("SelectTypeParameters"),
      message: `"${given.SelectTypeParameters}" does not go with select/linear, which knows CR_Memory only`,
    });
  return found;
}

/** `{ bf_continue: true, bf_interval: 30, defer: false }` → `bf_continue,bf_interval=30`. */
function schedulerParametersText(given: SlurmParameters["SchedulerParameters"]): string {
  return Object.entries(given)
    .filter(([, value]) => value !== false && value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`))
    .join(",");
}

/** The settings of slurm.conf that the parameters decide, by name; what is undefined keeps Slurm's own default. */
function settings(given: SlurmParameters, topology: Topology): Record<string, string> {
  const { kind: _kind, accounting, partitions: _partitions, extra, SchedulerParameters, SelectTypeParameters, ...plain } = given;
  const all: Record<string, string | number | undefined> = {
    ...plain,
    SchedulerParameters: schedulerParametersText(SchedulerParameters) || undefined,
    SelectTypeParameters: SelectTypeParameters ?? (given.SelectType === "select/cons_tres" ? "CR_Core" : undefined),
    AccountingStorageType: accounting ? "accounting_storage/slurmdbd" : undefined,
    ...(areEmulated(topology) ? { ...emulatedSettings, ...emulatedDefaults } : {}),
    ...extra,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}

const hostnames = ({ name, count }: Group) => `${name}[1-${count}]`;

/** Where each slurmd of a head that pretends to be many nodes listens: below the ports that Linux gives to clients. */
const firstEmulatedPort = 10_001;
const mostEmulatedNodes = 32_768 - firstEmulatedPort;

/**
 * For a slurmd that believes slurm.conf, not the machine that it shares; and for jobs that only sleep there. proctrack/linuxproc
 * reads the table of all nodes' processes several times for each job, so that a job would cost more the more nodes there are.
 */
const emulatedSettings = { SlurmdParameters: "config_overrides", ProctrackType: "proctrack/pgid" };

/** Seconds: the daemons of all nodes share the head's processors, and answer as slowly as these let them. */
const emulatedDefaults = { MessageTimeout: 100 };

/** What would contradict them. */
function emulationProblems({ TaskPlugin, extra }: SlurmParameters, topology: Topology): Problem[] {
  const count = computeNodes(topology).length;
  const set = Object.keys(extra).filter((key) => Object.keys(emulatedSettings).some((name) => name.toLowerCase() === key.toLowerCase()));
  const message = `"${TaskPlugin}" binds to cores, which emulated nodes do not have: use task/none`;
  return [
    ...(TaskPlugin === "task/none" ? [] : [{ path: at("TaskPlugin"), message }]),
    ...(count <= mostEmulatedNodes
      ? []
      : [{ path: ["topology", "compute"], message: `${count} emulated nodes need a port each, the head has ${mostEmulatedNodes}` }]),
    ...set.map((key) => ({ path: at("extra", key), message: "is written by schedfront itself where nodes are emulated" })),
  ];
}

/** How slurmctld finds the slurmd of each of a group's nodes, where these are emulated. */
function emulatedPlace(group: Group, topology: Topology) {
  const before = topology.compute.slice(0, topology.compute.indexOf(group)).reduce((sum, { count }) => sum + count, 0);
  const first = firstEmulatedPort + before;
  return { NodeHostname: "head", NodeAddr: "head", Port: `[${first}-${first + group.count - 1}]` };
}

const nodeLine = (group: Group, topology: Topology) => ({
  NodeName: hostnames(group),
  ...(areEmulated(topology) ? emulatedPlace(group, topology) : {}),
  CPUs: group.cpus,
  Boards: 1,
  SocketsPerBoard: 1,
  CoresPerSocket: group.cpus,
  ThreadsPerCore: 1,
  RealMemory: schedulableMemoryMiB(group),
  ...(group.gpus > 0 ? { Gres: `gpu:${group.gpus}` } : {}),
});

const partitionLine = ({ name, groups, ...options }: SlurmParameters["partitions"][number], topology: Topology) => ({
  PartitionName: name,
  Nodes: topology.compute
    .filter((group) => groups?.includes(group.name) ?? true)
    .map(hostnames)
    .join(","),
  ...options,
  MaxTime: options.MaxTime ?? "INFINITE",
  Default: options.Default ? "YES" : "NO",
});

/** A partition's options as `Partition.<name>.<option>`, the way in which the agent reads them back. */
function expectedPartition(partition: SlurmParameters["partitions"][number], topology: Topology): Record<string, string> {
  const { PartitionName, ...options } = partitionLine(partition, topology);
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[`Partition.${PartitionName}.${key}`, String(value)]])),
  );
}

/** `{ NodeName: "cn[1-4]", CPUs: 1 }` → `NodeName=cn[1-4] CPUs=1`, as slurm.conf(5) has it. */
const confLine = (fields: object) =>
  Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    .join(" ");

/** Jobs that name no partition go to the default one. */
function queueOf({ partitions }: SlurmParameters, group: string): string | undefined {
  const holding = partitions.filter(({ groups }) => groups?.includes(group) ?? true);
  return holding.some((partition) => partition.Default) ? undefined : holding[0]?.name;
}

/**
 * slurm.conf(5): select/linear and an exclusive partition give whole nodes, and so does CR_Socket, for each node is one
 * socket here. Whatever has Memory in its name counts memory; without DefMemPerNode a job that asks for none gets all.
 */
function allocation({ SelectType, SelectTypeParameters, partitions }: SlurmParameters): Allocation {
  const exclusive = partitions.find((partition) => partition.Default)?.OverSubscribe === "EXCLUSIVE";
  const consumable: string = SelectTypeParameters ?? "CR_Core";
  const whole = SelectType === "select/linear" || consumable.startsWith("CR_Socket") || exclusive;
  return { unit: whole ? "node" : "core", memory: consumable.endsWith("Memory") };
}

/** Device files of a group's GPUs: the driver's where devices are passed through, else terminals, which Slurm only counts. */
const gresLine = (group: Group) =>
  confLine({
    NodeName: hostnames(group),
    Name: "gpu",
    File: group.gpuPciAddresses.length > 0 ? `/dev/nvidia[0-${group.gpus - 1}]` : `/dev/tty[1-${group.gpus}]`,
  });

export const slurm = {
  parameters,
  debianPackages: ["slurmctld", "slurmd", "slurm-client", "libslurm-perl", "perl", "slurmdbd", "mariadb-server", "munge", "libpmix2t64"],
  problems,
  roleVariables: (given, topology) => ({
    slurm_settings: settings(given, topology),
    slurm_nodes: topology.compute.map((group) => confLine(nodeLine(group, topology))),
    slurm_partitions: given.partitions.map((partition) => confLine(partitionLine(partition, topology))),
    slurm_gres: topology.compute.filter((group) => group.gpus > 0).map(gresLine),
    slurm_accounting: given.accounting,
    slurm_emulated_nodes: areEmulated(topology) ? topology.compute.map(hostnames) : [],
  }),
  secrets: () => ({ cluster_secret: { bytes: 128 } }),
  allocation,
  queueOf,
  // 3 MiB for a slurmd, 4 for a job of its node's own: docs/emulated-nodes.md has what was measured.
  emulation: { headMemoryGiB: (nodes) => 1 + (nodes * 7) / 1024, bodies: "run" },
  expectedConfiguration: (given, topology) => ({
    ...settings(given, topology),
    ...Object.assign({}, ...given.partitions.map((partition) => expectedPartition(partition, topology))),
    Nodes: computeNodes(topology)
      .map((node) => node.name)
      .sort()
      .join(","),
  }),
} satisfies SchedulerKind<typeof parameters>;
