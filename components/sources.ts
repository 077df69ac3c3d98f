import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { digestOf, sha256 } from "../model/identity.ts";
import { imageBackends, lacks, programFoldersOf, requests } from "../model/image.ts";
import type { Tuple } from "../model/tuple.ts";
import { hasVirtualClock } from "../model/virtual-time.ts";
import { type AgentParts, agentBundle } from "./agent-bundle.ts";

/** What a result depends on, of the program's own files. Whatever has one of these digests runs again when that changes. */

/** What makes booted machines a cluster. */
export const nodeRole = ["ansible/nodes.yml", "ansible/roles/node"] as const;

/** What makes a cluster a scheduler. */
export const schedulerRole = (kind: string) => ["ansible/scheduler.yml", `ansible/roles/scheduler_${kind}`] as const;

/** What runs in a guest with a virtual clock, beside the agent and the role. */
export const virtualTimeFiles = ["components/virtual-time", "components/libvirt/virtual-domain.ts"] as const;

/** Of the agent as it does its work: a comment, or another scheduler's code, is no part of that. */
export const agentDigest = async (parts: AgentParts, project = "."): Promise<string> => sha256(await agentBundle(parts, project));

/** From what the runs measured to what the record says. */
const record = "model/trial.ts";

/** Everything between an image and a record: the agent with the scheduler and the suite, what makes the record of the runs, the roles. */
export async function programDigest(
  { topology, scheduler, workloads }: Pick<Tuple, "topology" | "scheduler" | "workloads">,
  project = ".",
): Promise<string> {
  const kinds = [...new Set(workloads.map(({ kind }) => kind))].sort();
  const agent = await agentDigest({ scheduler: scheduler.kind, workloads: kinds, with: [record] }, project);
  const virtual = hasVirtualClock(topology) ? virtualTimeFiles : [];
  return digestOf([agent, sourcesDigest([...nodeRole, ...schedulerRole(scheduler.kind), ...virtual], project)]);
}

/** What builds the tuple's image, by each backend that it may come from. */
export function imageSourcesDigest(tuple: Tuple, project = "."): string {
  const folders = programFoldersOf(tuple).map((folder) => `toolchain/${folder}`);
  const builders = imageBackends
    .filter((backend) => [backend, "auto"].includes(tuple.image.backend) && lacks[backend](tuple).length === 0)
    .flatMap((backend) => [`images/${backend}`, ...(backend === "nixos" ? nixFiles(tuple, project) : [])]);
  return sourcesDigest(["toolchain/keep", ...folders, ...builders], project);
}

/** nix/ without its tests, and without the schedulers and workloads that the image does not have. */
function nixFiles(tuple: Tuple, project: string): string[] {
  const { scheduler, workloads } = requests.nixos(tuple);
  const common = readdirSync(join(project, "nix")).filter((file) => /\.(nix|lock)$/.test(file));
  return [...common, "hardware", `schedulers/${scheduler}.nix`, ...workloads.map((kind) => `workloads/${kind}.nix`)].map(
    (path) => `nix/${path}`,
  );
}

/** sha256 over the names and contents of files, and of those in folders. */
export function sourcesDigest(paths: readonly string[], project = "."): string {
  return digestOf(paths.flatMap((path) => entries(path, project)).map((path) => [path, sha256(content(join(project, path)))]));
}

/** Files and links below `path`, or `path` itself, in a fixed order. */
function entries(path: string, project: string): string[] {
  if (!lstatSync(join(project, path)).isDirectory()) return [path];
  return readdirSync(join(project, path))
    .sort()
    .flatMap((entry) => entries(join(path, entry), project));
}

/** A link leads into the image, where its target will be: here its text is all there is of it. */
const content = (path: string) => (lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path));
