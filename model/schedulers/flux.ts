import * as z from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import type { Admission, Allocation, SchedulerKind } from "../scheduler.ts";
import { areEmulated, computeNodes, label, type Topology } from "../topology.ts";

/** Parameters keep Flux's own names (flux-config(5), flux-core 0.88; flux-config-sched-fluxion-*(5), flux-sched 0.54). */

/** The module that each choice of `scheduler` loads. */
const modules = {
  fluxion: "sched-fluxion-qmanager",
  "sched-simple": "sched-simple",
  "sched-fifo": "sched-fifo",
  "sched-backfill": "sched-backfill",
} as const;

const count = z.int().min(1).max(1_000_000);

const policy = z.enum(["fcfs", "easy", "conservative", "hybrid"]);

const queueParams = z
  .strictObject({
    "queue-depth": count.describe("Pending jobs that one scheduling cycle looks at."),
    "max-queue-depth": count,
  })
  .partial();

const policyParams = z
  .strictObject({
    "reservation-depth": count.describe("Jobs whose start backfill may not delay, under hybrid."),
    "max-reservation-depth": count.describe("Jobs whose start is planned at most, under conservative and hybrid."),
  })
  .partial();

/** Flux Standard Duration (RFC 23): a number with an optional suffix, seconds without one. */
const duration = z.string().regex(/^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)?$/);

const size = z
  .strictObject({ nnodes: z.int().min(-1), ncores: z.int().min(-1), ngpus: z.int().min(-1) })
  .partial()
  .describe("-1: no limit.");

const limits = z.strictObject({ duration, "job-size": z.strictObject({ max: size, min: size }).partial() }).partial();

const queue = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  groups: z.array(label).min(1).max(16).optional().describe("Compute groups whose nodes it holds; all where it is not given."),
  default: z.boolean().default(false).describe("Where the suite's jobs go, which name no queue."),
  "queue-policy": policy.optional(),
  "queue-params": queueParams.optional(),
  "policy-params": policyParams.optional(),
  limits: limits.optional(),
  defaultDuration: duration
    .optional()
    .describe("Limit of a job that names none; those of a suite all name one (policy.jobspec.defaults.system.duration)."),
});

/** A named match policy, or one made of its attributes, in Fluxion's own words. */
const matchPolicy = z.string().regex(/^((low|high|(lo|hi)nodex?|first(nodex)?)|[a-z0-9_]+=[a-z]+( [a-z0-9_]+=[a-z]+)*)$/);

