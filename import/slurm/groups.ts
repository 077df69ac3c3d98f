import { InvalidInput } from "../../model/problem.ts";
import type { Ledger } from "../ledger.ts";
import type { Definition, SiteConfiguration } from "./cluster.ts";
import { compressHostlist, expandHostlist } from "./hostlist.ts";
import type { SiteNode } from "./nodes.ts";

/** Nodes that are alike in everything that a scheduler knows of them, and are in the same partitions. */
export interface SiteGroup {
  /** A label that the topology takes, made of the nodes' common prefix. */
  readonly name: string;
  readonly nodes: readonly SiteNode[];
  /** Names of the partitions that hold all of them. */
  readonly partitions: ReadonlySet<string>;
}

/** Nodes of all partitions together, each as often as it is named: five hundred partitions of as many nodes as a cluster has. */
const mostMembers = 5_000_000;

/** Which nodes each partition holds; those that are defined nowhere are noted and left out. @throws InvalidInput */
export function membership(site: SiteConfiguration, nodes: readonly SiteNode[], ledger: Ledger): Map<string, Set<string>> {
  const holding = new Map<string, Set<string>>(nodes.map(({ name }) => [name, new Set()]));
  let members = 0;
  const count = (where: string) => {
    if (++members <= mostMembers) return;
    throw new InvalidInput("configuration", [
      { path: [], message: `${where}: the partitions name more than ${mostMembers} nodes together` },
    ]);
  };
  const meaning = meaningOf(site, nodes);
  for (const partition of site.partitions) {
    let [missing, first] = [0, ""];
    for (const word of listed(partition))
      for (const name of meaning(word)) {
        count(partition.where);
        const own = holding.get(name);
        if (own !== undefined) own.add(partition.name);
        else if (missing++ === 0) first = name;
      }
    if (missing > 0)
      ledger.leftOut(`${missing} nodes of PartitionName=${partition.name}`, `${first} and others are defined nowhere`, partition.where);
  }
  const known = new Set(site.partitions.map(({ name }) => name));
  for (const { name: node, partitions, where } of nodes)
    for (const name of partitions ?? []) {
      count(where);
      if (known.has(name)) holding.get(node)?.add(name);
    }
  return holding;
}

function listed({ settings, where }: Definition): string[] {
  const list = settings.get("nodes")?.value ?? "";
  return list === "" || /^\(null\)$/i.test(list) ? [] : expandHostlist(list, `configuration, ${where}`);
}

/** What a name in a list of nodes stands for: all, a set, or the node of that name. */
function meaningOf({ nodeSets }: SiteConfiguration, nodes: readonly SiteNode[]): (name: string) => readonly string[] {
  const all = nodes.map(({ name }) => name);
  const sets = new Map<string, readonly string[]>();
  const ofSet = ({ settings, where }: Definition): readonly string[] => {
    const [feature, named] = [settings.get("feature")?.value, settings.get("nodes")?.value];
    const byName = named === undefined ? [] : named.toUpperCase() === "ALL" ? all : expandHostlist(named, `configuration, ${where}`);
    const byFeature = feature === undefined ? [] : nodes.filter(({ features }) => features.includes(feature)).map(({ name }) => name);
    return [...byName, ...byFeature];
  };
  return (name) => {
    if (name.toUpperCase() === "ALL") return all;
    const set = nodeSets.get(name);
    if (set === undefined) return [name];
    const known = sets.get(name) ?? ofSet(set);
    sets.set(name, known);
    return known;
  };
}

/** Nodes that are there, in groups; of more than so many the smallest are added to the most similar of the largest. */
export function groupsOf(
  nodes: readonly SiteNode[],
  holding: ReadonlyMap<string, ReadonlySet<string>>,
  most: number,
  ledger: Ledger,
): SiteGroup[] {
  const classes = new Map<string, Class>();
  for (const node of nodes) {
    const partitions = holding.get(node.name) ?? new Set<string>();
    if (!isThere(node, partitions, ledger)) continue;
    const key = JSON.stringify([
      node.cpus,
      node.threadsPerCore,
      node.memoryMiB,
      node.gpus,
      node.gpuType,
      node.features,
      node.weight,
      [...partitions].sort(),
    ]);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { nodes: [node], partitions });
    else known.nodes.push(node);
  }
  return named(merged([...classes.values()], most, ledger));
}

