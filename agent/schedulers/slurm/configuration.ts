import { hostlist } from "../../hostlist.ts";

/** Slurm's configuration as it runs, read from scontrol (Slurm 24.11), and compared with what slurm.conf was meant to say. */

/** What changes while nobody changes anything, or differs between two starts of the same configuration. */
const volatile = new Set(["BOOT_TIME", "NEXT_JOB_ID", "HASH_VAL"]);
const volatileOfPartition = new Set(["PartitionName", "State"]);

/** `scontrol show config` → its `Name = value` lines, without the volatile ones. */
export function parseConfiguration(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const match = /^([A-Za-z][\w[\]]*)\s+= ?(.*)$/.exec(line);
    if (match?.[1] !== undefined && !volatile.has(match[1])) found[match[1]] = (match[2] ?? "").trim();
  }
  return found;
}

/** `scontrol --oneliner show partition` → `Partition.<name>.<key>`. */
export function parsePartitions(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const pairs = [...line.matchAll(/(\S+?)=(\S*)/g)].map(([, key = "", value = ""]) => [key, value] as const);
    const name = pairs.find(([key]) => key === "PartitionName")?.[1];
    if (name === undefined) continue;
    for (const [key, value] of pairs) if (!volatileOfPartition.has(key)) found[`Partition.${name}.${key}`] = value;
  }
  return found;
}

/** `sinfo --Node --noheader --format=%N|%T|%E` → a node's state and, where Slurm gives one, its reason. */
export function parseNodes(text: string): Map<string, { state: string; reason: string }> {
  const found = new Map<string, { state: string; reason: string }>();
  for (const line of text.split("\n")) {
    const [name = "", state, ...reason] = line.trim().split("|");
    if (state !== undefined) found.set(name, { state, reason: reason.join("|") });
  }
  return found;
}

/** States in which a node takes jobs, now or once it is done with others; a suffix such as `*` (no answer) is none of them. */
export const usableStates = new Set(["idle", "mixed", "allocated", "completing"]);

/**
 * What was asked for and runs differently, or that Slurm does not report: one sentence each.
 * Slurm prints many settings in another form than slurm.conf has them; {@link normalised} says which are the same.
 */
export function differences(expected: Readonly<Record<string, string>>, effective: Readonly<Record<string, string>>): string[] {
  const reported = new Map(Object.entries(effective).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(expected).flatMap(([key, asked]) => {
    const runs = reported.get(key.toLowerCase()) ?? reported.get(`${key.toLowerCase()}[0]`);
    if (runs === undefined) return [`${key}: asked "${asked}", not reported`];
    return normalised(key, asked) === normalised(key, runs) ? [] : [`${key}: asked "${asked}", runs "${runs}"`];
  });
}

/** Settings whose plain number means minutes, and that scontrol prints as days-hh:mm:ss (slurm.conf(5), MaxTime). */
const durations = new Set(["prioritydecayhalflife", "prioritycalcperiod", "prioritymaxage", "preemptexempttime", "maxtime", "defaulttime"]);
const unlimited = new Set(["infinite", "unlimited", "-1"]);

/** One form for all the ways in which slurm.conf and scontrol write a value. */
export function normalised(key: string, value: string): string {
  const name = key.toLowerCase().split(".").at(-1) ?? "";
  const plain = value.trim().toLowerCase();
  if (name === "nodes") return hostlist(plain).sort().join(",");
  if (unlimited.has(plain)) return "unlimited";
  // A plugin that does nothing ("preempt/none") is not loaded, and not printed.
  if (plain === "" || plain.startsWith("(null") || /^\w+\/none$/.test(plain)) return "none";
  if (durations.has(name)) return durationSeconds(plain);
  // How many jobs share a resource: four where slurm.conf does not say.
  if (name === "oversubscribe" && /^(yes|force)$/.test(plain)) return `${plain}:4`;
  // `30 sec`, `5 min`, `2000 usec`, `0 percent`: the units are the setting's own.
  const bare = plain.replace(/^(-?\d+) (sec|min|usec|percent|nodes\/min|hours|days)$/, "$1");
  return bare.includes(",") ? bare.split(",").sort().join(",") : bare;
}

/** minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds. */
function durationSeconds(text: string): string {
  const match = /^(?:(\d+)-)?(\d+(?::\d+)*)$/.exec(text);
  if (match === null) return text;
  const [, days, clock = ""] = match;
  const parts = clock.split(":").map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = days !== undefined ? parts : parts.length === 3 ? parts : [0, ...parts];
  return String(((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds);
}
