import { printableLine } from "../../model/printable.ts";
import type { Level } from "../statistics/parameter-effects.ts";

type Parameters = Readonly<Record<string, Level>>;

/** Names of the parameters that are not the same in all of these, sorted; one that is absent somewhere varies, too. */
export function varying(all: readonly Parameters[]): string[] {
  const names = [...new Set(all.flatMap((parameters) => Object.keys(parameters)))];
  return names.filter((name) => new Set(all.map((parameters) => parameters[name])).size > 1).sort();
}

/** What tells configurations apart: the scheduler's kind; within a kind what varies, for two kinds share no parameter. */
export function telling(all: readonly Parameters[]): string[] {
  const kinds = new Set(all.map((own) => own["scheduler.kind"]));
  const ofKinds = [...kinds].flatMap((kind) => varying(all.filter((own) => own["scheduler.kind"] === kind)));
  return [...new Set([...(kinds.size > 1 ? ["scheduler.kind"] : []), ...ofKinds])];
}

/** Parameters that a label names. */
const mostTold = 20;

/**
 * `SchedulerType=sched/builtin bf_interval=10`: each parameter by the last parts of its path that tell it from the others. Long
 * values are cut, and of many parameters the first are named.
 */
export function label(parameters: Parameters, names: readonly string[]): string {
  const there = names.filter((name) => parameters[name] !== undefined);
  const told = there
    .slice(0, mostTold)
    .map((name) => `${printableLine(shortName(name, names), 100)}=${printableLine(String(parameters[name]), 100)}`);
  const more = there.length > mostTold ? [`and ${there.length - mostTold} more`] : [];
  return [...told, ...more].join(" ") || String(parameters["scheduler.kind"] ?? "the only configuration");
}

/** The fewest last parts of `name` that no other of `names` ends with. */
export function shortName(name: string, names: readonly string[]): string {
  const parts = name.split(".");
  const suffix = (length: number) => parts.slice(-length).join(".");
  const length = parts.findIndex((_, i) => names.every((other) => other === name || !`.${other}`.endsWith(`.${suffix(i + 1)}`)));
  return length < 0 ? name : suffix(length + 1);
}

/** 0 → A, 25 → Z, 26 → AA. */
export const letters = (number: number): string =>
  (number < 26 ? "" : letters(Math.floor(number / 26) - 1)) + String.fromCharCode(65 + (number % 26));
