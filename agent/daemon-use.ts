import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { DaemonUse } from "../model/metrics/control-plane-use.ts";

/** What processes of these names use on this machine, from /proc. */

/** Ticks of a process's times in /proc: 100 a second on every Linux that Node runs on (getconf CLK_TCK). */
const ticksPerSecond = 100;

/** What each daemon has used since it started; one that does not run is not in it. */
export function useOf(names: readonly string[]): DaemonUse[] {
  const found = processesNamed(names);
  return names.flatMap((daemon) => {
    const own = found.filter(({ name }) => name === commandName(daemon)).map(({ stat, status }) => parseUse(stat, status));
    if (own.length === 0) return [];
    const sum = (of: (use: (typeof own)[number]) => number) => own.reduce((total, use) => total + of(use), 0);
    return [{ daemon, cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds), peakMemoryMiB: sum(({ peakMemoryMiB }) => peakMemoryMiB) }];
  });
}

/** CPU time of one process and the most memory that it held, from its stat and its status (proc(5)). */
export function parseUse(stat: string, status: string): Omit<DaemonUse, "daemon"> {
  // Fields 14 and 15 of stat, counted from 1; the first two are cut off, for a name may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const peakKiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, peakMemoryMiB: peakKiB / 1024 };
}

/** What was used between two readings. A daemon that started anew in between counts from its new start. */
export function usedSince(before: readonly DaemonUse[], now: readonly DaemonUse[]): DaemonUse[] {
  const earlier = new Map(before.map(({ daemon, cpuSeconds }) => [daemon, cpuSeconds]));
  return now.map(({ daemon, cpuSeconds, peakMemoryMiB }) => {
    const then = earlier.get(daemon) ?? 0;
    return { daemon, cpuSeconds: cpuSeconds >= then ? cpuSeconds - then : cpuSeconds, peakMemoryMiB };
  });
}

/** Lets the peak start again from what they hold now (proc(5), clear_refs). */
export function forgetPeak(names: readonly string[]): void {
  for (const { folder } of processesNamed(names)) writeFileSync(`${folder}/clear_refs`, "5");
}

/** Words of the command that a daemon runs as, a zero byte behind each; none where it does not run. */
export function commandLineOf(daemon: string): string {
  const [found] = processesNamed([daemon]);
  return found === undefined ? "" : readFileSync(`${found.folder}/cmdline`, "utf8");
}

/** The kernel keeps 15 characters of a program's name (proc(5), comm). */
const commandName = (daemon: string) => daemon.slice(0, 15);

function processesNamed(daemons: readonly string[]) {
  const names = daemons.map(commandName);
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const folder = `/proc/${entry}`;
      try {
        const stat = readFileSync(`${folder}/stat`, "utf8");
        const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
        return names.includes(name) ? [{ folder, name, stat, status: readFileSync(`${folder}/status`, "utf8") }] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
