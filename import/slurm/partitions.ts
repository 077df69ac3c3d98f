import { slurm } from "../../model/schedulers/slurm.ts";
import type { Origins } from "../fitting.ts";
import type { Ledger } from "../ledger.ts";
import { shapeOf, spelling } from "../schema-of.ts";
import type { Definition } from "./cluster.ts";
import { coerced } from "./coercion.ts";
import type { SiteGroup } from "./groups.ts";

/** A partition in the document, and what the site calls it. */
export interface Placed {
  readonly site: Definition;
  readonly document: Record<string, unknown>;
}

/** Values that are Slurm's own defaults: a partition that says them says nothing. */
const defaults = new Map<string, RegExp>(
  Object.entries({
    state: /^up$/i,
    hidden: /^no$/i,
    rootonly: /^no$/i,
    disablerootjobs: /^no$/i,
    reqresv: /^no$/i,
    lln: /^no$/i,
    exclusiveuser: /^no$/i,
    exclusivetopo: /^no$/i,
    minnodes: /^[01]$/,
    maxnodes: /^unlimited$/i,
    gracetime: /^0$/,
    allowgroups: /^all$/i,
    allowaccounts: /^all$/i,
    allowqos: /^all$/i,
    allocnodes: /^all$/i,
    qos: /^n\/a$/i,
    maxcpuspernode: /^unlimited$/i,
    overtimelimit: /^0$/,
  }),
);

/** Slurm's older names of keys. */
const aliases = new Map(
  Object.entries({
    shared: "OverSubscribe",
    priority: "PriorityTier",
    maxmempercpu: "MaxMemPerCPU",
    defmempercpu: "DefMemPerCPU",
  }),
);

/** Partitions that run jobs, where the schema has no word for those that do not. */
export function upPartitions(sites: readonly Definition[], ledger: Ledger): Definition[] {
  if ("State" in shapeOf(slurm.parameters.shape.partitions)) return [...sites];
  return sites.filter(({ name, settings, where }) => {
    const state = settings.get("state")?.value.toUpperCase() ?? "UP";
    if (state !== "UP") ledger.leftOut(`PartitionName=${name}`, `its state is ${state}: it runs nothing`, where);
    return state === "UP";
  });
}

/** Partitions that hold nodes and are up, in the schema's words; exactly one is the default. */
export function placedPartitions(sites: readonly Definition[], groups: readonly SiteGroup[], origins: Origins, ledger: Ledger): Placed[] {
  const shape = shapeOf(slurm.parameters.shape.partitions);
  const names = new Set<string>();
  const placed: Placed[] = [];
  for (const site of sites) {
    const own = groups.filter(({ partitions }) => partitions.has(site.name)).map(({ name }) => name);
    const what = `PartitionName=${site.name}`;
    if (own.length === 0) ledger.leftOut(what, "holds no node that is there", site.where);
    else {
      const name = labelled(site.name, names);
      if (name === site.name) ledger.taken(what, site.where);
      else ledger.changed(what, `is called ${name}: names begin with a letter, and have letters, digits, _ and -`, site.where);
      const document: Record<string, unknown> = { name, groups: own };
      addKeys(document, site, shape, origins, ledger);
      placed.push({ site, document });
    }
  }
  chooseDefault(placed, ledger);
  return placed;
}

/** Keys by which a partition takes some users only: the cluster has neither the site's accounts nor its qualities of service. */
const ofAccounts = ["allowgroups", "allowaccounts", "denyaccounts", "allowqos", "denyqos", "qos", "allocnodes"];

/** Keys that are time limits, in minutes where they are a number. */
const timeLimits = ["maxtime", "defaulttime"];

function addKeys(
  document: Record<string, unknown>,
  site: Definition,
  shape: ReturnType<typeof shapeOf>,
  origins: Origins,
  ledger: Ledger,
): void {
  const extra: Record<string, unknown> = {};
  for (const [lower, { key: own, value: text, where }] of site.settings) {
    const what = `PartitionName=${site.name} ${own}=${text}`;
    if (lower === "nodes") continue;
    if (ofAccounts.includes(lower)) {
      if (defaults.get(lower)?.test(text)) ledger.taken(what, where);
      else ledger.leftOut(what, "names what only the site has; here it would keep every job out", where);
      continue;
    }
    const key = spelling(shape, aliases.get(lower) ?? lower);
    if (key !== undefined && !["name", "groups", "extra"].includes(key)) {
      const schema = shape[key];
      const value = schema === undefined ? undefined : coerced(schema, text, timeLimits.includes(lower));
      document[key] = value === undefined ? text : value;
      origins.note(document, key, { what, where });
    } else if (defaults.get(lower)?.test(text)) ledger.taken(what, where);
    else if ("extra" in shape && /^[a-z]\w*$/.test(lower)) {
      extra[own] = text;
      origins.note(extra, own, { what, where });
    } else ledger.leftOut(what, "the schema has no such key of a partition", where);
  }
  if (Object.keys(extra).length > 0) document.extra = extra;
}

/** The site's name with what the schema does not take replaced, once. */
function labelled(name: string, taken: Set<string>): string {
  const base = name
    .replace(/[^A-Za-z0-9_-]/g, "_")
    .replace(/^(?![A-Za-z])/, "p")
    .slice(0, 32);
  let label = base;
  for (let i = 2; taken.has(label); i++) label = `${base.slice(0, 32 - String(i).length)}${i}`;
  taken.add(label);
  return label;
}

function chooseDefault(placed: readonly Placed[], ledger: Ledger): void {
  const chosen = placed.filter(({ document }) => document.Default === true);
  for (const { site, document } of chosen.slice(0, -1)) {
    document.Default = false;
    ledger.changed(`PartitionName=${site.name} Default=YES`, "a later partition is the default, too, and the last counts", site.where);
  }
  const [first] = placed;
  if (chosen.length > 0 || first === undefined) return;
  first.document.Default = true;
  ledger.changed(
    `PartitionName=${first.site.name}`,
    "is made the default, for the site has none: jobs that name no partition need one",
    first.site.where,
  );
}
