import type { Estimate } from "../../statistics/estimate.ts";
import type { Configuration, ObjectiveAxis, Standing } from "../analysis.ts";

/** Four significant digits, without an exponent where a person would not write one. */
export const digits = (value: number): string => String(Number(value.toPrecision(4)));

/** `β loss of capacity`; with its unit where it has one. */
export const objectiveName = ({ symbol, name, unit }: ObjectiveAxis): string => `${symbol} ${name}${unit === "1" ? "" : ` (${unit})`}`;

/** `≥ 9` for a lower bound. */
export const valueInWords = ({ value, lowerBound }: Pick<Estimate, "value" | "lowerBound">): string =>
  `${lowerBound ? "≥ " : ""}${digits(value)}`;

/** `1.2 [1.1, 1.3]`. */
export function estimateInWords(estimate: Estimate | null | undefined): string {
  if (estimate === null || estimate === undefined) return "missing";
  const { interval } = estimate;
  return interval === null ? valueInWords(estimate) : `${valueInWords(estimate)} [${digits(interval.low)}, ${digits(interval.high)}]`;
}

/** `× 1.2 [1.1, 1.3]` where ratios matter, else `+0.02 [-0.01, 0.05] fraction`. */
export function changeInWords(change: Estimate | null | undefined, { scale, unit }: Pick<ObjectiveAxis, "scale" | "unit">): string {
  if (change === null || change === undefined) return "missing";
  if (scale === "log10") return `× ${estimateInWords(change)}`;
  return `${change.value > 0 ? "+" : ""}${estimateInWords(change)} ${unit}`;
}

export const share = (probability: number | null): string => (probability === null ? "–" : `${Math.round(100 * probability)}\u00a0%`);

export function standingInWords(standing: Standing): string {
  if (standing.kind !== "ranked") return standing.kind;
  return standing.rank === 0 ? "front" : `rank ${standing.rank}`;
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What a pointer or the keyboard finds at a configuration's point, as HTML. */
export function tooltip({ id, label, standing, estimates, frontProbability }: Configuration, objectives: readonly ObjectiveAxis[]): string {
  const values = objectives.map((own) => `${own.symbol} ${estimateInWords(estimates[own.key])} ${own.unit === "1" ? "" : own.unit}`);
  const sure = frontProbability === null ? [] : [`on the front with probability ${share(frontProbability)}`];
  const why = standing.kind === "ranked" ? [] : [standing.reason.slice(0, 200)];
  return [`${id}: ${label}`, standingInWords(standing), ...values, ...sure, ...why].map(escaped).join("<br>");
}
