import type { Objective } from "../model/objectives.ts";

type Directed = Pick<Objective, "symbol" | "better">;

/** `α, γ`. */
export const symbolsOf = (objectives: readonly Pick<Objective, "symbol">[]): string => objectives.map(({ symbol }) => symbol).join(", ");

/** `lower is better`; where that does not hold of all, `lower is better, higher of ζ`. */
export function directionInWords(objectives: readonly Directed[]): string {
  const higher = objectives.filter(({ better }) => better === "higher");
  if (higher.length === 0) return "lower is better";
  return higher.length === objectives.length ? "higher is better" : `lower is better, higher of ${symbolsOf(higher)}`;
}
