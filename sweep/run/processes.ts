import { type ChildProcess, execFile } from "node:child_process";
import { createInterface } from "node:readline";

/** A script's JSON reply to JSON; rejects with what it wrote to standard error. */
export function ask<Reply>(script: string, input: unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const child = execFile(script, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(stderr.trim() || error.message));
      else resolve(JSON.parse(stdout) as Reply);
    });
    // A script that ends before it has read everything says why by its exit status.
    child.stdin?.on("error", () => {}).end(JSON.stringify(input));
  });
}

/** What a program printed; rejects with what it wrote to standard error, of which `onLine` hears as it comes. */
export function outputOf(program: string, args: readonly string[], onLine: (line: string) => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${program}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", onLine);
  });
}

/** Ends a detached process and all that it started: the session holds Pulumi's plugins, too, which have process groups of their own. */
export function killSession(leader: ChildProcess): void {
  if (leader.pid !== undefined)
    void outputOf("pkill", ["--signal", "KILL", "--session", String(leader.pid)]).catch(() => leader.kill("SIGKILL"));
}
