import type { Points } from "./points.ts";
import { SweptFront } from "./swept-front.ts";

/**
 * Sweep along the first objective w. The volume over the others grows by what each point adds to those before it, found
 * in linear time as in HV4D (Guerreiro, Fonseca and Emmerich 2012), so the whole takes quadratic time.
 * Points in ascending order of w, all below the reference point.
 */
export function hypervolume4d({ values, count }: Points, reference: readonly number[]): number {
  const [limitW = 0, limitZ = 0, limitX = 0, limitY = 0] = reference;
  const front = new SweptFront(count, limitX, limitY, limitZ);
  let volume = 0;
  let hypervolume = 0;
  for (let i = 0; i < count; i++) {
    volume += front.add(values[4 * i + 2]!, values[4 * i + 3]!, values[4 * i + 1]!);
    const next = i + 1 < count ? values[4 * (i + 1)]! : limitW;
    hypervolume += volume * (next - values[4 * i]!);
  }
  return hypervolume;
}
