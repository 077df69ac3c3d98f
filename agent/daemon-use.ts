import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** What processes of these names use on this machine, from /proc. */

/** Ticks of a process's times in /proc: 100 a second on every Linux that Node runs on (getconf CLK_TCK). */
const ticksPerSecond = 100;

interface Use {
  readonly cpuSeconds: number;
  readonly peakMemoryMiB: number;
}

export function useOf(names: readonly string[]): Use {
  const each = processesNamed(names).map(({ stat, folder }) => {
    // Fields 14 and 15 of /proc/<pid>/stat, counted from 1; the first two are cut off.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`${folder}/status`, "utf8"));
    return { cpu: Number(fields[11]) + Number(fields[12]), peakKiB: Number(peak?.[1] ?? 0) };
  });
  const sum = (of: (use: (typeof each)[number]) => number) => each.reduce((total, use) => total + of(use), 0);
  return { cpuSeconds: sum(({ cpu }) => cpu) / ticksPerSecond, peakMemoryMiB: sum(({ peakKiB }) => peakKiB) / 1024 };
}

/** Lets the peak start again from what they hold now (proc(5), clear_refs). */
export function forgetPeak(names: readonly string[]): void {
  for (const { folder } of processesNamed(names)) writeFileSync(`${folder}/clear_refs`, "5");
}

function processesNamed(names: readonly string[]) {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const folder = `/proc/${entry}`;
      try {
        const stat = readFileSync(`${folder}/stat`, "utf8");
        const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
        return names.includes(name) ? [{ folder, stat }] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
