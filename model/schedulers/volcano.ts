import * as z from "zod";
import { grouped } from "../grouped.ts";
import { nodeRanges } from "../node-ranges.ts";
import type { Problem } from "../problem.ts";
import type { Admission, CertificateRequest, OwnFile, SchedulerKind } from "../scheduler.ts";
import { accounts } from "../stream/users.ts";
import { areEmulated, computeNodes, schedulableMemoryMiB, type Topology } from "../topology.ts";

/**
 * Volcano 1.10 on Kubernetes 1.30. Parameters keep the names of Volcano's own configuration, and those of the daemons' flags
 * in camel case (`--schedule-period` is schedulePeriod), so that they can be looked up as they stand.
 */

/** As Go's time.ParseDuration reads it. */
const duration = z.string().regex(/^[1-9]\d{0,5}(ms|s|m)$/);

/** Seconds of such a duration. */
function secondsOf(text: z.output<typeof duration>): number {
  const amount = Number.parseInt(text, 10);
  if (text.endsWith("ms")) return amount / 1000;
  return text.endsWith("m") ? amount * 60 : amount;
}

const weight = z.int().min(0).max(1_000_000);
const threads = z.int().min(1).max(1000);
const percentage = z.int().min(0).max(100);
const flag = z.boolean().optional();

/** Names of Kubernetes' resources, with commas between them. */
const resourceNames = /^[a-z0-9][a-z0-9./-]{0,62}(, ?[a-z0-9][a-z0-9./-]{0,62})*$/;

/** Amounts of resources by their names, as Kubernetes writes them: `{ cpu: 16, memory: 64Gi, nvidia.com/gpu: 4 }`. */
const amounts = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9./-]{0,62}$/),
  z.union([z.int().min(0), z.string().regex(/^\d{1,12}(\.\d{1,6})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/)]),
);

/** A client's limits of its requests to the apiserver, by default these many a second, and at once. */
const requestRate = (qps: number, burst: number) => ({
  kubeApiQps: z.int().min(1).max(100_000).default(qps).describe("Requests a second to the apiserver."),
  kubeApiBurst: z.int().min(1).max(100_000).default(burst),
});

/** Which of its functions a plugin may use; all that it has, where they are not given (conf.PluginOption). */
const enabled = {
  enableJobOrder: flag,
  enableJobReady: flag,
  enableJobPipelined: flag,
  enableJobEnqueued: flag,
  enableTaskOrder: flag,
  enablePreemptable: flag,
  enablePreemptive: flag,
  enableReclaimable: flag,
  enableQueueOrder: flag,
  enablePredicate: flag,
  enableBestNode: flag,
  enableNodeOrder: flag,
  enableTargetJob: flag,
  enableJobStarving: flag,
};

const plain = <Name extends string>(name: Name) => z.strictObject({ name: z.literal(name), ...enabled });

const withArguments = <Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, shape: Shape) =>
  z.strictObject({ name: z.literal(name), ...enabled, arguments: z.strictObject(shape).partial().optional() });