interface Class {
  readonly nodes: SiteNode[];
  readonly partitions: ReadonlySet<string>;
}

function isThere({ name, state, where }: SiteNode, partitions: ReadonlySet<string>, ledger: Ledger): boolean {
  if (state === "future") ledger.leftOut(`node ${name}`, "its state is FUTURE: it does not exist yet", where);
  else if (partitions.size === 0) ledger.leftOut(`node ${name}`, "is in no partition, so that it could run nothing", where);
  else {
    if (state === "cloud") ledger.changed(`node ${name}`, "its state is CLOUD: it is always there here, and never powered up", where);
    if (/^(down|drain|drained|draining|fail|failing|error)/.test(state))
      ledger.changed(`node ${name}`, `its state is ${state}: emulated nodes are up`, where);
    return true;
  }
  return false;
}

/** Of two classes how unlike they are: other hardware first, then other partitions. */
function distance(a: Class, b: Class): number {
  const [x, y] = [a.nodes[0], b.nodes[0]];
  if (x === undefined || y === undefined) return Number.POSITIVE_INFINITY;
  const ratio = (p: number, q: number) => Math.abs(Math.log((p + 1) / (q + 1)));
  const hardware =
    ratio(x.cpus, y.cpus) +
    2 * ratio(x.gpus, y.gpus) +
    0.5 * ratio(x.memoryMiB ?? 0, y.memoryMiB ?? 0) +
    (x.gpuType === y.gpuType ? 0 : 0.5);
  const shared = [...a.partitions].filter((name) => b.partitions.has(name)).length;
  return hardware + (1 - shared / Math.max(1, a.partitions.size + b.partitions.size - shared));
}

function merged(classes: Class[], most: number, ledger: Ledger): Class[] {
  const sorted = [...classes].sort((a, b) => b.nodes.length - a.nodes.length);
  const left = sorted.slice(0, most);
  for (const small of sorted.slice(most)) {
    const [near] = [...left].sort((a, b) => distance(a, small) - distance(b, small));
    if (near === undefined) break;
    const [own, other] = [small.nodes[0], near.nodes[0]];
    const like = `${other?.cpus} CPUs, ${other?.memoryMiB ?? "?"} MiB, ${other?.gpus} GPUs, partitions ${[...near.partitions].join(",")}`;
    ledger.changed(
      `${small.nodes.length} nodes ${compressHostlist(small.nodes.map(({ name }) => name))} of ${own?.cpus} CPUs, ${own?.memoryMiB ?? "?"} MiB, ${own?.gpus} GPUs, partitions ${[...small.partitions].join(",")}`,
      `counted to those with ${like}: there can be ${most} groups`,
      own?.where,
    );
    for (const node of small.nodes) near.nodes.push(node);
  }
  return left;
}

/** Labels of lower-case letters: a number at the end would run into the nodes' own. */
function named(classes: readonly Class[]): SiteGroup[] {
  const taken = new Set(["head"]);
  return classes.map((each) => {
    const base = (/^[a-z]+/.exec((each.nodes[0]?.name ?? "").toLowerCase().replace(/[^a-z]/g, ""))?.[0] ?? "cn").slice(0, 12);
    let name = base;
    for (let i = 0; taken.has(name); i++) name = base + letters(i);
    taken.add(name);
    return { name, ...each };
  });
}

/** 0 → a, 25 → z, 26 → aa. */
const letters = (i: number): string =>
  i < 26 ? String.fromCharCode(97 + i) : letters(Math.floor(i / 26) - 1) + String.fromCharCode(97 + (i % 26));
