import type { ObjectiveKey } from "./objectives.ts";
import type { Doubt } from "./run.ts";
import type { Purpose } from "./workload.ts";
import { workloads } from "./workloads/index.ts";

/** Which objectives runs of each purpose measure. */
const measuredBy: Readonly<Record<Purpose, readonly ObjectiveKey[]>> = {
  stream: ["responsiveness", "lossOfCapacity"],
  fill: ["lossOfCapacity"],
  burst: ["controlPlaneCost"],
  kernel: ["deliveredPerformanceLoss"],
};

/** What each caution weakens; those that are not named here weaken all that its run measures. */
const weakens: Readonly<Partial<Record<Doubt["code"], readonly ObjectiveKey[]>>> = {
  saturated: ["responsiveness"],
  "stream short": ["responsiveness", "lossOfCapacity"],
  "launching compressed": ["responsiveness"],
  "few slots": ["controlPlaneCost"],
  timeout: ["responsiveness"],
  censored: ["responsiveness", "lossOfCapacity"],
  cancelled: ["responsiveness", "lossOfCapacity"],
  "network differs": ["controlPlaneCost", "deliveredPerformanceLoss"],
  unofficial: ["deliveredPerformanceLoss"],
};

/**
 * Cautions with which the objectives that they weaken are no result. α of a saturated stream grows with its length; on a
 * loaded host times are the host's (model/host-load.ts).
 */
const spoils: readonly Doubt["code"][] = ["saturated", "host loaded"];

/** What a caution needs to be judged: its message begins with the run's label, where it is about one run (model/trial.ts). */
type Caution = Readonly<Record<"code" | "message", string>>;

/** Which of these objectives a caution weakens, by key. */
export function weakenedBy({ code, message }: Caution, keys: readonly string[]): string[] {
  const own: readonly string[] | undefined = weakens[code as Doubt["code"]];
  const kind = /^([a-z]+) seed -?\d+/.exec(message)?.[1] ?? "";
  const purpose = Object.entries(workloads).find(([name]) => name === kind)?.[1].purpose;
  const others =
    purpose === undefined
      ? []
      : Object.values(measuredBy)
          .flat()
          .filter((key) => !measuredBy[purpose].includes(key));
  return keys.filter((key) => (own === undefined || own.includes(key)) && !others.some((other) => other === key));
}

/** Which of these objectives are no result because of it. */
export const spoiltBy = (caution: Caution, keys: readonly string[]): string[] =>
  spoils.some((code) => code === caution.code) ? weakenedBy(caution, keys) : [];

/** How far numbers can be used. */
export interface Usability {
  /** Symbols of the objectives whose numbers are no result, by the reason's code. */
  readonly unusableFor: Readonly<Record<string, string>>;
  /** Codes of the cautions, with the symbols of what they weaken: `stream short (α, β)`. */
  readonly reservations: readonly string[];
}

interface Judged {
  readonly key: string;
  readonly symbol: string;
}

/** Of a trial that is valid, by what its cautions say of these objectives. */
export function usabilityOf(cautions: readonly Caution[], objectives: readonly Judged[]): Usability {
  const keys = objectives.map(({ key }) => key);
  const symbols = (own: readonly string[]) => objectives.filter(({ key }) => own.includes(key)).map(({ symbol }) => symbol);
  const codes = [...new Set(cautions.map(({ code }) => code))];
  const of = (code: string, by: (caution: Caution, keys: readonly string[]) => string[]) =>
    symbols(cautions.filter((own) => own.code === code).flatMap((own) => by(own, keys)));
  const spoilt = codes.map((code) => [code, of(code, spoiltBy).join(", ")] as const).filter(([, found]) => found !== "");
  const kept = codes
    .filter((code) => !spoilt.some(([own]) => own === code))
    .map((code) => [code, of(code, weakenedBy).join(", ")] as const)
    .filter(([, found]) => found !== "");
  return { unusableFor: Object.fromEntries(spoilt), reservations: kept.map(([code, found]) => `${code} (${found})`) };
}

/** `usable`, `usable with reservations: …`, `not usable for α: saturated; with reservations: …`. */
export function usabilityInWords({ unusableFor, reservations }: Usability): string {
  const gone = Object.entries(unusableFor).map(([code, symbols]) => `not usable for ${symbols}: ${code}`);
  const kept = reservations.length > 0 ? [`${gone.length > 0 ? "" : "usable "}with reservations: ${reservations.join(", ")}`] : [];
  return [...gone, ...kept].join("; ") || "usable";
}
