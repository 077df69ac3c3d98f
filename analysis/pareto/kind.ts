/**
 * Rows by their kind, kinds in order of first appearance. A front belongs to one kind: results of different fidelity,
 * scale or workload suite are never compared, so each kind gets a front of its own.
 *
 *     byKind(trials, (t) => ({ fidelity: t.fidelity, nodes: t.nodes, suite: t.suite }))
 */
export function byKind<Row, Kind extends Readonly<Record<string, string | number>>>(
  rows: readonly Row[],
  kind: (row: Row) => Kind,
): { readonly kind: Kind; readonly rows: Row[] }[] {
  const groups = new Map<string, { kind: Kind; rows: Row[] }>();
  for (const row of rows) {
    const own = kind(row);
    const key = JSON.stringify(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { kind: own, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}
