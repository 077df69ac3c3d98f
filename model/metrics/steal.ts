/**
 * Share of its processors' time that a guest had to wait for the hypervisor while it had work to do, a fraction: steal ÷
 * all, of the difference between two readings of the first line of /proc/stat (proc(5): user, nice, system, idle,
 * iowait, irq, softirq, steal; guest times are part of user). Null where no time passed. Emulated CPUs report none.
 */
export function stealFraction(before: string, after: string): number | null {
  const [from, to] = [before, after].map(readings) as [number[], number[]];
  const passed = to.map((ticks, i) => ticks - (from[i] ?? 0));
  const all = passed.reduce((sum, ticks) => sum + ticks, 0);
  return all <= 0 ? null : (passed[7] ?? 0) / all;
}

function readings(line: string): number[] {
  const match = /^cpu +(\d+(?: \d+){7})/.exec(line);
  if (match?.[1] === undefined) throw new Error(`"${line.slice(0, 80)}" is not the first line of /proc/stat`);
  return match[1].split(" ").map(Number);
}
