import type { Exchange } from "./process.ts";

/**
 * By how much the other clock is ahead of ours, in seconds: its answer against the middle of the exchange, from the
 * exchange that took the shortest time (Cristian's algorithm). Off by no more than half of that time.
 */
export function clockOffset(exchanges: readonly Exchange[]): number {
  const [best] = [...exchanges].sort((a, b) => a.answered - a.asked - (b.answered - b.asked));
  if (best === undefined || !(Number(best.answer) > 0)) throw new Error(`the node did not report its time: "${best?.answer ?? ""}"`);
  return Number(best.answer) - (best.asked + best.answered) / 2;
}
