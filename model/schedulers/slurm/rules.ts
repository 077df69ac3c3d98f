import type { Problem } from "../../problem.ts";
import { areEmulated, computeNodes, type Topology } from "../../topology.ts";
import type { SlurmParameters } from "../slurm.ts";
import { mostEmulatedNodes, optionsOf, ownNodeKeys, threadsPerCore } from "./node.ts";
import { emulatedDefaults, emulatedSettings, ownNames } from "./own-settings.ts";
import { ownPartitionKeys, partition } from "./partition.ts";
import { preemptionProblem } from "./preemption.ts";
import { typedAgain } from "./scheduler-parameters.ts";
import { selectProblem } from "./select.ts";
import { sameName } from "./setting.ts";
import { slurmSeconds } from "./time.ts";

/** What slurmctld would refuse, or run without, although each value alone is right; paths start at the parameters. */
export const rules = (given: SlurmParameters, topology: Topology, typed: readonly string[]): Problem[] => [
  ...partitionProblems(given, topology),
  ...nodeProblems(given, topology),
  ...priorityProblems(given),
  ...billingProblems(given),
  ...choiceProblems(given, topology),
  ...extraProblems(given, typed),
  ...(areEmulated(topology) ? emulationProblems(given, topology) : []),
];

function partitionProblems({ partitions }: SlurmParameters, topology: Topology): Problem[] {
  const found: Problem[] = [];
  const groups = topology.compute.map((group) => group.name);
  partitions.forEach(({ name, groups: own, extra, MinNodes = 0, MaxNodes = Number.POSITIVE_INFINITY }, i) => {
    for (const group of own ?? [])
      if (!groups.includes(group))
        found.push({ path: ["partitions", i, "groups"], message: `"${group}" is not one of the topology's groups ${groups.join(", ")}` });
    if (partitions.findIndex((other) => other.name === name) !== i)
      found.push({ path: ["partitions", i, "name"], message: `"${name}" is already taken` });
    if (MinNodes > MaxNodes) found.push({ path: ["partitions", i, "MinNodes"], message: `${MinNodes} is above MaxNodes, ${MaxNodes}` });
    found.push(...furtherProblems(["partitions", i], extra, Object.keys(partition.shape), ownPartitionKeys));
  });
  for (const name of groups)
    if (!partitions.some((partition) => partition.groups?.includes(name) ?? true))
      found.push({ path: ["partitions"], message: `group "${name}" is in none of them, so its nodes would stay idle` });
  const defaults = partitions.filter((partition) => partition.Default).length;
  if (defaults !== 1) found.push({ path: ["partitions"], message: `${defaults} partitions have Default: true, exactly one must` });
  return found;
}

function nodeProblems({ nodes }: SlurmParameters, topology: Topology): Problem[] {
  const groups = topology.compute.map((group) => group.name);
  const unknown = Object.keys(nodes).filter((name) => !groups.includes(name));
  return [
    ...unknown.map((name) => ({ path: ["nodes", name], message: `is not one of the topology's groups ${groups.join(", ")}` })),
    ...topology.compute.flatMap((group): Problem[] => {
      const { Sockets, ThreadsPerCore, gpuType, extra } = optionsOf(nodes, group);
      const at = ["nodes", group.name];
      return [
        ...(group.cpus % Sockets === 0
          ? []
          : [{ path: [...at, "Sockets"], message: `${Sockets} does not divide the ${group.cpus} cores of a node of "${group.name}"` }]),
        ...(ThreadsPerCore === 1 || areEmulated(topology)
          ? []
          : [{ path: [...at, "ThreadsPerCore"], message: `${ThreadsPerCore} is for emulated nodes, machines have one thread a core` }]),
        ...(ThreadsPerCore === threadsPerCore({ nodes }, topology)
          ? []
          : [{ path: [...at, "ThreadsPerCore"], message: `${ThreadsPerCore} is not that of the other groups: give all the same` }]),
        ...(gpuType === undefined || group.gpus > 0
          ? []
          : [{ path: [...at, "gpuType"], message: `"${gpuType}" is of no GPU: "${group.name}" has none` }]),
        ...furtherProblems(at, extra, [], ownNodeKeys),
      ];
    }),
  ];
}

/** Settings that only priority/multifactor has, and that slurmctld says nothing of under another. */
const ofMultifactor =
  /^Priority(Parameters|DecayHalfLife|CalcPeriod|FavorSmall|Flags|MaxAge|UsageResetPeriod|Weight(Age|Assoc|Fairshare|JobSize|Partition|QOS|TRES))$/i;

function priorityProblems(given: SlurmParameters): Problem[] {
  const { PriorityType, PriorityDecayHalfLife, accounting, extra } = given;
  const found: Problem[] = [];
  const weights = ["Age", "Assoc", "Fairshare", "JobSize", "Partition", "QOS"] as const;
  if (PriorityType === "priority/basic") {
    const useless = (path: PropertyKey[], value: unknown) =>
      found.push({
        path,
        message: `${value} has no meaning under priority/basic: leave it out, or set PriorityType to priority/multifactor`,
      });
    for (const name of weights) if (given[`PriorityWeight${name}`] > 0) useless([`PriorityWeight${name}`], given[`PriorityWeight${name}`]);
    if (PriorityDecayHalfLife !== undefined) useless(["PriorityDecayHalfLife"], `"${PriorityDecayHalfLife}"`);
    for (const [key, value] of Object.entries(extra)) if (ofMultifactor.test(key)) useless(["extra", key], JSON.stringify(value));
    return found;
  }
  for (const name of ["Age", "Fairshare"] as const) {
    const value = given[`PriorityWeight${name}`];
    if (value > 0 && !accounting)
      found.push({
        path: [`PriorityWeight${name}`],
        message: `${value} is ignored by slurmctld without slurmdbd: set accounting: true, or leave it 0`,
      });
  }
  return [...found, ...halfLifeProblems(given)];
}

