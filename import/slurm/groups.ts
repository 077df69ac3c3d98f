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

/** Which nodes each partition holds; those that are defined nowhere are noted and left out. */
export function membership(site: SiteConfiguration, nodes: readonly SiteNode[], ledger: Ledger): Map<string, Set<string>> {
  const all = new Map(nodes.map((node) => [node.name, node]));
  const holding = new Map<string, Set<string>>(nodes.map(({ name }) => [name, new Set()]));
  for (const partition of site.partitions) {
    const missing: string[] = [];
    for (const name of namesOf(partition, site, nodes)) {
      if (all.has(name)) holding.get(name)?.add(partition.name);
      else missing.push(name);
    }
    for (const node of nodes) if (node.partitions?.includes(partition.name)) holding.get(node.name)?.add(partition.name);
    if (missing.length > 0)
      ledger.leftOut(
        `${missing.length} nodes of PartitionName=${partition.name}`,
        `${missing[0]} and others are defined nowhere`,
        partition.where,
      );
  }
  return holding;
}

function namesOf({ settings, where }: Definition, { nodeSets }: SiteConfiguration, nodes: readonly SiteNode[]): string[] {
  const list = settings.get("nodes")?.value ?? "";
  if (list === "" || /^\(null\)$/i.test(list)) return [];
  return expandHostlist(list, `configuration, ${where}`).flatMap((name) => {
    if (name.toUpperCase() === "ALL") return nodes.map((node) => node.name);
    const set = nodeSets.get(name);
    if (set === undefined) return [name];
    const feature = set.settings.get("feature")?.value;
    const named = set.settings.get("nodes")?.value;
    return [
      ...(named === undefined
        ? []
        : named.toUpperCase() === "ALL"
          ? nodes.map((node) => node.name)
          : expandHostlist(named, `configuration, ${set.where}`)),
      ...(feature === undefined ? [] : nodes.filter(({ features }) => features.includes(feature)).map((node) => node.name)),
    ];
  });
}

/** Nodes that are there, in groups; at most so many, of which the smallest have been put to the most similar. */
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
  const left = [...classes].sort((a, b) => b.nodes.length - a.nodes.length);
  while (left.length > most) {
    const small = left.pop();
    const [near] = [...left].sort((a, b) => distance(a, small as Class) - distance(b, small as Class));
    if (small === undefined || near === undefined) break;
    const [own, other] = [small.nodes[0], near.nodes[0]];
    const like = `${other?.cpus} CPUs, ${other?.memoryMiB ?? "?"} MiB, ${other?.gpus} GPUs, partitions ${[...near.partitions].join(",")}`;
    ledger.changed(
      `${small.nodes.length} nodes ${compressHostlist(small.nodes.map(({ name }) => name))} of ${own?.cpus} CPUs, ${own?.memoryMiB ?? "?"} MiB, ${own?.gpus} GPUs, partitions ${[...small.partitions].join(",")}`,
      `counted to those with ${like}: there can be ${most} groups`,
      own?.where,
    );
    near.nodes.push(...small.nodes);
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
