import { execFileSync, spawnSync } from "node:child_process";

/** Debian's slurmctld, unpacked in a folder of the cache and run in namespaces of its own. */

export interface Answer {
  readonly running: boolean;
  readonly log: string;
  readonly config: string;
  readonly partitions: string;
  readonly nodes: string;
}

export interface Question {
  readonly files: Readonly<Record<string, string>>;
  /** Whether to wait until it first schedules, when it has read all of its parameters. */
  readonly schedules?: boolean;
}

/** The root of a suite's slurmctld, or why there is none here. */
export function rootOf(suite: string): { readonly root: string } | { readonly missing: string } {
  if (process.getuid?.() !== 0) return { missing: "only root can enter the root" };
  const made = spawnSync("toolchain/slurmctld/root", [suite], { encoding: "utf8", timeout: 300_000 });
  return made.status === 0 ? { root: made.stdout.trim() } : { missing: made.stderr.trim() || String(made.error) };
}

export const judge = (root: string, questions: readonly Question[]): Answer[] =>
  JSON.parse(execFileSync("toolchain/slurmctld/ask", [root], { input: JSON.stringify(questions), encoding: "utf8", maxBuffer: 2 ** 28 }));
