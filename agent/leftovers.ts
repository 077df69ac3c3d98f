import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pidFile, user } from "./paths.ts";
import { account } from "./process.ts";
import { say } from "./progress.ts";

/** An earlier agent whose connection broke may still drive: it is told to end, and given this long to clean up behind it. */
const graceSeconds = 60;

/** Ends an earlier agent, then what it started on the head as one of the jobs' users, and writes down who drives now. */
export async function takeOver(): Promise<void> {
  await endAgent();
  const { gid } = account(user);
  for (const pid of processes()) if (statOf(pid)?.gid === gid) signal(pid, "SIGKILL");
  mkdirSync(dirname(pidFile), { recursive: true });
  writeFileSync(pidFile, String(process.pid));
}

/** Removes the pid file, if it is still ours. */
export function handOver(): void {
  if (read(pidFile) === String(process.pid)) rmSync(pidFile, { force: true });
}

async function endAgent() {
  const pid = Number(read(pidFile));
  const isAgent = () => pid > 0 && pid !== process.pid && (read(`/proc/${pid}/cmdline`)?.includes("agent.mjs") ?? false);
  if (!isAgent()) return;
  say(`ending an earlier agent, process ${pid}`);
  signal(pid, "SIGTERM");
  const limit = Date.now() + graceSeconds * 1000;
  while (isAgent()) {
    if (Date.now() > limit) signal(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const processes = () =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

function statOf(pid: number) {
  try {
    return statSync(`/proc/${pid}`);
  } catch {
    return null;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}
