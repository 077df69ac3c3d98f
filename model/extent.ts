import type { Problem } from "./problem.ts";

/** How large a value from outside may be. */
export interface Extent {
  readonly values: number;
  readonly levels: number;
  /** Of one text, keys among them; no bound if left out. */
  readonly characters?: number;
}

/** The largest configurations that mean something stay far below both. */
const ofConfiguration: Extent = { values: 100_000, levels: 40 };

/**
 * What is wrong with a value whatever it is to be: more of it than anybody reads, levels that would end a recursion, or a
 * key that JavaScript has a meaning of its own for. Null where nothing is.
 */
export function extentProblem(root: unknown, { values: mostValues, levels: mostLevels, characters } = ofConfiguration): Problem | null {
  let count = 0;
  const isLong = (text: unknown) => characters !== undefined && typeof text === "string" && text.length > characters;
  const tooLong = (path: readonly PropertyKey[], what: string): Problem => ({
    path,
    message: `${what} of more than ${characters} characters`,
  });
  // Not by recursion, which is what the value may be made to break.
  const waiting: { readonly value: unknown; readonly path: readonly PropertyKey[] }[] = [{ value: root, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value !== "object" || value === null) continue;
    if (path.length >= mostLevels) return { path: path.slice(0, 3), message: `is nested deeper than ${mostLevels} levels` };
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const key of keys) {
      count++;
      if (count > mostValues) return { path: path.slice(0, 3), message: `has, with what stands around it, more than ${mostValues} values` };
      if (key === "__proto__") return { path: [...path, key], message: "is not a known key" };
      if (isLong(key)) return tooLong(path, "has a key");
      const inner = (value as Record<PropertyKey, unknown>)[key];
      if (isLong(inner)) return tooLong([...path, key], "is a text");
      if (typeof inner === "object" && inner !== null) waiting.push({ value: inner, path: [...path, key] });
    }
  }
  return null;
}