/** Usage that never decays: slurmctld does not start where nothing is said of its reset. */
function halfLifeProblems({ PriorityDecayHalfLife: halfLife, extra }: SlurmParameters): Problem[] {
  if (halfLife === undefined || slurmSeconds(String(halfLife)) !== 0 || Object.keys(extra).some(sameName("PriorityUsageResetPeriod")))
    return [];
  const message = `"${halfLife}" lets usage never decay: set extra.PriorityUsageResetPeriod (NONE, NOW, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY), or a half-life above 0`;
  return [{ path: ["PriorityDecayHalfLife"], message }];
}

/** What slurmctld counts without being told to (slurm.conf(5), AccountingStorageTRES). */
const countedTres = ["billing", "cpu", "energy", "fs/disk", "mem", "node", "pages", "vmem"];

/** slurmctld does not start where a weight is of something that it does not count. */
function billingProblems({ partitions, extra }: SlurmParameters): Problem[] {
  const [, more = ""] = Object.entries(extra).find(([key]) => sameName("AccountingStorageTRES")(key)) ?? [];
  const counted = [...countedTres, ...String(more).split(",")];
  return partitions.flatMap(({ TRESBillingWeights = {} }, i) =>
    Object.keys(TRESBillingWeights)
      .filter((tres) => !counted.some(sameName(tres)))
      .map((tres) => ({
        path: ["partitions", i, "TRESBillingWeights", tres],
        message: `is not counted: name it in extra.AccountingStorageTRES, or use one of ${countedTres.join(", ")}`,
      })),
  );
}

/** Choices that do not go with each other. */
function choiceProblems(
  { SelectType, SelectTypeParameters, PreemptType, PreemptMode, SchedulerParameters, extra, accounting }: SlurmParameters,
  topology: Topology,
): Problem[] {
  const found: Problem[] = [];
  const select = selectProblem(SelectType, SelectTypeParameters);
  if (select !== null) found.push({ path: ["SelectTypeParameters"], message: select });
  const preemption = preemptionProblem(PreemptType, PreemptMode);
  if (preemption !== null) found.push({ path: ["PreemptMode"], message: preemption });
  if (PreemptType === "preempt/qos" && !accounting)
    found.push({ path: ["PreemptType"], message: `"${PreemptType}" needs slurmdbd, which keeps the QOS: set accounting: true` });
  const most = messageTimeoutSeconds(extra, topology) / 2;
  const { max_sched_time: asked } = SchedulerParameters;
  if (asked !== undefined && asked > most)
    found.push({
      path: ["SchedulerParameters", "max_sched_time"],
      message: `${asked} is too large, the most is half of MessageTimeout, ${Math.floor(most)}; extra.MessageTimeout raises it`,
    });
  return found;
}

/** In seconds; Slurm's own default is 10. */
const messageTimeoutSeconds = (extra: SlurmParameters["extra"], topology: Topology): number =>
  Number(
    Object.entries(extra).find(([key]) => sameName("MessageTimeout")(key))?.[1] ??
      (areEmulated(topology) ? emulatedDefaults.MessageTimeout : 10),
  );

function extraProblems({ extra, SchedulerParameters }: SlurmParameters, typed: readonly string[]): Problem[] {
  return [
    ...furtherProblems([], extra, typed, ownNames),
    ...typedAgain(SchedulerParameters).map((key) => ({
      path: ["SchedulerParameters", "extra", key],
      message: `is a parameter of its own: write it as scheduler.SchedulerParameters.${key}`,
    })),
  ];
}

/** Keys of an escape hatch that have a place of their own, or that the program writes itself. */
function furtherProblems(at: readonly PropertyKey[], extra: object, typed: readonly string[], own: readonly string[]): Problem[] {
  return Object.keys(extra).flatMap((key): Problem[] => {
    const name = typed.find(sameName(key));
    const path = [...at, "extra", key];
    if (name !== undefined) return [{ path, message: `is a parameter of its own: write it as scheduler.${[...at, name].join(".")}` }];
    return own.some(sameName(key)) ? [{ path, message: "is written by schedfront itself and cannot be set" }] : [];
  });
}

/** What would contradict slurmds that share a machine. */
function emulationProblems({ TaskPlugin, extra }: SlurmParameters, topology: Topology): Problem[] {
  const count = computeNodes(topology).length;
  const set = Object.keys(extra).filter((key) => Object.keys(emulatedSettings).some(sameName(key)));
  const message = `"${TaskPlugin}" binds to cores, which emulated nodes do not have: use task/none`;
  return [
    ...(TaskPlugin === "task/none" ? [] : [{ path: ["TaskPlugin"], message }]),
    ...(count <= mostEmulatedNodes
      ? []
      : [{ path: ["topology", "compute"], message: `${count} emulated nodes need a port each, the head has ${mostEmulatedNodes}` }]),
    ...set.map((key) => ({ path: ["extra", key], message: "is written by schedfront itself where nodes are emulated" })),
  ];
}