/** A plugin with its arguments by Volcano's names; what is not given has the value that the plugin itself takes then. */
const plugin = z.discriminatedUnion("name", [
  plain("priority"),
  plain("gang"),
  plain("conformance"),
  plain("pdb"),
  plain("proportion"),
  plain("capacity"),
  withArguments("sla", { "sla-waiting-time": duration.describe("A job that has waited for so long goes first.") }),
  withArguments("overcommit", {
    "overcommit-factor": z.number().min(1).max(1000).describe("Jobs are let in until they ask for so many times what is there."),
  }),
  plain("drf").extend({ enableHierarchy: flag }),
  withArguments("predicates", {
    "predicate.NodeAffinityEnable": z.boolean(),
    "predicate.NodePortsEnable": z.boolean(),
    "predicate.TaintTolerationEnable": z.boolean(),
    "predicate.PodAffinityEnable": z.literal(true).describe("What keeps two pods of one job from sharing a node."),
    "predicate.PodTopologySpreadEnable": z.boolean(),
    "predicate.CacheEnable": z.boolean(),
  }),
  withArguments("nodeorder", {
    "nodeaffinity.weight": weight,
    "podaffinity.weight": weight,
    "leastrequested.weight": weight,
    "balancedresource.weight": weight,
    "mostrequested.weight": weight,
    "tainttoleration.weight": weight,
    "imagelocality.weight": weight,
    "podtopologyspread.weight": weight,
  }),
  plain("binpack").extend({
    arguments: z
      .strictObject({
        "binpack.weight": weight,
        "binpack.cpu": weight,
        "binpack.memory": weight,
        "binpack.resources": z.string().regex(resourceNames),
      })
      .partial()
      .catchall(weight)
      .optional()
      .describe("binpack.resources names further resources, binpack.resources.<name> the weight of each."),
  }),
  withArguments("deviceshare", {
    "deviceshare.GPUSharingEnable": z.boolean(),
    "deviceshare.GPUNumberEnable": z.boolean(),
    "deviceshare.VGPUEnable": z.boolean(),
    "deviceshare.NodeLockEnable": z.boolean(),
    "deviceshare.SchedulePolicy": z.enum(["binpack", "spread"]),
    "deviceshare.ScheduleWeight": weight,
  }),
  plain("nodegroup"),
  withArguments("numa-aware", { weight }),
  plain("cdp"),
  plain("resourcequota"),
  withArguments("task-topology", { "task-topology.weight": weight }),
  plain("tdm").extend({
    arguments: z.record(z.string().regex(/^tdm\.[A-Za-z0-9.-]{1,64}$/), z.string().regex(/^[0-9:hms.-]{1,32}$/)).optional(),
  }),
  withArguments("usage", {
    "usage.weight": weight,
    "cpu.weight": weight,
    "memory.weight": weight,
    thresholds: z.strictObject({ cpu: percentage, mem: percentage }).partial(),
  }),
  withArguments("rescheduling", {
    interval: duration,
    metricsPeriod: duration,
    strategies: z
      .array(z.strictObject({ name: z.string().regex(/^[A-Za-z]{1,40}$/), params: z.record(z.string(), z.unknown()).optional() }))
      .max(8),
  }),
]);

const actions = ["enqueue", "allocate", "backfill", "preempt", "reclaim"] as const;

const scheduler = z
  .strictObject({
    actions: z.array(z.enum(actions)).min(1).max(actions.length).default(["enqueue", "allocate", "backfill"]),
    tiers: z
      .array(z.strictObject({ plugins: z.array(plugin).min(1).max(16) }))
      .min(1)
      .max(8)
      .default([
        { plugins: [{ name: "priority" }, { name: "gang", enablePreemptable: false }, { name: "conformance" }] },
        {
          plugins: [
            { name: "overcommit" },
            { name: "drf", enablePreemptable: false },
            { name: "predicates" },
            { name: "proportion" },
            { name: "nodeorder" },
            { name: "binpack" },
          ],
        },
      ])
      .describe("As Volcano's Helm chart has them, but with proportion, which queues' weights are for, instead of capacity."),
    schedulePeriod: duration.default("1s").describe("Between the starts of two scheduling cycles."),
    ...requestRate(2000, 2000),
    nodeWorkerThreads: threads.default(20),
    minimumFeasibleNodes: z.int().min(1).max(100_000).default(100).describe("Nodes that are looked for at least."),
    minimumPercentageNodesToFind: percentage.default(5),
    percentageNodesToFind: percentage.default(0).describe("0: fewer, the larger the cluster is."),
  })
  .prefault({})
  .describe("vc-scheduler.");

const controllers = z
  .strictObject({
    ...requestRate(50, 100),
    workerThreads: threads.default(3).describe("Jobs that are worked on at the same time."),
    workerThreadsForPodgroup: threads.default(5),
    workerThreadsForGc: threads.default(1),
  })
  .prefault({})
  .describe("vc-controller-manager, whose requests a second are what limits short jobs.");

const webhook = z.strictObject(requestRate(50, 100)).prefault({}).describe("vc-webhook-manager, which no job goes round.");

const apiserver = z
  .strictObject({
    maxRequestsInflight: z.int().min(1).max(100_000).default(400),
    maxMutatingRequestsInflight: z.int().min(1).max(100_000).default(200),
  })
  .prefault({})
  .describe("kube-apiserver.");

const controllerManager = z
  .strictObject({
    ...requestRate(20, 30),
    nodeMonitorGracePeriod: duration.default("40s").describe("A node that has renewed its lease for so long no more is not ready."),
  })
  .prefault({})
  .describe("kube-controller-manager.");

