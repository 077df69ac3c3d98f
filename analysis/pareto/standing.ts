import { type Axis, axisName, valueOn } from "./axis.ts";
import { completeRows } from "./complete-rows.ts";
import { ranks } from "./ranks.ts";

/**
 * Why a row takes no part. Invalid: it was measured, and the measurement is not to be trusted. Infeasible: it breaks a
 * constraint, whatever it measures.
 */
export interface Exclusion {
  readonly kind: "invalid" | "infeasible";
  readonly reason: string;
}

/** Nothing is wrong with the row, but these objectives were not measured. */
export interface Missing {
  readonly kind: "missing";
  readonly objectives: readonly string[];
}

/** Rank 0 is the front. */
export interface Ranked {
  readonly kind: "ranked";
  readonly rank: number;
}

export type Standing = Ranked | Missing | Exclusion;

/**
 * Where each row stands. Only ranked rows compete: what is invalid, infeasible or missing never hides one of them. A row
 * that is excluded says so even if it lacks objectives too.
 */
export function standings<Row>(
  rows: readonly Row[],
  axes: readonly Axis<Row>[],
  exclusion: (row: Row) => Exclusion | null = () => null,
): Standing[] {
  const found: (Standing | null)[] = rows.map((row) => exclusion(row) ?? missing(row, axes));
  const competing = Uint32Array.from(found.keys()).filter((number) => found[number] === null);
  const { points } = completeRows(
    Array.from(competing, (number) => rows[number]!),
    axes,
  );
  const rank = ranks(points);
  competing.forEach((number, i) => {
    found[number] = { kind: "ranked", rank: rank[i]! };
  });
  return found.map((standing) => standing!);
}

function missing<Row>(row: Row, axes: readonly Axis<Row>[]): Missing | null {
  const objectives = axes.flatMap((axis, k) => (valueOn(axis, row) === null ? [axisName(axis, k)] : []));
  return objectives.length === 0 ? null : { kind: "missing", objectives };
}