const parameters = z
  .strictObject({
    kind: z.literal("flux"),
    scheduler: z
      .enum(Object.keys(modules) as [keyof typeof modules])
      .default("fluxion")
      .describe("Fluxion, or one of the schedulers in flux-core."),
    "queue-policy": policy.default("fcfs").describe("Fluxion's order of the queue, and what may overtake."),
    "queue-params": queueParams.default({}),
    "policy-params": policyParams.default({}),
    "match-policy": matchPolicy.default("first").describe("Which resources Fluxion prefers; with an x at its end it gives whole nodes."),
    "match-format": z.enum(["rv1_nosched", "rv1", "rv1_shorthand"]).default("rv1_nosched"),
    "prune-filters": z
      .string()
      .regex(/^(ALL|[a-z]+):[a-z]+(,(ALL|[a-z]+):[a-z]+)*$/)
      .optional()
      .describe("What Fluxion counts on the way down its graph."),
    queues: z.array(queue).max(64).default([]).describe("Named queues; without any there is one that has no name."),
    limits: limits.default({}),
    defaultDuration: duration.optional().describe("Limit of a job that names none, where its queue has none of its own."),
    extra: z
      .record(
        z.string().regex(/^[a-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/),
        z.union([z.string().regex(/^[^\p{Cc}]{0,500}$/u), z.number(), z.boolean()]),
      )
      .default({})
      .describe("Further keys of Flux's configuration, dotted: sched-fluxion-resource.reserve-by-rank."),
  })
  .describe("B: Flux. Parameters have the names of its configuration.");

export type FluxParameters = z.output<typeof parameters>;

const at = (...path: PropertyKey[]) => ["scheduler", ...path];

/** What only Fluxion understands. */
const ofFluxion = ["queue-policy", "policy-params", "match-policy", "match-format", "prune-filters"] as const;

const stock = parameters.parse({ kind: "flux" });

function problems(given: FluxParameters, topology: Topology): Problem[] {
  const found: Problem[] = [];
  if (given.scheduler !== "fluxion")
    for (const key of ofFluxion)
      if (JSON.stringify(given[key]) !== JSON.stringify(stock[key]))
        found.push({ path: at(key), message: `${JSON.stringify(given[key])} needs Fluxion, but scheduler is "${given.scheduler}"` });
  if (given.scheduler !== "fluxion" && given["queue-params"]["max-queue-depth"] !== undefined)
    found.push({ path: at("queue-params", "max-queue-depth"), message: `needs Fluxion, but scheduler is "${given.scheduler}"` });
  const written = settings({ ...given, extra: {} }, topology);
  for (const key of Object.keys(given.extra))
    if (/^(access|bootstrap|tbon|systemd|exec)\./.test(key) || key in written || key.startsWith("resource."))
      found.push({ path: at("extra", key), message: "is written by schedfront itself and cannot be set" });
  return [...found, ...queueProblems(given, topology)];
}

function queueProblems({ queues, scheduler }: FluxParameters, topology: Topology): Problem[] {
  const found: Problem[] = [];
  const groups = topology.compute.map((group) => group.name);
  const holders = new Map<string, string>();
  queues.forEach((queue, i) => {
    if (queues.findIndex((other) => other.name === queue.name) !== i)
      found.push({ path: at("queues", i, "name"), message: `"${queue.name}" is already taken` });
    for (const name of queue.groups ?? []) {
      if (!groups.includes(name))
        found.push({ path: at("queues", i, "groups"), message: `"${name}" is not one of the topology's groups ${groups.join(", ")}` });
    }
    for (const name of queue.groups ?? groups) {
      const holder = holders.get(name);
      if (holder !== undefined && holder !== queue.name)
        found.push({ path: at("queues", i, "groups"), message: `"${name}" is already in queue "${holder}", and queues may not overlap` });
      holders.set(name, queue.name);
    }
    const own = (["queue-policy", "queue-params", "policy-params"] as const).find((key) => queue[key] !== undefined);
    if (scheduler !== "fluxion" && own !== undefined)
      found.push({ path: at("queues", i, own), message: `needs Fluxion, but scheduler is "${scheduler}"` });
  });
  for (const name of queues.length > 0 ? groups : [])
    if (!holders.has(name)) found.push({ path: at("queues"), message: `group "${name}" is in none of them, so its nodes would stay idle` });
  const defaults = queues.filter((queue) => queue.default).length;
  if (queues.length > 0 && defaults !== 1)
    found.push({ path: at("queues"), message: `${defaults} queues have default: true, exactly one must` });
  return found;
}

/** `debug:fcfs batch:easy`, Fluxion's form of a value for each queue; undefined where no queue has one. */
const perQueue = ({ queues }: FluxParameters, partOf: (queue: FluxParameters["queues"][number]) => string | undefined) =>
  queues.flatMap((queue) => (partOf(queue) ? [`${queue.name}:${partOf(queue)}`] : [])).join(" ") || undefined;

/** `queue-depth=8,max-queue-depth=16`. */
const listed = (table: object = {}) =>
  Object.entries(table)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

const fluxionTables = (given: FluxParameters) => ({
  "sched-fluxion-qmanager": {
    "queue-policy": given["queue-policy"],
    "queue-params": given["queue-params"],
    "policy-params": given["policy-params"],
    "queue-policy-per-queue": perQueue(given, (queue) => queue["queue-policy"]),
    "queue-params-per-queue": perQueue(given, (queue) => listed(queue["queue-params"])),
    "policy-params-per-queue": perQueue(given, (queue) => listed(queue["policy-params"])),
  },
  "sched-fluxion-resource": {
    "match-policy": given["match-policy"],
    "match-format": given["match-format"],
    "prune-filters": given["prune-filters"],
  },
});

/** What flux-modprobe(1) is to load as the scheduler, and how. */
function moduleTables({ scheduler, "queue-params": { "queue-depth": depth } }: FluxParameters) {
  const name = modules[scheduler];
  if (scheduler === "fluxion") return { alternatives: { sched: name, feasibility: "sched-fluxion-feasibility" } };
  return {
    alternatives: { sched: name, feasibility: name },
    ...(depth === undefined ? {} : { [name]: { args: [`queue-depth=${depth}`] } }),
  };
}

const property = (queue: string) => `queue-${queue}`;

const homeQueue = ({ queues }: FluxParameters) => queues.find((queue) => queue.default);

function queueTables(given: FluxParameters) {
  const { queues, limits } = given;
  const tables = queues.map(({ name, limits, defaultDuration: duration }) => [
    name,
    { requires: [property(name)], policy: { limits, jobspec: { defaults: { system: { duration } } } } },
  ]);
  return {
    policy: { jobspec: { defaults: { system: { queue: homeQueue(given)?.name, duration: given.defaultDuration } } }, limits },
    queues: Object.fromEntries(tables),
  };
}

/**
 * `{ a: { b: 1 } }` → `{ "a.b": 1 }`: dotted keys, which TOML has, too. What is undefined, and what holds nothing, keeps
 * Flux's own default.
 */
function dotted(value: unknown, path: readonly string[] = []): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path.join("."), value]];
  return Object.entries(value).flatMap(([key, inner]) => dotted(inner, [...path, key]));
}

