import { grouped } from "./grouped.ts";

/**
 * cn1 cn3 cn2 gpu1 → `cn[1-3],gpu1`: sorted, and as short as Slurm and Flux (RFC 29) write lists of plain names.
 * @param names each with its number at the end, without leading zeros
 */
export function nodeRanges(names: readonly string[]): string {
  return [...grouped(names, prefixOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prefix, own]) =>
      own.length === 1 ? `${own[0]}` : `${prefix}[${ranges(own.map((name) => Number(name.slice(prefix.length)))).join(",")}]`,
    )
    .join(",");
}

const prefixOf = (name: string) => name.replace(/\d+$/, "");

/** 5 1 3 2 → `1-3` `5`. */
function ranges(numbers: readonly number[]): string[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const firsts = sorted.filter((number, i) => number - 1 !== sorted[i - 1]);
  const lasts = sorted.filter((number, i) => number + 1 !== sorted[i + 1]);
  return firsts.map((first, i) => (first === lasts[i] ? String(first) : `${first}-${lasts[i]}`));
}
