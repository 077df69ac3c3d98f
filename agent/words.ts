/** What a thrown value says. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `cn1 is down*: Not responding; cn2 is drained`: nodes with their reasons, the first five. */
export function nodesInWords(reasons: ReadonlyMap<string, string>): string {
  const all = [...reasons].map(([node, reason]) => `${node} is ${reason}`);
  return [...all.slice(0, 5), ...(all.length > 5 ? [`${all.length - 5} more`] : [])].join("; ");
}
