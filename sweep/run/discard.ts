import { spawn } from "node:child_process";
import type { Interruption } from "./interruption.ts";
import { killSession } from "./processes.ts";
import type { SavedStack } from "./saved-clusters.ts";

/** Says why the stack could not be destroyed; undefined where nothing of it is left. */
export type Discard = (saved: SavedStack) => Promise<string | undefined>;

/**
 * Destroys what trials no longer start from, one list after another, and gives the claims back. What is left says why.
 */
export async function discardAll(lists: readonly (readonly SavedStack[])[], discard: Discard): Promise<string[]> {
  const left: string[] = [];
  for (const list of lists) {
    const reasons = await Promise.all(
      list.map(async (saved) => {
        const why = await discard(saved);
        // The claim of one that stays says that it is left over.
        if (why === undefined) saved.claim.release();
        return why === undefined ? [] : [`${saved.stack}: ${why}`];
      }),
    );
    left.push(...reasons.flat());
  }
  return left;
}

/** By a process in a session of its own, which the terminal's Ctrl-C does not reach; it ends when the sweep is abandoned. */
export const discardBy =
  (command: readonly [string, ...string[]], sweep: string, { abandon }: Interruption): Discard =>
  ({ stack, hypervisor }) => {
    if (abandon.aborted) return Promise.resolve("interrupted");
    const [program, ...args] = command;
    const child = spawn(program, [...args, sweep, stack, "--hypervisor", hypervisor], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const kill = () => killSession(child);
    abandon.addEventListener("abort", kill);
    let lastWords = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      lastWords = text.trim() || lastWords;
    });
    return new Promise((resolve) => {
      child.on("error", ({ message }) => resolve(message));
      child.on("close", (status) => {
        abandon.removeEventListener("abort", kill);
        resolve(status === 0 ? undefined : abandon.aborted ? "interrupted" : lastWords);
      });
    });
  };
