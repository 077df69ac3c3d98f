import type { Points } from "./points.ts";

/** Whether point `i` of `a` is nowhere worse than point `j` of `b`, and somewhere better. */
export function dominates(a: Points, i: number, b: Points, j: number): boolean {
  const { dimensions } = a;
  const [left, right] = [i * dimensions, j * dimensions];
  for (let k = 0; k < dimensions; k++) if (a.values[left + k]! > b.values[right + k]!) return false;
  for (let k = 0; k < dimensions; k++) if (a.values[left + k]! < b.values[right + k]!) return true;
  return false;
}

export function equal({ values, dimensions }: Points, a: number, b: number): boolean {
  for (let k = 0; k < dimensions; k++) if (values[a * dimensions + k] !== values[b * dimensions + k]) return false;
  return true;
}
