import { InvalidInput } from "../model/problem.ts";
import type { LogJob } from "./log-job.ts";
import type { TimeReader } from "./times.ts";

/** By what jobs are chosen, and which of a job's fields each is. */
const keys = {
  partition: "partition",
  queue: "queue",
  qos: "queue",
  account: "account",
  group: "account",
  user: "user",
  name: "name",
  state: "state",
} as const;
type Key = keyof typeof keys;

/** Options of the command, as they were given. */
export interface SelectionOptions {
  /** `user=alice,bob`, each for one key. */
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Whether a job is chosen: submitted in the window, with one of the names of each `only`, and of none of `exclude`.
 * @throws InvalidInput for a key or a time that is none
 */
export function selection({ only = [], exclude = [], from, to }: SelectionOptions, time: TimeReader): (job: LogJob) => boolean {
  const wanted = only.map((text) => condition("--only", text));
  const unwanted = exclude.map((text) => condition("--exclude", text));
  const begin = bound("--from", from, time) ?? Number.NEGATIVE_INFINITY;
  const end = bound("--to", to, time) ?? Number.POSITIVE_INFINITY;
  if (begin >= end) throw new InvalidInput("option", [{ path: ["--from"], message: `"${from}" is not before --to, "${to}"` }]);
  return (job) =>
    job.submitSeconds >= begin && job.submitSeconds < end && wanted.every((fits) => fits(job)) && !unwanted.some((fits) => fits(job));
}

function condition(option: string, text: string): (job: LogJob) => boolean {
  const at = text.indexOf("=");
  const key = text.slice(0, Math.max(0, at));
  const names = new Set(
    text
      .slice(at + 1)
      .split(",")
      .filter((name) => name !== ""),
  );
  if (!Object.hasOwn(keys, key) || names.size === 0)
    throw new InvalidInput("option", [
      { path: [option], message: `"${text}" is not KEY=NAME[,NAME], with a key of ${Object.keys(keys).join(", ")}` },
    ]);
  const field = keys[key as Key];
  return (job) => names.has(job[field]);
}

function bound(option: string, text: string | undefined, time: TimeReader): number | null {
  if (text === undefined) return null;
  const value = time(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
  if (value === null)
    throw new InvalidInput("option", [{ path: [option], message: `"${text}" is no time: 2024-01-31 or 2024-01-31T12:00:00` }]);
  return value;
}
