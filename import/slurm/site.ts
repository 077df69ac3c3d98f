import { readForeignFile, UnreadableFile } from "../../analysis/foreign-file.ts";
import { InvalidInput } from "../../model/problem.ts";
import { slurm } from "../../model/schedulers/slurm.ts";
import type { Origins } from "../fitting.ts";
import type { Ledger } from "../ledger.ts";
import { shapeOf } from "../schema-of.ts";
import type { LogMachine } from "../sizes.ts";
import { siteConfiguration } from "./cluster.ts";
import { readConfiguration } from "./conf-files.ts";
import { limitSeconds } from "./durations.ts";
import { groupsOf, membership } from "./groups.ts";
import { configuredNodes, type SiteNode, shownNodes } from "./nodes.ts";
import { placedPartitions, upPartitions } from "./partitions.ts";
import { addQos } from "./qos.ts";
import { addSettings, type Parameters } from "./settings.ts";
import { groupDocument, machineOf, mostGroups } from "./topology.ts";

export interface SlurmSite {
  /** A and B of a tuple, which may yet have what the schema refuses. */
  readonly topology: Record<string, unknown>;
  readonly scheduler: Parameters;
  readonly machine: LogMachine;
  /** Partitions that have another name in the stack, by the site's. */
  readonly renamed: Readonly<Record<string, string>>;
  /** A partition's own limit, by the site's name; null where it has none. */
  readonly partitionLimitSeconds: (partition: string) => number | null;
}

export interface SlurmFiles {
  readonly conf: string;
  /** What `scontrol show node` printed. */
  readonly nodes?: string | undefined;
  /** What `sacctmgr dump` or `sacctmgr show qos --parsable2` printed. */
  readonly qos?: string | undefined;
}

/** Nodes are emulated, so their processors need not be there. */
const headCpus = 2;

/** @throws InvalidInput */
export function readSlurmSite(files: SlurmFiles, origins: Origins, ledger: Ledger): SlurmSite {
  const whole = siteConfiguration(readConfiguration(files.conf, ledger), ledger);
  const site = { ...whole, partitions: upPartitions(whole.partitions, ledger) };
  const nodes = nodesOf(files, configuredNodes(site), ledger);
  if (nodes.length === 0)
    throw new InvalidInput("configuration", [
      { path: [], message: `${files.conf} defines no node; give --nodes with what "scontrol show node" prints` },
    ]);
  const groups = groupsOf(nodes, membership(site, nodes, ledger), mostGroups, ledger);
  const partitions = placedPartitions(site.partitions, groups, origins, ledger);
  const used = groups.filter(({ partitions: own }) => partitions.some((placed) => own.has(placed.site.name)));
  for (const group of groups)
    if (!used.includes(group))
      ledger.leftOut(
        `${group.nodes.length} nodes like ${group.nodes[0]?.name}`,
        "are in no partition that is taken",
        group.nodes[0]?.where,
      );
  if (used.length === 0)
    throw new InvalidInput("configuration", [{ path: [], message: `${files.conf} has no partition that holds a node` }]);
  const count = used.reduce((sum, group) => sum + group.nodes.length, 0);
  const scheduler: Parameters = { kind: "slurm", TaskPlugin: "task/none" };
  addSettings(scheduler, site.global, origins, ledger);
  if (files.qos !== undefined) addQos(textOf("--qos", files.qos), files.qos, ledger);
  scheduler.partitions = partitions.map(({ document }) => document);
  const optionKeys = nodeOptionKeys();
  const groupDocuments = used.map((group) => groupDocument(group, ledger, origins, optionKeys));
  const options = groupDocuments.filter(({ options }) => Object.keys(options).length > 0);
  if (options.length > 0) scheduler.nodes = Object.fromEntries(options.map(({ group, options }) => [group.name, options]));
  const limits = new Map(partitions.map(({ site: { name, settings } }) => [name, limitSeconds(settings.get("maxtime")?.value ?? "")]));
  return {
    topology: {
      head: { cpus: headCpus, memoryGiB: Math.ceil(slurm.emulation.headMemoryGiB(count)) },
      compute: groupDocuments.map(({ group }) => group),
    },
    scheduler,
    machine: machineOf(used),
    renamed: Object.fromEntries(
      partitions.flatMap(({ document, site: { name } }) => (document.name === name ? [] : [[name, String(document.name)]])),
    ),
    partitionLimitSeconds: (partition) => {
      const limit = limits.get(partition);
      return typeof limit === "number" ? limit : null;
    },
  };
}

/** What the scheduler's parameters can say of a group's nodes. */
function nodeOptionKeys(): string[] {
  const shape = shapeOf(slurm.parameters);
  const nodes = "nodes" in shape ? shape.nodes : undefined;
  return nodes === undefined ? [] : Object.keys(shapeOf(nodes));
}

/** Where `scontrol show node` was given, it knows better; nodes that it does not show are not there. */
function nodesOf({ nodes: file }: SlurmFiles, configured: readonly SiteNode[], ledger: Ledger): readonly SiteNode[] {
  if (file === undefined) return configured;
  const shown = shownNodes(textOf("--nodes", file), file);
  if (shown.length === 0)
    throw new InvalidInput("option", [
      { path: ["--nodes"], message: `${file} has no NodeName=: it is to be what "scontrol show node" prints` },
    ]);
  const names = new Set(shown.map(({ name }) => name));
  for (const node of configured) if (!names.has(node.name)) ledger.leftOut(`node ${node.name}`, `${file} does not show it`, node.where);
  return shown;
}

const largestText = 256 << 20;

function textOf(option: string, file: string): string {
  try {
    return readForeignFile(file, { mostBytes: largestText, followsLinks: true }).toString();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new InvalidInput("option", [{ path: [option], message: `"${file}": ${error.message}` }]);
  }
}
