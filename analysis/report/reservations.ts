import type { Configuration, ObjectiveAxis, Trial } from "./analysis.ts";

/** What each caution of a record weakens, by the objective's key; those that are not named here weaken all. */
const weakens: Readonly<Record<string, readonly string[]>> = {
  saturated: ["responsiveness"],
  "stream short": ["responsiveness", "lossOfCapacity"],
  "launching compressed": ["responsiveness"],
  timeout: ["responsiveness"],
  censored: ["responsiveness", "lossOfCapacity"],
  cancelled: ["responsiveness", "lossOfCapacity"],
  "network differs": ["controlPlaneCost", "deliveredPerformanceLoss"],
  unofficial: ["deliveredPerformanceLoss"],
};

/** α of a saturated stream grows with its length. */
const unusable: Readonly<Record<string, readonly string[]>> = { saturated: ["responsiveness"] };

/** How far a configuration's numbers can be used. */
export interface Usability {
  /** Symbols of the objectives whose numbers are no result, by the reason's code. */
  readonly unusableFor: Readonly<Record<string, string>>;
  /** Codes of the cautions, with the symbols of what they weaken: `stream short (α, β)`. */
  readonly reservations: readonly string[];
}

/** Whether the trial's value of this objective is no result. */
export const isUnusable = ({ doubts }: Pick<Trial, "doubts">, key: string): boolean =>
  doubts.some(({ code }) => unusable[code]?.includes(key));

/** Of valid trials: what at least half of them say of an objective is said of it. */
export function usability(trials: readonly Trial[], objectives: readonly ObjectiveAxis[]): Usability {
  const valid = trials.filter(({ status }) => status === "valid");
  const counted = new Map<string, number>();
  for (const { doubts } of valid)
    for (const code of new Set(doubts.filter(({ severity }) => severity === "caution").map(({ code }) => code)))
      counted.set(code, (counted.get(code) ?? 0) + 1);
  const symbolsOf = (keys: readonly string[]) => objectives.filter(({ key }) => keys.includes(key)).map(({ symbol }) => symbol);
  const all = objectives.map(({ key }) => key);
  const isHalf = (count: number) => 2 * count >= valid.length;
  const gone = [...counted].flatMap(([code, count]): [string, string][] => {
    const symbols = symbolsOf(unusable[code] ?? []);
    return symbols.length > 0 && isHalf(count) ? [[code, symbols.join(", ")]] : [];
  });
  const kept = [...counted].flatMap(([code, count]) => {
    const symbols = symbolsOf(weakens[code] ?? all);
    if (symbols.length === 0 || gone.some(([own]) => own === code)) return [];
    const times = count < valid.length ? ` in ${count} of ${valid.length} trials` : "";
    return [`${code}${times} (${symbols.join(", ")})`];
  });
  return { unusableFor: Object.fromEntries(gone), reservations: kept };
}

/** `usable`, `usable with reservations: …`, `not usable for α: saturated; …`. */
export function usabilityInWords({ usability: { unusableFor, reservations } }: Pick<Configuration, "usability">): string {
  const gone = Object.entries(unusableFor).map(([code, symbols]) => `not usable for ${symbols}: ${code}`);
  const kept = reservations.length > 0 ? [`${gone.length > 0 ? "" : "usable "}with reservations: ${reservations.join(", ")}`] : [];
  return [...gone, ...kept].join("; ") || "usable";
}
