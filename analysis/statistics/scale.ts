/**
 * The scale on which an objective is averaged and compared: logarithmic where ratios matter and values spread over decades,
 * linear for fractions. A mean on the logarithmic scale is the geometric mean, a difference there is a ratio.
 */
export type Scale = "linear" | "log10";

/** Throws RangeError for a logarithm of what is not positive. */
export function toScale(value: number, scale: Scale): number {
  if (scale === "linear") return value;
  if (!(value > 0)) throw new RangeError(`${value} has no logarithm; give the objective a linear scale`);
  return Math.log10(value);
}

export const fromScale = (value: number, scale: Scale): number => (scale === "linear" ? value : 10 ** value);

/** What a change that changes nothing is: a difference of 0, or a ratio of 1. */
export const noChange = (scale: Scale): number => (scale === "linear" ? 0 : 1);

/**
 * A share such as 5 %, as a step on the scale: × 1.05 for ratios; for fractions five percentage points, for a share of a
 * share near 0 is no margin at all.
 */
export const stepOf = (share: number, scale: Scale): number => (scale === "linear" ? share : Math.log10(1 + share));

/** The scale, or the linear one where some value has no logarithm. */
export const usableScale = (scale: Scale, values: readonly number[]): Scale => (values.every((value) => value > 0) ? scale : "linear");