const kubelet = z
  .strictObject({
    nodeLeaseDurationSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(40)
      .describe("A node renews its lease each quarter of it: what idle nodes ask of kube-apiserver."),
  })
  .prefault({})
  .describe("kubelet, or what pretends to be it (KubeletConfiguration).");

/** Where jobs go that no other queue takes; vc-scheduler makes it by itself. */
export const defaultQueue = "default";

const queue = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/),
  weight: z.int().min(1).max(65_535).default(1).describe("Its share beside other queues' (proportion)."),
  reclaimable: z.boolean().default(true).describe("Whether others may take back what it uses beyond its share (reclaim)."),
  priority: z.int().min(0).max(1_000_000).default(0),
  capability: amounts.optional().describe("The most that its jobs have at once."),
  deserved: amounts.optional().describe("What it has a right to, beyond which others may reclaim (capacity)."),
  guarantee: z.strictObject({ resource: amounts }).optional().describe("What is kept for it (capacity, proportion)."),
  users: z
    .array(z.enum(accounts))
    .max(accounts.length)
    .default([])
    .describe("Whose jobs it takes, where a workload does not name a queue itself."),
});

const parameters = z
  .strictObject({
    kind: z.literal("volcano"),
    scheduler,
    controllers,
    webhook,
    apiserver,
    controllerManager,
    kubelet,
    queues: z
      .array(queue)
      .min(1)
      .max(65)
      .default([queue.parse({ name: defaultQueue })])
      .describe(`Jobs of users that no queue names go to ${defaultQueue}.`),
  })
  .describe("B: Kubernetes with Volcano. Parameters have the names of Volcano's configuration and of its daemons' flags.");

export type VolcanoParameters = z.output<typeof parameters>;

const at = (...path: PropertyKey[]) => ["scheduler", ...path];

function problems({ scheduler, controllerManager, kubelet, queues }: VolcanoParameters, topology: Topology): Problem[] {
  const found: Problem[] = [];
  const plugins = scheduler.tiers.flatMap(({ plugins }, tier) =>
    plugins.map((plugin, i) => ({ plugin, path: at("scheduler", "tiers", tier, "plugins", i) })),
  );
  const named = (name: string) => plugins.find(({ plugin }) => plugin.name === name);
  for (const [i, { plugin, path }] of plugins.entries())
    if (plugins.findIndex((other) => other.plugin.name === plugin.name) !== i)
      found.push({ path, message: `"${plugin.name}" is already there` });
  for (const [name, reason] of Object.entries(needed))
    if (named(name) === undefined) found.push({ path: at("scheduler", "tiers"), message: `have no plugin ${name}: ${reason}` });
  const { plugin: drf } = named("drf") ?? {};
  const proportion = named("proportion");
  if (proportion !== undefined && drf !== undefined && "enableHierarchy" in drf && drf.enableHierarchy === true)
    found.push({ path: proportion.path, message: '"proportion" does not go with drf\'s enableHierarchy: vc-scheduler would take neither' });
  if (proportion !== undefined && named("capacity") !== undefined)
    found.push({ path: proportion.path, message: '"proportion" does not go with capacity: both would share out the queues' });
  const binpack = named("binpack");
  if (binpack?.plugin.name === "binpack")
    for (const key of Object.keys(binpack.plugin.arguments ?? {}))
      if (!/^binpack\.(weight|cpu|memory|resources(\..+)?)$/.test(key))
        found.push({
          path: [...binpack.path, "arguments", key],
          message: "is not one of binpack.weight, binpack.cpu, binpack.memory, binpack.resources, binpack.resources.<name>",
        });
  if (new Set(scheduler.actions).size < scheduler.actions.length)
    found.push({ path: at("scheduler", "actions"), message: `${scheduler.actions.join(", ")}: each action may be given once` });
  if (!scheduler.actions.includes("allocate"))
    found.push({ path: at("scheduler", "actions"), message: `${scheduler.actions.join(", ")} lacks allocate: no job would start` });
  const { nodeMonitorGracePeriod } = controllerManager;
  if (secondsOf(nodeMonitorGracePeriod) < kubelet.nodeLeaseDurationSeconds)
    found.push({
      path: at("controllerManager", "nodeMonitorGracePeriod"),
      message: `${nodeMonitorGracePeriod} is less than kubelet.nodeLeaseDurationSeconds, ${kubelet.nodeLeaseDurationSeconds}: nodes would not be ready while their leases hold`,
    });
  const taken = new Set<string>();
  queues.forEach(({ name, users, deserved }, i) => {
    const complain = (key: string, message: string) => found.push({ path: at("queues", i, key), message });
    if (queues.findIndex((other) => other.name === name) !== i) complain("name", `"${name}" is already taken`);
    if (deserved !== undefined && named("capacity") === undefined)
      complain("deserved", `has no meaning for "${name}" without the plugin capacity: name it in place of proportion`);
    if (name === defaultQueue && users.length > 0) complain("users", `"${name}" takes the jobs of all users whom no queue names`);
    for (const user of users) {
      if (taken.has(user)) complain("users", `"${user}" has a queue already`);
      taken.add(user);
    }
  });
  topology.compute.forEach(({ name, gpuPciAddresses }, i) => {
    if (gpuPciAddresses.length > 0)
      found.push({
        path: ["topology", "compute", i, "gpuPciAddresses"],
        message: `"${name}" passes devices through, which kubelet needs a vendor's plugin for: declare GPUs only`,
      });
  });
  return found;
}

