import type { Axis, Range } from "./sweep.ts";

/** Most values that one axis may have. */
const most = 10_000;

/** An axis's values in order, or a sentence that says what is wrong with it. */
export function axisValues(axis: Axis): readonly unknown[] | string {
  return Array.isArray(axis) ? axis : rangeValues(axis);
}

function rangeValues({ from, to, step, count, scale, integer }: Range): number[] | string {
  if ((step === undefined) === (count === undefined)) return "give either step or count";
  if (from > to) return `from, ${from}, is above to, ${to}`;
  if (scale === "log" && count === undefined) return "scale: log needs count";
  if (scale === "log" && from <= 0) return `scale: log needs a from above 0, not ${from}`;
  // A hair is added, so that 0.1 … 0.7 by 0.2 keeps its last value.
  const number = count ?? Math.floor((to - from) / (step ?? 1) + 1e-9) + 1;
  if (number > most) return `${number} values, the most is ${most}`;
  const share = (i: number) => i / (number - 1);
  const value = (i: number) => {
    if (step !== undefined) return from + i * step;
    return scale === "log" ? from * (to / from) ** share(i) : from + (to - from) * share(i);
  };
  const values = Array.from({ length: number }, (_, i) => tidy(value(i)));
  return integer ? [...new Set(values.map(Math.round))] : values;
}

/** 0.1 + 0.2 is 0.3 to whoever writes a sweep. */
const tidy = (value: number) => Number(value.toPrecision(12));
