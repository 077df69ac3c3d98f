import { readFileSync, readlinkSync } from "node:fs";
import * as z from "zod";

/**
 * A process, told apart from every other one, earlier and later ones of its number included: `place` is the boot and the namespace
 * in which the number counts, `ticks` the kernel's time of its start.
 */
export const processIdentity = z.strictObject({ pid: z.int().positive(), place: z.string(), ticks: z.string() });
export type ProcessIdentity = z.output<typeof processIdentity>;

/** This process. */
export const ownIdentity = (): ProcessIdentity => ({ pid: process.pid, place: place(), ticks: look(process.pid)?.ticks ?? "" });

/**
 * Whether a process lives: one that has ended and was not reaped does not. Undefined where this process cannot know: the other runs,
 * or ran, on another machine, in another container, or before a boot.
 */
export function isAlive({ pid, place: itsPlace, ticks }: ProcessIdentity): boolean | undefined {
  if (itsPlace === "" || itsPlace !== place()) return undefined;
  const found = look(pid);
  return found !== undefined && !/[ZX]/i.test(found.state) && found.ticks === ticks;
}

/** Empty where the kernel has no /proc. */
function place(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** The state and the 22nd field of proc_pid_stat(5); the name, in parentheses, may be anything. */
function look(pid: number): { readonly state: string; readonly ticks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", ticks: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
