import * as z from "zod";
import type { Uniform } from "./random.ts";

/** How often an entry of a list is drawn, against the others. */
export const weight = z.number().positive().max(1e6).default(1);

/** One entry, as often as its weight says; draws one number. The list is not empty. */
export function pick<Entry extends { readonly weight: number }>(uniform: Uniform, entries: readonly Entry[]): Entry {
  let left = uniform() * entries.reduce((sum, entry) => sum + entry.weight, 0);
  const found = entries.find((entry) => {
    left -= entry.weight;
    return left < 0;
  });
  // Rounding may leave a little over.
  return found ?? (entries.at(-1) as Entry);
}
