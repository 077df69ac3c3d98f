import { type Executor, units } from "./executor.ts";

/** Hands the trials to a matrix of CI jobs (.github/workflows/sweep.yml), which reads the text as its own: {include: [{unit, trials}]}. */
export const matrixExecutor = (most: number): Executor => ({
  execute: async ({ trials }) => {
    const include = units(trials, most).map((ids, i) => ({ unit: i + 1, trials: ids.join(" ") }));
    return { kind: "handed over", text: JSON.stringify({ include }) };
  },
});
