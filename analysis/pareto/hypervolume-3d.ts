import type { Points } from "./points.ts";
import { Staircase } from "./staircase.ts";

/**
 * Sweep along the first objective; the others' dominated area grows point by point (Fonseca, Paquete and López-Ibáñez
 * 2006). Points in ascending order of the first objective, all below the reference point.
 */
export function hypervolume3d({ values, count }: Points, reference: readonly number[]): number {
  const [limitZ = 0, limitX = 0, limitY = 0] = reference;
  const free = new Staircase(count);
  let [cornerX, cornerY] = [limitX, limitY];
  for (let i = 0; i < count; i++) {
    cornerX = Math.min(cornerX, values[3 * i + 1]!);
    cornerY = Math.min(cornerY, values[3 * i + 2]!);
  }
  free.reset(cornerX, cornerY, limitX, limitY);
  let volume = 0;
  let area = 0;
  for (let i = 0; i < count; i++) {
    area += free.cut(values[3 * i + 1]!, values[3 * i + 2]!);
    const next = i + 1 < count ? values[3 * (i + 1)]! : limitZ;
    volume += area * (next - values[3 * i]!);
  }
  return volume;
}
