import { distance } from "fastest-levenshtein";

/** Names that a message lists whole. */
const mostListed = 12;

/** Names that it gives instead where there are more. */
const mostNear = 3;

/**
 * What may stand in place of a name that is not one of them, for a message: `is not one of a, b`, or of a long list
 * `is not known; did you mean bf_interval?`.
 * @param deeper names in mappings beside it, dotted: only one that is near is given
 */
export function allowedInstead(name: string, names: readonly string[], deeper: readonly string[] = []): string {
  const near = nearestOf(name, [...names, ...deeper]).filter(({ isNear }) => isNear);
  const isDeeper = near[0] !== undefined && deeper.includes(near[0].known);
  if (names.length <= mostListed && !isDeeper) return `is not one of ${names.join(", ")}`;
  if (near.length > 0) return `is not known; did you mean ${near.map(({ known }) => known).join(", or ")}?`;
  if (names.includes("extra")) return "is not known; what has no key of its own goes under extra";
  const shown = nearestOf(name, names).map(({ known }) => known);
  return `is not one of the ${names.length} that are known; the nearest are ${shown.join(", ")}`;
}

/** The same name in other letters is alone. */
function nearestOf(name: string, names: readonly string[]) {
  const ranked = names.map((known) => ({ known, ...likeness(name, known) })).sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, ranked[0]?.rank === 0 ? 1 : mostNear);
}

/** Letters and digits alone: capitals, hyphens and underscores are what is mixed up first. */
const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** How near two names are, 0 for the same; and whether one is likely meant by the other: a letter in three may be wrong, or one holds the other. */
function likeness(given: string, known: string): { readonly rank: number; readonly isNear: boolean } {
  const [a, b] = [plain(given.slice(0, 100)), plain(known.slice(known.lastIndexOf(".") + 1))];
  const apart = distance(a, b);
  const shorter = Math.min(a.length, b.length);
  const holds = shorter >= 4 && (a.includes(b) || b.includes(a));
  const isNear = holds || (shorter >= 3 && apart <= Math.ceil(shorter / 3));
  return { rank: holds ? Math.min(apart, 1.5) + apart / 100 : apart, isNear };
}