/** Plugins without which results would mean something else. */
const needed = {
  gang: "jobs would start in parts",
  predicates: "pods would be placed where they do not fit",
};

/** `minimumFeasibleNodes` → `minimum-feasible-nodes`. */
const flagName = (parameter: string) => parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const flagsOf = (given: Readonly<Record<string, string | number>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [flagName(name), String(value)]));

/** Where vc-scheduler tells what it has run, on the head itself. */
export const schedulerMetricsAddress = "127.0.0.1:11250";

/** The flags of each daemon that parameters decide, by their names without dashes; the role has addresses and certificates. */
function flags({ scheduler, controllers, webhook, apiserver, controllerManager }: VolcanoParameters) {
  const { actions: _actions, tiers: _tiers, ...ofScheduler } = scheduler;
  return {
    "vc-scheduler": { ...flagsOf(ofScheduler), "enable-metrics": "true", "listen-address": schedulerMetricsAddress },
    "vc-controller-manager": flagsOf(controllers),
    "vc-webhook-manager": flagsOf(webhook),
    "kube-apiserver": flagsOf(apiserver),
    "kube-controller-manager": flagsOf(controllerManager),
  };
}

/** volcano-scheduler.conf, which is YAML, and JSON with it. */
const configurationText = (given: VolcanoParameters): string => JSON.stringify(configurationFile(given), null, 2);

const configurationFile = ({ scheduler: { actions, tiers } }: VolcanoParameters) => ({ actions: actions.join(", "), tiers });

/** Queues as Volcano's API has them. */
const queueObjects = ({ queues }: VolcanoParameters) =>
  queues.map(({ name, users: _users, ...spec }) => ({
    apiVersion: "scheduling.volcano.sh/v1beta1",
    kind: "Queue",
    metadata: { name },
    spec,
  }));

/** Daemons' flags with their values: `--schedule-period=1s`. */
const flagTexts = (given: VolcanoParameters): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(flags(given)).map(([daemon, own]) => [daemon, Object.entries(own).map(([name, value]) => `--${name}=${value}`)]),
  );

/** The ConfigMap of Volcano's Helm chart, the queues, and the daemons' flags. */
function ownFiles(given: VolcanoParameters): OwnFile[] {
  const configMap = [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    "  name: volcano-scheduler-configmap",
    "  namespace: volcano-system",
    "data:",
    "  volcano-scheduler.conf: |",
    ...configurationText(given)
      .split("\n")
      .map((line) => `    ${line}`),
  ];
  const queues = queueObjects(given).flatMap((queue) => ["---", ...JSON.stringify(queue, null, 2).split("\n")]);
  const daemons = Object.entries(flagTexts(given)).flatMap(([daemon, own]) => own.map((flag) => `${daemon} ${flag}`));
  return [
    { name: "volcano-scheduler-configmap.yaml", paste: "whole", comment: "#", lines: configMap },
    { name: "volcano-queues.yaml", paste: "whole", comment: "#", lines: queues },
    { name: "volcano-flags.txt", paste: "lines", comment: "#", lines: daemons },
  ];
}