/** For a head whose broker answers for all nodes, and pretends to run the jobs of whoever submits them. */
const emulatedTables = { modules: { resource: { args: ["monitor-force-up"] } }, exec: { testexec: { "allow-guests": true } } };

/** Flux's configuration, as far as parameters and emulated nodes decide it: keys of flux-config(5). */
const settings = (given: FluxParameters, topology: Topology): Record<string, unknown> =>
  Object.fromEntries([
    ...dotted({ modules: moduleTables(given), ...(given.scheduler === "fluxion" ? fluxionTables(given) : {}), ...queueTables(given) }),
    ...dotted(areEmulated(topology) ? emulatedTables : {}),
    ...Object.entries(given.extra),
  ]);

/** Dotted keys, as the role's system.toml.j2 writes them; a value's JSON is TOML, too. */
const tomlLines = (all: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(all).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);

/** RFC 22: how many there are as a set of their numbers from 0. */
const idset = (count: number) => (count === 1 ? "0" : `0-${count - 1}`);

const hostsOf = ({ name, count }: Topology["compute"][number]) => (count === 1 ? `${name}1` : `${name}[1-${count}]`);

/** `[[resource.config]]` of flux-config-resource(5): hosts, what is on one, and the queues that hold it. The head's brokers are rank 0. */
const resources = ({ queues }: FluxParameters, topology: Topology) => [
  { hosts: "head", cores: idset(topology.head.cpus) },
  ...topology.compute.map((group) => {
    const holding = queues.filter((queue) => queue.groups?.includes(group.name) ?? true).map((queue) => property(queue.name));
    return {
      hosts: hostsOf(group),
      cores: idset(group.cpus),
      ...(group.gpus > 0 ? { gpus: idset(group.gpus) } : {}),
      ...(holding.length > 0 ? { properties: holding } : {}),
    };
  }),
];

/** What Fluxion's modules themselves report, under their names and `params`; the rest says only what was written down. */
function inFluxion(given: FluxParameters): Record<string, unknown> {
  if (given.scheduler !== "fluxion") return {};
  const { "queue-policy": policy, queues } = given;
  return {
    "sched-fluxion-resource.params.policy": given["match-policy"],
    "sched-fluxion-resource.params.match-format": given["match-format"],
    ...(given["prune-filters"] === undefined ? {} : { "sched-fluxion-resource.params.prune-filters": given["prune-filters"] }),
    "sched-fluxion-qmanager.params.queue-policy": policy,
    ...Object.fromEntries(
      queues.map(({ name, "queue-policy": own = policy }) => [`sched-fluxion-qmanager.params.${name}.queue-policy`, own]),
    ),
  };
}

/** flux-config-sched-fluxion-resource(5): a policy with an x, or with node_exclusive, gives whole nodes; nothing counts memory. */
const allocation = ({ scheduler, "match-policy": policy }: FluxParameters): Allocation => ({
  unit: scheduler === "fluxion" && (policy.endsWith("nodex") || policy.includes("node_exclusive=true")) ? "node" : "core",
  memory: false,
});

/** Queues do not overlap, and jobs that name none go to the default one. */
function queueOf(given: FluxParameters, group: string): string | undefined {
  const holding = given.queues.find(({ groups }) => groups?.includes(group) ?? true);
  return holding?.default ? undefined : holding?.name;
}

/** flux-config-policy(5): what the default queue says of a limit goes before what is said for all. -1 is none. */
function mostNodesOfCanary(given: FluxParameters): number {
  const own = homeQueue(given)?.limits?.["job-size"]?.max;
  const most = (key: "nnodes" | "ncores") => own?.[key] ?? given.limits["job-size"]?.max?.[key] ?? -1;
  return Math.min(...[most("nnodes"), most("ncores")].map((limit) => (limit < 0 ? Number.POSITIVE_INFINITY : limit)));
}

