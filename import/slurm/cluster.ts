import { InvalidInput } from "../../model/problem.ts";
import type { Ledger } from "../ledger.ts";
import type { PlacedLine } from "./conf-files.ts";
import { pairsOf } from "./conf-text.ts";
import { expandHostlist, mostHosts } from "./hostlist.ts";

/** A value as the site wrote it. */
export interface Setting {
  /** The site's own spelling of the key. */
  readonly key: string;
  readonly value: string;
  readonly where: string;
}

/** Settings by their key in lower case, for Slurm does not tell one from the other. */
export type Settings = ReadonlyMap<string, Setting>;

/** A line of nodes or partitions, with what DEFAULT lines above it say. */
export interface Definition {
  readonly name: string;
  readonly settings: Settings;
  /** Keys that stand on the line itself, in lower case. */
  readonly own: readonly string[];
  readonly where: string;
}

/** What a slurm.conf says, before anything is made of it. */
export interface SiteConfiguration {
  readonly global: Settings;
  /** One entry a node name. */
  readonly nodes: ReadonlyMap<string, Definition>;
  readonly partitions: readonly Definition[];
  /** `NodeSet=gpu Feature=a100`, by name. */
  readonly nodeSets: ReadonlyMap<string, Definition>;
}

/** Lines that are a thing of their own, by their first key; the rest are global settings. */
const kinds = ["nodename", "partitionname", "nodeset", "downnodes", "frontendname"] as const;
type Kind = (typeof kinds)[number];

const mostPartitions = 10_000;
/** Settings of a line, of the whole file, and characters of a value that each node or partition of a line has. */
const mostOfLine = 100;
const mostGlobal = 2000;
const longestValue = 4096;

/** @throws InvalidInput for a host list that is none, or too long */
export function siteConfiguration(lines: readonly PlacedLine[], ledger: Ledger): SiteConfiguration {
  const global = new Map<string, Setting>();
  const nodes = new Map<string, Definition>();
  let named = 0;
  const partitions: Definition[] = [];
  const nodeSets = new Map<string, Definition>();
  const defaults = new Map<Kind, Map<string, Setting>>();
  const refuse = (where: string, message: string) => new InvalidInput("configuration", [{ path: [], message: `${where}: ${message}` }]);

  for (const { where, text } of lines) {
    const { pairs, strays } = pairsOf(text);
    for (const stray of strays) ledger.leftOut(stray, "is no key=value", where);
    const settings = pairs.map(({ key, value }): Setting => ({ key, value, where }));
    const [first] = settings;
    if (first === undefined) continue;
    const kind = kinds.find((each) => each === first.key.toLowerCase());
    if (settings.length > mostOfLine) throw refuse(where, `the line has more than ${mostOfLine} settings`);
    if (kind === undefined) {
      for (const setting of settings) addGlobal(global, setting, ledger);
      if (global.size > mostGlobal) throw refuse(where, `there are more than ${mostGlobal} settings`);
      continue;
    }
    const long = settings.slice(1).find(({ key, value }) => value.length > longestValue && key.toLowerCase() !== "nodes");
    if (long !== undefined) throw refuse(where, `${long.key} has ${long.value.length} characters, the most is ${longestValue}`);
    const own = new Map(settings.slice(1).map((setting) => [setting.key.toLowerCase(), setting]));
    if (own.size < settings.length - 1)
      ledger.changed(text, "a key stands on the line twice: its last value was taken, as Slurm does", where);
    if (kind === "downnodes" || kind === "frontendname") {
      ledger.leftOut(text, kind === "downnodes" ? "emulated nodes are up" : "front-end mode has no nodes of its own", where);
      continue;
    }
    if (first.value.toUpperCase() === "DEFAULT") {
      defaults.set(kind, new Map([...(defaults.get(kind) ?? []), ...own]));
      continue;
    }
    const inherited = new Map([...(defaults.get(kind) ?? []), ...own]);
    const definition = (name: string): Definition => ({ name, settings: inherited, own: [...own.keys()], where });
    if (kind === "nodename") {
      named += addNodes(nodes, first.value, definition, ledger, where);
      if (named > mostHosts) throw refuse(where, `there are more than ${mostHosts} nodes`);
    } else if (kind === "nodeset") nodeSets.set(first.value, definition(first.value));
    else {
      for (const name of first.value.split(",").filter((each) => each !== "")) partitions.push(definition(name));
      if (partitions.length > mostPartitions) throw refuse(where, `there are more than ${mostPartitions} partitions`);
    }
  }
  return { global, nodes, partitions: lastOfEachName(partitions, ledger), nodeSets };
}

function addGlobal(global: Map<string, Setting>, setting: Setting, ledger: Ledger): void {
  const key = setting.key.toLowerCase();
  const before = global.get(key);
  if (before !== undefined)
    ledger.changed(
      `${before.key}=${before.value}`,
      `stands there again at ${setting.where}, and the last counts, as in Slurm`,
      before.where,
    );
  global.set(key, setting);
}

/** @returns how many names the list has */
function addNodes(
  nodes: Map<string, Definition>,
  list: string,
  definition: (name: string) => Definition,
  ledger: Ledger,
  where: string,
): number {
  const names = expandHostlist(list, `configuration, ${where}`);
  const again = names.filter((name) => nodes.has(name));
  if (again.length > 0)
    ledger.leftOut(`NodeName=${list}`, `${again[0]} is defined above already, which Slurm refuses; the first counts`, where);
  for (const name of names) if (!nodes.has(name)) nodes.set(name, definition(name));
  return names.length;
}

function lastOfEachName(partitions: readonly Definition[], ledger: Ledger): Definition[] {
  const byName = new Map<string, Definition>();
  for (const partition of partitions) {
    if (byName.has(partition.name))
      ledger.leftOut(`PartitionName=${partition.name}`, "is defined again below, and the last counts", byName.get(partition.name)?.where);
    byName.set(partition.name, partition);
  }
  return [...byName.values()];
}
