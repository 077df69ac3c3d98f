import { z } from "zod";
import type { Problem } from "../problem.ts";
import type { Allocation, SchedulerKind } from "../scheduler.ts";
import { computeNodes, type Topology } from "../topology.ts";

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

/** Flux Standard Duration: a number with an optional suffix, seconds without one. */
const duration = z.string().regex(/^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)?$/);

const size = z
  .strictObject({ nnodes: z.int().min(-1), ncores: z.int().min(-1), ngpus: z.int().min(-1) })
  .partial()
  .describe("-1: no limit.");

const limits = z.strictObject({ duration, "job-size": z.strictObject({ max: size, min: size }).partial() }).partial();

const queue = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  groups: z.array(z.string()).min(1).optional().describe("Compute groups whose nodes it holds; all where it is not given."),
  default: z.boolean().default(false).describe("Where the suite's jobs go, which name no queue."),
  "queue-policy": policy.optional(),
  "queue-params": queueParams.optional(),
  "policy-params": policyParams.optional(),
  limits: limits.optional(),
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
    queues: z.array(queue).default([]).describe("Named queues; without any there is one that has no name."),
    limits: limits.default({}),
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
        found.push({ path: at(key), message: `${JSON.stringify(given[key])} is Fluxion's alone, scheduler is "${given.scheduler}"` });
  if (given.scheduler !== "fluxion" && given["queue-params"]["max-queue-depth"] !== undefined)
    found.push({ path: at("queue-params", "max-queue-depth"), message: `is Fluxion's alone, scheduler is "${given.scheduler}"` });
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
      found.push({ path: at("queues", i, own), message: `is Fluxion's alone, scheduler is "${scheduler}"` });
  });
  const defaults = queues.filter((queue) => queue.default).length;
  if (queues.length > 0 && defaults !== 1)
    found.push({ path: at("queues"), message: `${defaults} queues have default: true, exactly one must` });
  return found;
}

const present = <T extends object>(value: T) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));

const isEmpty = (value: object | undefined) => value === undefined || Object.keys(value).length === 0;

/** `[{ name: "debug", "queue-policy": "fcfs" }]` → `debug:fcfs`, Fluxion's form of a value for each queue. */
const perQueue = (queues: FluxParameters["queues"], key: "queue-policy") =>
  queues.flatMap((queue) => (queue[key] === undefined ? [] : [`${queue.name}:${queue[key]}`])).join(" ") || undefined;

/** The same for a table: `debug:queue-depth=8,max-queue-depth=16`. */
const tablePerQueue = (queues: FluxParameters["queues"], key: "queue-params" | "policy-params") =>
  queues
    .flatMap(({ name, [key]: table }) =>
      isEmpty(table)
        ? []
        : [
            `${name}:${Object.entries(table ?? {})
              .map(([k, v]) => `${k}=${v}`)
              .join(",")}`,
          ],
    )
    .join(" ") || undefined;

function fluxionTables(given: FluxParameters) {
  return {
    "sched-fluxion-qmanager": present({
      "queue-policy": given["queue-policy"],
      "queue-params": isEmpty(given["queue-params"]) ? undefined : present(given["queue-params"]),
      "policy-params": isEmpty(given["policy-params"]) ? undefined : present(given["policy-params"]),
      "queue-policy-per-queue": perQueue(given.queues, "queue-policy"),
      "queue-params-per-queue": tablePerQueue(given.queues, "queue-params"),
      "policy-params-per-queue": tablePerQueue(given.queues, "policy-params"),
    }),
    "sched-fluxion-resource": present({
      "match-policy": given["match-policy"],
      "match-format": given["match-format"],
      "prune-filters": given["prune-filters"],
    }),
  };
}