/** What a node is to offer to jobs, or each node of a group. */
const offerOf = <Hardware extends Record<"cpus" | "gpus" | "memoryGiB", number>>({ cpus, gpus, memoryGiB }: Hardware) => ({
  cpus,
  gpus,
  memoryMiB: schedulableMemoryMiB({ memoryGiB }),
});

/**
 * What nodes offer, and which of them: `Nodes with cpu=64` → cpu[1-384]. A setting for each node would be thousands.
 * @param nodes amounts of each by their resources' names
 */
export function offers(nodes: readonly { readonly name: string; readonly amounts: Readonly<Record<string, string>> }[]) {
  const offered = nodes.flatMap(({ name, amounts }) =>
    Object.entries(amounts).map(([resource, amount]) => ({ name, key: `Nodes with ${resource}=${amount}` })),
  );
  return Object.fromEntries([...grouped(offered, ({ key }) => key)].map(([key, own]) => [key, nodeRanges(own.map(({ name }) => name))]));
}

/** How a lease's length is called beside what a node offers, as kubelet's configuration calls it. */
export const leaseSetting = "nodeLeaseDurationSeconds";

const expectedOffers = ({ kubelet }: VolcanoParameters, topology: Topology) =>
  offers(
    computeNodes(topology).map((node) => {
      const { cpus, gpus, memoryMiB } = offerOf(node);
      const amounts = {
        cpu: String(cpus),
        memory: `${memoryMiB}Mi`,
        ...(gpus > 0 ? { [gpuResource]: String(gpus) } : {}),
        [leaseSetting]: String(kubelet.nodeLeaseDurationSeconds),
      };
      return { name: node.name, amounts };
    }),
  );

/** Name of the extended resource that a declared GPU is. */
export const gpuResource = "nvidia.com/gpu";

/** The webhooks that a job goes through, by their names in Volcano's own manifest. */
const webhooks = [
  "mutatejob.volcano.sh",
  "mutatepod.volcano.sh",
  "mutatepodgroup.volcano.sh",
  "mutatequeue.volcano.sh",
  "validatejob.volcano.sh",
  "validatepod.volcano.sh",
  "validatequeue.volcano.sh",
];

/** Every leaf of a configuration by its path: `tiers[0].gang.enablePreemptable`. A list of things with names goes by these. */
export function flattened(value: unknown, path = ""): Record<string, string> {
  if (Array.isArray(value))
    return Object.assign({ [`${path}.length`]: String(value.length) }, ...value.map((entry, i) => flattened(entry, `${path}[${i}]`)));
  if (typeof value === "object" && value !== null)
    return Object.assign({}, ...Object.entries(value).map(([key, entry]) => flattened(entry, path === "" ? key : `${path}.${key}`)));
  return { [path]: String(value) };
}

/** Flags as they are compared: `vc-scheduler --schedule-period`. */
const expectedFlags = (given: VolcanoParameters) =>
  Object.entries(flags(given)).flatMap(([daemon, own]) => Object.entries(own).map(([name, value]) => [`${daemon} --${name}`, value]));

function expectedConfiguration(given: VolcanoParameters, topology: Topology): Record<string, string> {
  const plugins = given.scheduler.tiers.flatMap(({ plugins }) => plugins.map(({ name }) => name));
  return {
    ...Object.fromEntries(expectedFlags(given)),
    ...flattened(configurationFile(given), "volcano-scheduler.conf"),
    "actions run": [...given.scheduler.actions].sort().join(","),
    "plugins run": [...plugins].sort().join(","),
    webhooks: webhooks.join(","),
    ...Object.assign({}, ...queueObjects(given).map(({ metadata, spec }) => flattened(spec, `Queue.${metadata.name}`))),
    ...expectedOffers(given, topology),
  };
}

