import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "../model/job.ts";
import { clockOffset } from "./clock-offset.ts";
import { base, clockFile, connectionSocket, jobFolder, jobOutput, user, work } from "./paths.ts";
import { account, converse, type Exchange, run } from "./process.ts";
import type { NodeReading, NodeReadings } from "./watch.ts";

/** Brings a run's folders to where jobs run and its files back: no file system is shared. Root to root, over ssh; on the head without. */

/** One connection a node, kept for the next asking: an emulated CPU takes seconds over each handshake. */
const kept = ["ControlMaster=auto", `ControlPath=${connectionSocket}`, "ControlPersist=300"];
/** A node that is gone is given up after half a minute, whether it was connected or not. */
const limits = ["ConnectTimeout=30", "ServerAliveInterval=15", "ServerAliveCountMax=2"];
const sshOptions = ["BatchMode=yes", ...limits, ...kept].flatMap((option) => ["-o", option]);
const sshSeconds = 120;

export const ssh = (node: string, command: string) => [...sshOptions, node, command] as const;

/** What runs a command on a node; the agent itself is on the head. */
const on = (node: string, command: string): readonly [string, readonly string[]] =>
  node === "head" ? ["bash", ["-c", command]] : ["ssh", ssh(node, command)];

const clockRounds = 8;

/** How many lines {@link readCommand} answers. */
export const readRounds = clockRounds + 1;

/** Answers lines with the node's time, and a last one with its processors' times. Bash reads no byte too many. */
export const readCommand = `for ((i = 0; i < ${clockRounds}; i++)); do read -r _; echo "$EPOCHREALTIME"; done; read -r _; read -r cpu </proc/stat; echo "$cpu"`;

/** Then makes the work folder anew from a tar archive. */
const prepareCommand = `${readCommand}; rm -rf ${work} && mkdir -p ${base} && exec tar --extract --file=- --directory=${base}`;
const collectCommand = `exec tar --create --file=- --directory=${base} work`;

/** Writes a file of a run on a node; whoever waits for it finds it whole. */
export async function writeOn(node: string, path: string, content: string): Promise<void> {
  const command = `cat >${path}.new && exec mv ${path}.new ${path}`;
  await run("ssh", ssh(node, command), { input: content, timeoutSeconds: sshSeconds });
}

/** Gives each node a fresh work folder with the jobs' files, and reads it and the head on the way. */
export const prepare = async (nodes: readonly string[], jobs: readonly Job[]): Promise<NodeReadings> =>
  readAll(nodes, prepareCommand, await workArchive(jobs));

/** Reads each node, and the head, once more. */
export const readNodes = (nodes: readonly string[]): Promise<NodeReadings> => readAll(nodes, readCommand, "");

async function readAll(nodes: readonly string[], command: string, input: Buffer | string): Promise<NodeReadings> {
  const readings = nodes.map(async (node) => {
    const exchanges = await converse(...on(node, command), readRounds, { input, timeoutSeconds: sshSeconds });
    return [node, readingOf(exchanges)] as const;
  });
  const own = { clockOffsetSeconds: setForwardSeconds(), processorTimes: readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "" };
  return new Map([["head", own], ...(await Promise.all(readings))]);
}

/** How far this machine's clock was set forward since this process began, by the clock that nobody sets. */
const setForwardSeconds = () => (Date.now() - performance.timeOrigin - performance.now()) / 1000;

/** What a node answered to {@link readCommand}. */
export const readingOf = (exchanges: readonly Exchange[]): NodeReading => ({
  clockOffsetSeconds: clockOffset(exchanges.slice(0, clockRounds)),
  processorTimes: exchanges[clockRounds]?.answer ?? "",
});

/** The jobs' users share the user's group: all of them write here. */
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
  return run("tar", ["--create", "--file=-", `--owner=${uid}`, `--group=${gid}`, "--mode=ug+rwX", `--directory=${base}`, "work"], {
    timeoutSeconds: 60,
  });
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
  const archive = await run(...on(node, collectCommand), { timeoutSeconds: sshSeconds });
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

/** @param pattern a name, in which `*` stands for anything */
function isNamed(name: string, pattern: string): boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return name === pattern;
  if (!name.startsWith(start) || !name.endsWith(end)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - end.length;
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

/** The first of these files that any node has. */
export function firstOf(collected: readonly Collected[], ...paths: readonly string[]): string | null {
  for (const path of paths)
    for (const { read } of collected) {
      const content = read(path);
      if (content !== null) return content;
    }
  return null;
}