const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a Flux Standard Duration; 0 is no limit (flux-config-policy(5)). */
function limitSeconds(text: string): number {
  const [, amount = "0", unit = "s"] = /^([\d.]+)(ms|[smhd])?$/.exec(text) ?? [];
  const seconds = Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds;
}

/** What Flux would do with a suite's jobs: a queue's own limits go before those for all. */
function admission(given: FluxParameters, topology: Topology): Admission {
  const { queues, limits } = given;
  const fits = (groups: readonly string[] | undefined, job: Job) =>
    topology.compute
      .filter(
        (group) =>
          (groups?.includes(group.name) ?? true) && group.cpus >= job.ranksPerNode * job.coresPerRank && group.gpus >= job.gpusPerNode,
      )
      .reduce((sum, group) => sum + group.count, 0);
  const lackOf = (queue: FluxParameters["queues"][number] | undefined, at: string, job: Job): string | null => {
    const own = queue?.limits;
    const where = (key: "duration" | "job-size") => (own?.[key] === undefined ? "scheduler" : at);
    const duration = own?.duration ?? limits.duration;
    if (duration !== undefined && job.walltimeSeconds > limitSeconds(duration))
      return `${where("duration")}.limits.duration is ${duration}, the job's limit ${job.walltimeSeconds} s`;
    const sizes = { nnodes: job.nodes, ncores: job.nodes * job.ranksPerNode * job.coresPerRank, ngpus: job.nodes * job.gpusPerNode };
    for (const [key, asked] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
      const most = own?.["job-size"]?.max?.[key] ?? limits["job-size"]?.max?.[key] ?? -1;
      const least = own?.["job-size"]?.min?.[key] ?? limits["job-size"]?.min?.[key] ?? -1;
      if (most >= 0 && asked > most) return `${where("job-size")}.limits.job-size.max.${key} is ${most}, the job asks for ${asked}`;
      if (asked < least) return `${where("job-size")}.limits.job-size.min.${key} is ${least}, the job asks for ${asked}`;
    }
    const fitting = fits(queue?.groups, job);
    return fitting >= job.nodes ? null : `${at} has ${fitting} nodes that are large enough, the job takes ${job.nodes}`;
  };
  return {
    refusal(job) {
      if (queues.length === 0)
        return job.queue === undefined
          ? lackOf(undefined, "scheduler", job)
          : `the job names queue "${job.queue}", scheduler.queues has none`;
      const at = queues.findIndex((queue) => (job.queue === undefined ? queue.default : queue.name === job.queue));
      if (at < 0) return `there is no queue "${job.queue}", only ${queues.map(({ name }) => name).join(", ")}`;
      const lack = lackOf(queues[at], `scheduler.queues[${at}]`, job);
      if (lack === null) return null;
      const others = queues.filter((queue) => lackOf(queue, "", job) === null).map(({ name }) => name);
      return `${lack}; ${others.length > 0 ? `queue ${others.join(" or ")} would take it` : "no other queue takes it either: change one, or the job"}`;
    },
  };
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

export const flux = {
  parameters,
  debianPackages: ["munge"],
  notInDebian:
    "Debian has no Flux; upstream's container images have it: {kind: oci, repository: docker.io/fluxrm/flux-sched, digest}, or, where no registry is reached, an archive of such a root file system: {kind: archive, path, sha256}",
  notInNixpkgs: "nixpkgs has no Flux",
  problems,
  roleVariables: (given, topology) => ({
    flux_settings: settings(given, topology),
    flux_resources: resources(given, topology),
    flux_modules: given.scheduler === "fluxion" ? ["sched-fluxion-resource", modules.fluxion] : [modules[given.scheduler]],
  }),
  ownFiles: (given, topology) => [{ name: "flux.toml", paste: "lines", comment: "#", lines: tomlLines(settings(given, topology)) }],
  secrets: () => ({ cluster_secret: { bytes: 128 }, flux_curve: { curve: "Z85" } }),
  allocation,
  queueOf,
  mostNodesOfCanary,
  admission,
  // The broker's memory; docs/emulated-nodes.md has what was measured.
  unattended: { missing: "its role starts it only by way of Ansible" },
  emulation: { headMemoryGiB: (nodes) => 1 + nodes / 1024, bodies: "pretended" },
  expectedConfiguration: (given, topology) => ({
    ...Object.fromEntries(
      Object.entries({ ...settings(given, topology), ...inFluxion(given) }).map(([key, value]) => [key, asText(value)]),
    ),
    "module.sched": modules[given.scheduler],
    nodes: computeNodes(topology)
      .map((node) => node.name)
      .sort()
      .join(","),
  }),
} satisfies SchedulerKind<typeof parameters>;
