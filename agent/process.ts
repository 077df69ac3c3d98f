import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The only file that starts processes: argument arrays, never a shell, always with a time limit. */

export interface Options {
  /** Account that it runs as; root where it is not given. */
  readonly as?: string;
  readonly input?: string | Buffer;
  readonly folder?: string;
  readonly timeoutSeconds: number;
}

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** A line that was asked, and the line that answered it; the times are ours, in seconds since the epoch. */
export interface Exchange {
  readonly asked: number;
  readonly answered: number;
  readonly answer: string;
}

const running = new Set<ChildProcess>();

/** Runs a program to its end. Rejects only where it cannot be started. */
export function execute(file: string, args: readonly string[], options: Options): Promise<Finished> {
  const child = start(file, args, options);
  child.stdin?.end(options.input ?? "");
  return finished(child, file, options.timeoutSeconds);
}

/** Runs a program and gives what it printed; rejects with its own last words unless it exits with 0. */
export async function run(file: string, args: readonly string[], options: Options): Promise<Buffer> {
  const result = await execute(file, args, options);
  if (result.code !== 0 || result.timedOut) throw new Error(`${file} ${args.join(" ")}: ${failure(result, options)}`);
  return result.stdout;
}

/** Like {@link run}; first asks it for `rounds` lines, one after another, then gives it the input. */
export async function converse(file: string, args: readonly string[], rounds: number, options: Options) {
  const child = start(file, args, options);
  const end = finished(child, file, options.timeoutSeconds);
  const exchanges: Exchange[] = [];
  let asked = 0;
  let buffered = "";
  const next = () => {
    if (exchanges.length === rounds) return child.stdin?.end(options.input ?? "");
    asked = Date.now() / 1000;
    return child.stdin?.write("\n");
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    const answered = Date.now() / 1000;
    buffered += chunk.toString("latin1");
    while (exchanges.length < rounds && buffered.includes("\n")) {
      const at = buffered.indexOf("\n");
      exchanges.push({ asked, answered, answer: buffered.slice(0, at) });
      buffered = buffered.slice(at + 1);
      next();
    }
  });
  next();
  const result = await end;
  if (result.code !== 0 || result.timedOut) throw new Error(`${file} ${args.join(" ")}: ${failure(result, options)}`);
  return exchanges;
}

/** Starts a program that is to end once its standard input does; what it returns does that, and waits for it. */
export function hold(file: string, args: readonly string[], options: Options): () => Promise<Finished> {
  const child = start(file, args, options);
  const end = finished(child, file, options.timeoutSeconds);
  // Whoever releases it learns of a failure.
  end.catch(() => {});
  return () => {
    child.stdin?.end();
    return end;
  };
}

/** A program that stands by. */
export interface Attached {
  /** Its file descriptors from 3 on. */
  readonly sockets: readonly Duplex[];
  readonly end: Promise<Finished>;
}

/** Starts a program that is to answer on sockets until they are closed, as they are when we end; it keeps us from ending by no means. */
export function attach(file: string, args: readonly string[], sockets: number): Attached {
  const child = start(file, args, {}, sockets);
  const end = finished(child, file);
  child.unref();
  const open = child.stdio.flatMap((stream) => (stream instanceof Socket ? [stream] : []));
  for (const socket of open) socket.unref();
  return { sockets: open.slice(3), end };
}

/** Resolves when a program that was to stand by has ended, with its last words. */
export const endOf = ({ end }: Attached, what: string): Promise<Error> =>
  end.then(
    ({ stderr }) => new Error(`${what} ended: ${lastWords(stderr) || "no output"}`),
    (error: Error) => error,
  );

const lastWords = (text: string) => text.trim().split("\n").slice(-5).join("; ");

/** Why a program failed, in its own words where it has any. */
export function failure({ code, stderr, stdout, timedOut }: Finished, { timeoutSeconds }: Options): string {
  const words = lastWords(stderr) || lastWords(stdout.toString("utf8"));
  const how = timedOut ? `not finished after ${timeoutSeconds} s` : code === null ? "ended by a signal" : `exit code ${code}`;
  return words === "" ? how : `${how}: ${words}`;
}

/** Ends everything that is still running, with its children. */
export function endAll(): void {
  for (const child of running) signal(child, "SIGTERM");
}

function start(file: string, args: readonly string[], { as = "root", folder = "/" }: Partial<Options>, sockets = 0): ChildProcess {
  const owner = account(as);
  const { uid, gid } = owner;
  const env = environmentOf(owner);
  const stdio = Array.from({ length: 3 + sockets }, () => "pipe" as const);
  const identity = uid === process.getuid?.() ? {} : { uid, gid };
  // In a process group of its own, so that its children end with it.
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio, ...identity });
  // A program that ends before it has read its input says why itself.
  child.stdin?.on("error", () => {});
  running.add(child);
  return child;
}

function finished(child: ChildProcess, file: string, timeoutSeconds?: number): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let timedOut = false;
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  const endLate = () => {
    timedOut = true;
    signal(child, "SIGTERM");
    setTimeout(() => signal(child, "SIGKILL"), 10_000).unref();
  };
  const limit = timeoutSeconds === undefined ? undefined : setTimeout(endLate, timeoutSeconds * 1000);
  const done = () => {
    clearTimeout(limit);
    running.delete(child);
  };
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      done();
      reject(new Error(`${file} cannot be started: ${error.message}`));
    });
    child.on("close", (code) => {
      done();
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8"), timedOut });
    });
  });
}

function signal(child: ChildProcess, name: NodeJS.Signals) {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It ended in the meantime.
  }
}

/** An account of this machine: its numbers and its home folder. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** All that a program finds in its environment. */
export const environmentOf = ({ name, home }: Account) => ({
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  HOME: home,
  USER: name,
  LOGNAME: name,
});

const accounts = new Map<string, Account>();

export function account(name: string): Account {
  const known = accounts.get(name);
  if (known !== undefined) return known;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((entry) => entry.split(":"))
    .find(([login]) => login === name);
  if (line === undefined) throw new Error(`user "${name}" does not exist on this machine; the node's role makes it`);
  const found = { name, uid: Number(line[2]), gid: Number(line[3]), home: line[5] ?? "/" };
  accounts.set(name, found);
  return found;
}
