import { spoiltBy, type Usability, weakenedBy } from "../../model/usability.ts";
import type { Trial } from "./analysis.ts";

interface Named {
  readonly key: string;
  readonly symbol: string;
}

/** Whether the trial's value of this objective is no result. */
export const isUnusable = ({ doubts }: Pick<Trial, "doubts">, key: string): boolean =>
  doubts.some((doubt) => spoiltBy(doubt, [key]).length > 0);

/**
 * Of which objectives a trial lost its value to what has nothing to do with its configuration: such a trial is left out as an
 * invalid one is. A saturated one is not, for a configuration must not gain by the seeds that it cannot cope with.
 */
export const disturbed = <Own extends Named>({ doubts }: Pick<Trial, "doubts">, objectives: readonly Own[]): Own[] =>
  objectives.filter(({ key }) => doubts.some((doubt) => doubt.code === "host loaded" && spoiltBy(doubt, [key]).length > 0));

/** Of valid trials, or of all where none is: what at least half of them say of an objective is said of it. */
export function usability(trials: readonly Trial[], objectives: readonly Named[]): Usability {
  const valid = trials.filter(({ status }) => status === "valid");
  const judged = valid.length > 0 ? valid : trials.filter(({ status }) => status === "invalid");
  const keys = objectives.map(({ key }) => key);
  const symbolsOf = (own: ReadonlySet<string>) => objectives.filter(({ key }) => own.has(key)).map(({ symbol }) => symbol);
  const counted = new Map<string, { trials: number; spoilt: Map<string, number>; weakened: Set<string> }>();
  for (const { doubts } of judged) {
    const cautions = doubts.filter(({ severity }) => severity === "caution");
    for (const code of new Set(cautions.map((doubt) => doubt.code))) {
      const own = cautions.filter((doubt) => doubt.code === code);
      const found = counted.get(code) ?? { trials: 0, spoilt: new Map(), weakened: new Set() };
      counted.set(code, found);
      found.trials++;
      for (const key of new Set(own.flatMap((doubt) => weakenedBy(doubt, keys)))) found.weakened.add(key);
      for (const key of new Set(own.flatMap((doubt) => spoiltBy(doubt, keys)))) found.spoilt.set(key, (found.spoilt.get(key) ?? 0) + 1);
    }
  }
  const goneOf = (spoilt: ReadonlyMap<string, number>) =>
    new Set([...spoilt].filter(([, count]) => 2 * count >= judged.length).map(([key]) => key));
  const gone = [...counted].flatMap(([code, { spoilt }]): [string, string][] => {
    const symbols = symbolsOf(goneOf(spoilt));
    return symbols.length > 0 ? [[code, symbols.join(", ")]] : [];
  });
  const kept = [...counted].flatMap(([code, { trials: count, spoilt, weakened }]) => {
    const lost = goneOf(spoilt);
    const symbols = symbolsOf(new Set([...weakened].filter((key) => !lost.has(key))));
    if (symbols.length === 0) return [];
    const times = count < judged.length ? ` in ${count} of ${judged.length} trials` : "";
    return [`${code}${times} (${symbols.join(", ")})`];
  });
  return { unusableFor: Object.fromEntries(gone), reservations: kept };
}