/** Jobs that name no queue go to the one that has their user. */
const admission = ({ queues }: VolcanoParameters): Admission => ({
  refusal(job) {
    const names = [...new Set([defaultQueue, ...queues.map(({ name }) => name)])];
    if (job.queue !== undefined && !names.includes(job.queue)) return `there is no queue "${job.queue}", only ${names.join(", ")}`;
    const at = queues.findIndex(({ name, users }) =>
      job.queue === undefined ? users.some((user) => user === job.user) : name === job.queue,
    );
    const own = queues[at < 0 ? queues.findIndex(({ name }) => name === defaultQueue) : at];
    const asked: Readonly<Record<string, number>> = {
      cpu: job.nodes * job.ranksPerNode * job.coresPerRank,
      [gpuResource]: job.nodes * job.gpusPerNode,
    };
    const short = Object.entries(own?.capability ?? {}).find(
      ([name, amount]) => (asked[name] ?? 0) > (cores(amount) ?? Number.POSITIVE_INFINITY),
    );
    return short === undefined
      ? null
      : `queue "${own?.name}" has a capability of ${short[1]} ${short[0]}, the job asks for ${asked[short[0]]}: raise scheduler.queues' capability, or name another queue`;
  },
});

/** A whole amount, or one in thousandths; null in another unit. */
function cores(amount: string | number): number | null {
  const [, digits, unit] = /^([\d.]+)(m?)$/.exec(String(amount)) ?? [];
  return digits === undefined ? null : Number(digits) / (unit === "m" ? 1000 : 1);
}

const subject = (user: string, group?: string) => `${group === undefined ? "" : `/O=${group}`}/CN=${user}`;

/** A certificate for each who speaks to the apiserver or is spoken to, with the names that RBAC knows them by. */
function certificates(topology: Topology): Record<string, CertificateRequest> {
  const client = (user: string, group?: string): CertificateRequest => ({ subject: subject(user, group), hosts: [] });
  const kubelets = computeNodes(topology).map(({ name }) => [
    name,
    { subject: subject(`system:node:${name}`, "system:nodes"), hosts: [name] },
  ]);
  return {
    "kube-apiserver": { subject: subject("kube-apiserver"), hosts: ["head", "localhost", "kubernetes.default.svc"] },
    etcd: { subject: subject("etcd"), hosts: ["localhost"] },
    "service-accounts": client("service-accounts"),
    "kube-controller-manager": client("system:kube-controller-manager"),
    "vc-scheduler": client("volcano:vc-scheduler"),
    "vc-controller-manager": client("volcano:vc-controller-manager"),
    "vc-webhook-manager": { subject: subject("volcano:vc-webhook-manager"), hosts: ["localhost"] },
    admin: client("schedfront", "system:masters"),
    ...(areEmulated(topology) ? { kwok: client("schedfront:kwok") } : Object.fromEntries(kubelets)),
  };
}

/** The image in which every job runs, the nodes' own root file system, as containerd knows it. */
export const jobImage = "schedfront.invalid/node:latest";

/** Annotation of a pod that says for how many seconds its body would run, for nodes that only pretend to run it. */
export const runSecondsAnnotation = "schedfront/run-seconds";

/** The namespace of all jobs. */
export const namespace = "schedfront";

export const volcano = {
  parameters,
  debianPackages: ["etcd-server", "containerd", "crun", "containernetworking-plugins"],
  programs: "kubernetes",
  problems,
  roleVariables: (given, topology) => ({
    volcano_flags: flagTexts(given),
    volcano_scheduler_conf: configurationText(given),
    volcano_queues: queueObjects(given),
    volcano_nodes: areEmulated(topology) ? [] : computeNodes(topology).map((node) => ({ name: node.name, ...offerOf(node) })),
    volcano_emulated_groups: areEmulated(topology)
      ? topology.compute.map((group) => ({ name: group.name, count: group.count, ...offerOf(group) }))
      : [],
    volcano_node_lease_seconds: given.kubelet.nodeLeaseDurationSeconds,
    volcano_gpu_resource: gpuResource,
    volcano_job_image: jobImage,
    volcano_namespace: namespace,
    volcano_mtu: topology.network.mtu,
  }),
  ownFiles,
  secrets: (topology) => ({ volcano_certificates: { certificates: certificates(topology) } }),
  allocation: () => ({ unit: "core", memory: "as asked" }),
  // vc-controller-manager makes all pods of a gang at once, and those that its webhook does not let in within 10 s it makes anew.
  mostNodesOfCanary: () => 16,
  unattended: { missing: "its role starts it only by way of Ansible" },
  admission,
  emulation: { headMemoryGiB: (nodes) => 3 + nodes / 256, bodies: "pretended", programs: "kwok" },
  expectedConfiguration,
} satisfies SchedulerKind<typeof parameters>;
