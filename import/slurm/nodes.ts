import type { Definition, Settings, SiteConfiguration } from "./cluster.ts";
import { bytesOf, countOf, gpusOf } from "./quantities.ts";

/** One node of a site's, in what a scheduler knows of it. */
export interface SiteNode {
  readonly name: string;
  /** Logical processors. */
  readonly cpus: number;
  readonly threadsPerCore: number;
  /** Null where the site does not say. */
  readonly memoryMiB: number | null;
  readonly gpus: number;
  readonly gpuType: string | null;
  readonly features: readonly string[];
  readonly weight: number | null;
  /** In lower case, without flags. */
  readonly state: string;
  /** Partitions that it says itself that it is in, where it does (`scontrol show node`). */
  readonly partitions: readonly string[] | null;
  readonly where: string;
}

/** What slurm.conf says of each node. */
export function configuredNodes({ nodes }: SiteConfiguration): SiteNode[] {
  // Nodes of one line have the same settings.
  const lines = new Map<Settings, SiteNode>();
  return [...nodes.values()].map((definition) => {
    const alike = lines.get(definition.settings) ?? nodeOf(definition);
    lines.set(definition.settings, alike);
    return { ...alike, name: definition.name };
  });
}

function nodeOf({ name, settings, where }: Definition): SiteNode {
  const text = (key: string) => settings.get(key)?.value ?? "";
  const count = (...keys: string[]) => keys.map((key) => countOf(text(key))).find((value) => value !== null && value > 0) ?? null;
  const threadsPerCore = count("threadspercore") ?? 1;
  const memory = bytesOf(text("realmemory"), "m");
  const gpus = gpusOf(text("gres"));
  return {
    name,
    cpus: count("cpus", "procs") ?? socketsOf(count) * (count("corespersocket") ?? 1) * threadsPerCore,
    threadsPerCore,
    memoryMiB: memory === null || memory <= 2 ** 20 ? null : Math.floor(memory / 2 ** 20),
    gpus: gpus.reduce((sum, gpu) => sum + gpu.count, 0),
    gpuType: gpus.find(({ type }) => type !== null)?.type ?? null,
    features: wordsOf(text("feature") || text("features")),
    weight: count("weight"),
    state:
      text("state")
        .toLowerCase()
        .replace(/[^a-z_].*$/, "") || "unknown",
    partitions: null,
    where,
  };
}

/** Sockets of all boards. */
const socketsOf = (count: (...keys: string[]) => number | null) =>
  count("sockets") ?? (count("boards") ?? 1) * (count("socketsperboard") ?? 1);

const wordsOf = (list: string) =>
  list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** One node of `scontrol show node`: its pairs by key in lower case. */
export type ShownNode = Settings;

/** What `scontrol show node` prints, one node a paragraph or, with `--oneliner`, a line. */
export function shownNodes(text: string, file: string): SiteNode[] {
  return text.split(/^(?=[ \t]*NodeName=)/m).flatMap((paragraph): SiteNode[] => {
    const values = new Map(
      [...paragraph.matchAll(/(?:^|\s)([A-Za-z]+)=(\S*)/g)].map(([, key = "", value = ""]) => [key.toLowerCase(), value]),
    );
    const name = values.get("nodename");
    if (name === undefined || name === "") return [];
    const count = (key: string) => countOf(values.get(key) ?? "");
    const gpus = gpusOf((values.get("gres") ?? "").replace("(null)", ""));
    const memory = count("realmemory");
    return [
      {
        name,
        cpus: count("cputot") ?? 1,
        threadsPerCore: count("threadspercore") ?? 1,
        memoryMiB: memory === null || memory <= 1 ? null : memory,
        gpus: gpus.reduce((sum, gpu) => sum + gpu.count, 0),
        gpuType: gpus.find(({ type }) => type !== null)?.type ?? null,
        features: wordsOf((values.get("availablefeatures") ?? "").replace("(null)", "")),
        weight: count("weight"),
        state: (values.get("state") ?? "unknown").toLowerCase().replace(/[^a-z_].*$/, ""),
        partitions: values.has("partitions") ? wordsOf(values.get("partitions") ?? "") : null,
        where: file,
      },
    ];
  });
}
