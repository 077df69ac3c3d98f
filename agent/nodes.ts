import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "../model/job.ts";
import { clockOffset } from "./clock-offset.ts";
import { base, clockFile, jobFolder, jobOutput, user, work } from "./paths.ts";
import { account, converse, run } from "./process.ts";

/** Brings a run's folders to the compute nodes and its files back: no file system is shared. Root to root, over ssh. */

const sshOptions = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=30"];
const sshSeconds = 120;

export const ssh = (node: string, command: string) => [...sshOptions, node, command] as const;

const rounds = 8;

/** Answers `rounds` lines with the node's time, then makes the work folder anew from a tar archive. Bash reads no byte too many. */
const prepareCommand = `for ((i = 0; i < ${rounds}; i++)); do read -r _; echo "$EPOCHREALTIME"; done; rm -rf ${work} && mkdir -p ${base} && exec tar --extract --file=- --directory=${base}`;
const collectCommand = `exec tar --create --file=- --directory=${base} work`;

/** By how much each node's clock differs from the head's, in seconds, once each has a fresh work folder with the jobs' files. */
export async function prepare(nodes: readonly string[], jobs: readonly Job[]): Promise<Map<string, number>> {
  const archive = await workArchive(jobs);
  const offsets = nodes.map(async (node) => {
    const exchanges = await converse("ssh", ssh(node, prepareCommand), rounds, { input: archive, timeoutSeconds: sshSeconds });
    return [node, clockOffset(exchanges)] as const;
  });
  return new Map(await Promise.all(offsets));
}

async function workArchive(jobs: readonly Job[]): Promise<Buffer> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(clockFile, "");
  for (const { id, body } of jobs) {
    if (body.kind !== "mpi") continue;
    mkdirSync(jobFolder(id));
    for (const [name, content] of Object.entries(body.files)) writeFileSync(join(jobFolder(id), name), content);
  }
  const { uid, gid } = account(user);
  return run("tar", ["--create", "--file=-", `--owner=${uid}`, `--group=${gid}`, `--directory=${base}`, "work"], { timeoutSeconds: 60 });
}

/** What one node had of a run. */
export interface Collected {
  readonly node: string;
  readonly clock: string;
  /** A file that jobs left; null where this node has none. A `*` in its name stands for anything, and the last of several counts. */
  read(path: string): string | null;
}

/** Fetches the work folders of all nodes at once, and hands them over until `use` is done. */
export async function collect<T>(nodes: readonly string[], use: (collected: readonly Collected[]) => T): Promise<T> {
  const staging = `${base}/collected`;
  rmSync(staging, { recursive: true, force: true });
  try {
    return use(await Promise.all(nodes.map((node) => fetchFrom(node, join(staging, node)))));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function fetchFrom(node: string, folder: string): Promise<Collected> {
  const archive = await run("ssh", ssh(node, collectCommand), { timeoutSeconds: sshSeconds });
  mkdirSync(folder, { recursive: true });
  await run("tar", ["--extract", "--file=-", `--directory=${folder}`], { input: archive, timeoutSeconds: 60 });
  const read = (path: string) => fileIn(join(folder, path.slice(base.length), ".."), path.slice(path.lastIndexOf("/") + 1));
  return { node, clock: read(clockFile) ?? "", read };
}

/** A file's text, null where there is none. Of several that fit the name, the last. */
export function fileIn(folder: string, name: string): string | null {
  // Output that a job made may be anything: a link out of the folder is not followed.
  const fitting = readdirSafely(folder).filter((entry) => entry.isFile() && isNamed(entry.name, name));
  const last = fitting
    .map((entry) => entry.name)
    .sort()
    .at(-1);
  return last === undefined ? null : readFileSync(join(folder, last), "utf8");
}

/** @param pattern a name, or its beginning and its end around a `*` */
function isNamed(name: string, pattern: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return name === pattern;
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}

function readdirSafely(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A job's output, wherever it ran. */
export const outputOf = (collected: readonly Collected[], job: string): string | null => firstOf(collected, jobOutput(job));

export function firstOf(collected: readonly Collected[], path: string): string | null {
  for (const { read } of collected) {
    const content = read(path);
    if (content !== null) return content;
  }
  return null;
}