/** flux-modprobe's words for which scheduler is loaded, and how. */
function moduleTables({ scheduler, "queue-params": { "queue-depth": depth } }: FluxParameters) {
  const name = modules[scheduler];
  if (scheduler === "fluxion") return { alternatives: { sched: name, feasibility: "sched-fluxion-feasibility" } };
  return {
    alternatives: { sched: name, feasibility: name },
    ...(depth === undefined ? {} : { [name]: { args: [`queue-depth=${depth}`] } }),
  };
}

const property = (queue: string) => `queue-${queue}`;

function queueTables({ queues, limits }: FluxParameters) {
  const [home] = queues.filter((queue) => queue.default);
  const policy = present({
    jobspec: home === undefined ? undefined : { defaults: { system: { queue: home.name } } },
    limits: isEmpty(limits) ? undefined : present(limits),
  });
  const tables = queues.map(({ name, limits }) => [
    name,
    { requires: [property(name)], ...(isEmpty(limits) ? {} : { policy: { limits: present(limits ?? {}) } }) },
  ]);
  return { ...(isEmpty(policy) ? {} : { policy }), ...(queues.length === 0 ? {} : { queues: Object.fromEntries(tables) }) };
}

/** Flux's configuration, as far as parameters decide it: tables of flux-config(5) by name. */
const settings = (given: FluxParameters): Record<string, object> => ({
  modules: moduleTables(given),
  ...(given.scheduler === "fluxion" ? fluxionTables(given) : {}),
  ...queueTables(given),
});

const upTo = (count: number) => (count === 1 ? "0" : `0-${count - 1}`);

/** `[[resource.config]]` of flux-config-resource(5): a group's nodes, what is on one, and the queues that hold it. */
const resources = ({ queues }: FluxParameters, topology: Topology) =>
  topology.compute.map(({ name, count, cpus, gpus }) => {
    const holding = queues.filter((queue) => queue.groups?.includes(name) ?? true).map((queue) => property(queue.name));
    return {
      hosts: count === 1 ? `${name}1` : `${name}[1-${count}]`,
      cores: upTo(cpus),
      ...(gpus > 0 ? { gpus: upTo(gpus) } : {}),
      ...(holding.length > 0 ? { properties: holding } : {}),
    };
  });

/** `{ a: { b: 1 } }` → `{ "a.b": "1" }`, the way in which the agent reads the configuration back. */
function flattened(value: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path.join("."), String(value)]];
  if (Array.isArray(value)) return [[path.join("."), JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flattened(inner, [...path, key]));
}

/** What Fluxion itself reports of its parameters; the rest of the configuration says only what was written down. */
const inFluxion = (given: FluxParameters): [string, string][] =>
  given.scheduler !== "fluxion"
    ? []
    : [
        ["ion-resource.match-policy", given["match-policy"]],
        ["ion-resource.match-format", given["match-format"]],
      ];

/** flux-config-sched-fluxion-resource(5): a policy with an x, or with node_exclusive, gives whole nodes; nothing counts memory. */
const allocation = ({ scheduler, "match-policy": policy }: FluxParameters): Allocation => ({
  unit: scheduler === "fluxion" && (policy.endsWith("nodex") || policy.includes("node_exclusive=true")) ? "node" : "core",
  memory: false,
});

export const flux = {
  parameters,
  debianPackages: ["munge"],
  notInDebian: "upstream publishes it as a container image, fluxrm/flux-sched: name that in image.oci, or an archive in image.rootfs",
  notInNixpkgs: "nixpkgs has no Flux",
  problems,
  roleVariables: (given, topology) => ({
    flux_settings: settings(given),
    flux_resources: resources(given, topology),
    flux_scheduler_module: modules[given.scheduler],
    flux_queues: given.queues.map(({ name }) => name),
  }),
  allocation,
  expectedConfiguration: (given, topology) => ({
    ...Object.fromEntries(flattened(settings(given))),
    ...Object.fromEntries(inFluxion(given)),
    "module.sched": modules[given.scheduler],
    nodes: computeNodes(topology)
      .map((node) => node.name)
      .sort()
      .join(","),
  }),
} satisfies SchedulerKind<typeof parameters>;
