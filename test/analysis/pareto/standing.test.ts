import { expect, test } from "vitest";
import { byKind } from "../../../analysis/pareto/kind.ts";
import { type Exclusion, standings } from "../../../analysis/pareto/standing.ts";

interface Row {
  readonly cost: number | null;
  readonly wait: number | null;
  readonly exclusion?: Exclusion;
}

const axes = [
  { name: "cost", value: (row: Row) => row.cost, better: "lower" as const },
  { name: "wait", value: (row: Row) => row.wait, better: "lower" as const },
];

test("invalid, infeasible and missing are three different things, and none of them hides a row", () => {
  const invalid: Exclusion = { kind: "invalid", reason: "3 jobs lost" };
  const infeasible: Exclusion = { kind: "infeasible", reason: "9 nodes, 8 allowed" };
  const rows: Row[] = [
    { cost: 0, wait: 0, exclusion: invalid },
    { cost: 0, wait: 0, exclusion: infeasible },
    { cost: 0, wait: null },
    { cost: null, wait: Number.NaN, exclusion: invalid },
    { cost: 2, wait: 2 },
    { cost: 1, wait: 3 },
    { cost: 2, wait: 3 },
  ];
  expect(standings(rows, axes, (row) => row.exclusion ?? null)).toEqual([
    invalid,
    infeasible,
    { kind: "missing", objectives: ["wait"] },
    invalid,
    { kind: "ranked", rank: 0 },
    { kind: "ranked", rank: 0 },
    { kind: "ranked", rank: 1 },
  ]);
});

test("each kind of result is a group of its own, whatever the order of what names it", () => {
  const rows = [
    { id: 1, fidelity: "vm", nodes: 4 },
    { id: 2, fidelity: "vm-emulated-cpu", nodes: 4 },
    { id: 3, fidelity: "vm", nodes: 4 },
    { id: 4, fidelity: "vm", nodes: 8 },
  ];
  const groups = byKind<(typeof rows)[number], Record<string, string | number>>(rows, ({ id, fidelity, nodes }) =>
    id === 3 ? { nodes, fidelity } : { fidelity, nodes },
  );
  expect(groups.map((group) => group.rows.map(({ id }) => id))).toEqual([[1, 3], [2], [4]]);
  expect(groups[2]?.kind).toEqual({ fidelity: "vm", nodes: 8 });
});
