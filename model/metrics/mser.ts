import { mean } from "simple-statistics";

/** Values a batch. */
const batch = 5;

/**
 * How many values at the beginning are warm-up: those without which the rest's standard error is least, in batches of five, at
 * most half (MSER-5: White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC
 * 2000).
 */
export function mser5(values: readonly number[]): number {
  const batches = Array.from({ length: Math.floor(values.length / batch) }, (_, i) => mean(values.slice(batch * i, batch * (i + 1))));
  const half = Math.floor(batches.length / 2);
  let [sum, squares, least, cut] = [0, 0, Number.POSITIVE_INFINITY, 0];
  // From the end, so that of equals the shortest warm-up is taken last.
  for (let i = batches.length - 1; i >= 0; i--) {
    const value = batches[i] as number;
    sum += value;
    squares += value * value;
    const left = batches.length - i;
    const spread = squares - (sum * sum) / left;
    // Rounding is no spread.
    const error = spread < 1e-12 * squares ? 0 : spread / (left * left);
    if (i <= half && error <= least) [least, cut] = [error, i];
  }
  return batch * cut;
}
