/** `cn[1-3,07-08],gpu1` → cn1 cn2 cn3 cn07 cn08 gpu1; `(null)` is nobody. One bracket a name, as Slurm and Flux (RFC 29) write lists of plain names. */
export function hostlist(text: string): string[] {
  if (text === "" || text === "(null)") return [];
  return splitOutside(text).flatMap((part) => {
    const match = /^([^[\]]+)\[([\d,-]+)\]$/.exec(part);
    if (match === null) return [part];
    const [, prefix = "", ranges = ""] = match;
    return ranges.split(",").flatMap((range) => numbers(range).map((number) => prefix + number));
  });
}

/** Splits at the commas that stand in no bracket. */
const splitOutside = (text: string) => text.match(/[^,[]+(\[[^\]]*\])?/g) ?? [];

/** `07-10` → 07 08 09 10: leading zeros stay. */
function numbers(range: string): string[] {
  const [first = "", last = first] = range.split("-");
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => String(Number(first) + i).padStart(first.length, "0"));
}

/** `0-2,5` → 0 1 2 5. */
export const idset = (text: string): number[] => (text === "" ? [] : text.split(",").flatMap(numbers).map(Number));
