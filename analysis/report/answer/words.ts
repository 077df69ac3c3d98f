import type { Configuration } from "../analysis.ts";
import { digits } from "../figures/words.ts";
import { shortName } from "../varying.ts";
import type { Change, Comparison, ParameterChange, Preferences, Stability } from "./schema.ts";

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
] as const;

/** `3 h 10 min`, `1 min 5 s`, `12 s`, `0.58 s`: two units at most. */
export function durationInWords(seconds: number): string {
  const at = units.findIndex(([, size]) => Math.round(seconds) >= size);
  const [unit, size] = units[at] ?? ["s", 1];
  if (at < 0) return `${seconds >= 10 ? Math.round(seconds) : Number(seconds.toPrecision(2))} s`;
  const [nextUnit, nextSize] = units[at + 1] ?? ["s", 1];
  const rounded = Math.round(seconds / nextSize) * nextSize;
  // 23 h 59 min 40 s is a day by now.
  if (at > 0 && rounded >= (units[at - 1]?.[1] ?? 0)) return durationInWords(rounded);
  const rest = Math.round((rounded % size) / nextSize);
  return `${Math.floor(rounded / size)} ${unit}${rest === 0 ? "" : ` ${rest} ${nextUnit}`}`;
}

/** A value in its unit: `12 %`, `725.5 ms per job`, `3 h 10 min`. */
export function quantityInWords(value: number, unit: string): string {
  if (unit === "fraction") return `${Number((100 * value).toPrecision(3))} %`;
  if (unit === "s") return durationInWords(value);
  return unit === "1" ? digits(value) : `${digits(value)} ${unit}`;
}

const short = (value: number) => String(Number(value.toPrecision(value >= 10 ? 3 : 2)));

const signed = (value: number, text: (size: number) => string) => `${value < 0 ? "−" : "+"}${text(Math.abs(value))}`;

/** `2.9 times shorter, 2.1 to 3.8`; `−3.1 points, −4.2 to −2.0`. */
export function changeInWords({ change, unit, scale, seeds }: Change): string {
  if (change === null) return "";
  const { value, low, high } = change;
  const interval = (from: string, to: string) =>
    low === null ? `, from ${seeds} ${seeds === 1 ? "seed" : "seeds"}` : `, ${from} to ${to}`;
  if (scale === "linear") {
    const size = (text: number) => (unit === "fraction" ? `${short(100 * text)}` : unit === "s" ? durationInWords(text) : short(text));
    const points = unit === "fraction" ? " points" : unit === "s" || unit === "1" ? "" : ` ${unit}`;
    return `${signed(value, size)}${points}${interval(signed(low ?? 0, size), signed(high ?? 0, size))}`;
  }
  const word = unit === "s" ? ["shorter", "longer"] : ["lower", "higher"];
  // A ratio whose interval holds 1 is said as a percentage: `1.02 times shorter, 0.9 to 1.1` reads badly.
  if (low !== null && high !== null && low <= 1 && high >= 1) {
    const percent = (ratio: number) => signed(ratio - 1, (size) => short(100 * size));
    return `${percent(value)} %, ${percent(low)} to ${percent(high)}`;
  }
  if (value < 1) return `${short(1 / value)} times ${word[0]}${interval(short(1 / (high ?? 1)), short(1 / (low ?? 1)))}`;
  return `${short(value)} times ${word[1]}${interval(short(low ?? 1), short(high ?? 1))}`;
}

/** `median wait 3 h 10 min → 1 h 5 min (2.9 times shorter, 2.1 to 3.8)`. */
export function changeSentence(change: Change): string {
  const { name, before, after, unit, verdict, reason, lowerBounds = [] } = change;
  if (before === null || after === null) return `${name}: ${reason ?? "not measured"}`;
  const value = (side: "before" | "after", number: number) =>
    `${lowerBounds.includes(side) ? "at least " : ""}${quantityInWords(number, unit)}`;
  const values = `${value("before", before)} → ${value("after", after)}`;
  if (verdict === "equal") return `${name}: ${quantityInWords(after, unit)} in both`;
  const told = verdict === "better" || verdict === "worse" ? "" : `; ${verdict}`;
  return `${name} ${values} (${changeInWords(change)}${told})`;
}

/** `bf_interval 30 → 120, SchedulerType sched/builtin → sched/backfill`. */
export function parametersInWords(changes: readonly ParameterChange[]): string {
  const names = changes.map(({ name }) => name);
  const value = (level: ParameterChange["from"]) => (level === null ? "not set" : String(level).slice(0, 200));
  return changes.map(({ name, from, to }) => `${shortName(name, names)} ${value(from)} → ${value(to)}`).join(", ");
}

/** What a comparison says, the told changes first. */
export const comparisonInWords = ({ changes }: Comparison): string => changes.map(changeSentence).join(". ");

/** `A (SchedulerType=sched/backfill bf_interval=10)`. */
export const named = ({ id, label }: Pick<Configuration, "id" | "label">): string => `${id} (${label})`;

/** `the knee of the Pareto front` or `the best for weights α 0.7, β 0.3`, with limits. */
export function preferencesInWords({ weights, stated, limits }: Preferences, symbolOf: (key: string) => string): string {
  if (!stated) return "the knee of the Pareto front (no preferences given)";
  const weighed = Object.entries(weights).map(([key, weight]) => `${symbolOf(key)} ${short(weight)}`);
  const limited = Object.entries(limits).map(([key, limit]) => `${symbolOf(key)} no worse than ${digits(limit)}`);
  return `the best for the weights ${weighed.join(", ")}${limited.length > 0 ? `, with ${limited.join(" and ")}` : ""}`;
}

/** `It stays best for any weight of α between 0.2 and 0.9, of β up to 0.6.` */
export function stabilityInWords(all: readonly Stability[], symbolOf: (key: string) => string): string {
  if (all.length === 0) return "";
  const parts = all.map(({ objective, from, to }) => {
    const weight = `of ${symbolOf(objective)}`;
    if (from <= 0 && to >= 1) return `${weight} whatever it is`;
    if (from <= 0) return `${weight} up to ${short(to)}`;
    return to >= 1 ? `${weight} from ${short(from)}` : `${weight} between ${short(from)} and ${short(to)}`;
  });
  return `It stays best for any weight ${parts.join(", ")}, the other weights in proportion.`;
}
