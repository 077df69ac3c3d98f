import { quote } from "./problem.ts";

/** One value for each axis, by the axis's path. */
export type AxisValues = Readonly<Record<string, unknown>>;

/** `SchedulerType=sched/builtin bf_interval=10`: each axis by the last part of its path that tells it from the others. */
export function describe(values: AxisValues): string {
  const paths = Object.keys(values);
  if (paths.length === 0) return "the base";
  return paths.map((path) => `${shortPath(path, paths)}=${plain(values[path])}`).join(" ");
}

/** The fewest last parts of `path` that no other of `paths` ends with. */
export function shortPath(path: string, paths: readonly string[]): string {
  const parts = path.split(".");
  const suffix = (length: number) => parts.slice(-length).join(".");
  const length = parts.findIndex((_, i) => paths.every((other) => other === path || !`.${other}`.endsWith(`.${suffix(i + 1)}`)));
  return length < 0 ? path : suffix(length + 1);
}

const plain = (value: unknown) => (typeof value === "string" && value.length <= 80 ? value : quote(value));
