/**
 * cn1 cn3 cn2 gpu1 → `cn[1-3],gpu1`: sorted, and as short as Slurm and Flux (RFC 29) write lists of plain names.
 * @param names each with its number at the end, without leading zeros
 */
export function nodeRanges(names: readonly string[]): string {
  const numbers = new Map<string, number[]>();
  for (const name of names) {
    const [, prefix = name, number] = /^(.*?)(\d+)$/.exec(name) ?? [];
    const known = numbers.get(prefix);
    if (known === undefined) numbers.set(prefix, [Number(number)]);
    else known.push(Number(number));
  }
  return [...numbers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prefix, all]) => (all.length === 1 ? `${prefix}${all[0]}` : `${prefix}[${ranges(all).join(",")}]`))
    .join(",");
}

/** 5 1 3 2 → `1-3` `5`. */
function ranges(numbers: readonly number[]): string[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  const firsts = sorted.filter((number, i) => number - 1 !== sorted[i - 1]);
  const lasts = sorted.filter((number, i) => number + 1 !== sorted[i + 1]);
  return firsts.map((first, i) => (first === lasts[i] ? String(first) : `${first}-${lasts[i]}`));
}
