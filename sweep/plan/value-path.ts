/** Where a value stands in a tuple: `scheduler.SchedulerParameters.bf_interval`, `workloads[2].load`. */
export type ValuePath = readonly (string | number)[];

/** Null where the text is no path. A part never starts with an underscore, so no prototype can be reached. */
export function parsePath(text: string): ValuePath | null {
  if (!/^[A-Za-z][A-Za-z0-9_]*(\[\d{1,4}\])*(\.[A-Za-z][A-Za-z0-9_]*(\[\d{1,4}\])*)*$/.test(text)) return null;
  return [...text.matchAll(/([A-Za-z][A-Za-z0-9_]*)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
}

/** Whether one of the two is the other, or lies inside it. */
export const overlap = (a: ValuePath, b: ValuePath): boolean => a.slice(0, b.length).every((part, i) => part === b[i]);

/** Whether what stands at `outer` holds what stands at `path`. */
export const isWithin = (path: ValuePath, outer: ValuePath | null): boolean =>
  outer !== null && outer.length <= path.length && overlap(path, outer);

/**
 * A copy of `root` with `value` at the path. Mappings on the way are made where there are none; entries of lists are not.
 * Returns a sentence instead where the path leads nowhere.
 */
export function withValue(root: unknown, path: ValuePath, value: unknown): { readonly root: unknown } | string {
  const [part, ...rest] = path;
  if (part === undefined) return { root: value };
  if (typeof part === "number") {
    if (!Array.isArray(root)) return `[${part}] asks for a list, there is none`;
    if (part >= root.length) return `[${part}] is not there, the list has ${root.length} entries`;
    const inner = withValue(root[part], rest, value);
    return typeof inner === "string" ? inner : { root: root.with(part, inner.root) };
  }
  if (root !== undefined && (typeof root !== "object" || root === null || Array.isArray(root)))
    return `${part} asks for a mapping, there is ${JSON.stringify(root)}`;
  const mapping = (root ?? {}) as Readonly<Record<string, unknown>>;
  const inner = withValue(Object.hasOwn(mapping, part) ? mapping[part] : undefined, rest, value);
  return typeof inner === "string" ? inner : { root: { ...mapping, [part]: inner.root } };
}
