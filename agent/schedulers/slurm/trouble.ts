import { hostlist } from "../../hostlist.ts";

/** Nodes that Slurm takes out of use (Slurm 24.11). */

/** What slurmctld logs when it, a daemon or somebody does that; each names the nodes, and where it can the new state. */
const patterns: readonly RegExp[] = [
  /\bNodes (\S+) (not responding, setting DOWN)/,
  /\b[Nn]ode (\S+) (state set to (?:DOWN|DRAIN|FAIL)\w*)/,
  /\b[Ss]etting node (\S+) (state to DOWN.*)/,
  /\bKilling JobId=\d+ on (?:failed|unresponsive) node (\S+)/,
];

/** Which nodes one line of the controller's log takes out of use, and how it says so. */
export function parseTrouble(line: string): [string, string][] {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match?.[1] !== undefined) return hostlist(match[1]).map((node) => [node, match[2] ?? "failed"]);
  }
  return [];
}

/** States in which a node takes no job until somebody helps it; sinfo(1), NODE STATE CODES. */
const out = /^(down|drain|drained|draining|fail|failing|error|maint|inval|reboot|power)/;

/** Nodes that are out of use by what sinfo says. A suffix such as `*` (no answer yet) alone is no such state. */
export const outOfUse = (nodes: ReadonlyMap<string, { readonly state: string; readonly reason: string }>): Map<string, string> =>
  new Map([...nodes].flatMap(([node, { state, reason }]) => (out.test(state) ? [[node, `${state}: ${reason}`] as const] : [])));
