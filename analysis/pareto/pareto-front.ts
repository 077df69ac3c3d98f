import type { Axis } from "./axis.ts";
import { completeRows } from "./complete-rows.ts";
import { front } from "./front.ts";

/**
 * The rows that no other row dominates, in their order, with every copy of each. Rows that lack an objective are not on
 * the front and hide nothing; where rows may also be invalid or infeasible, see `standings`.
 *
 *     paretoFront(rows, [{ value: (r) => r.waitSeconds, better: "lower" }])
 */
export function paretoFront<Row>(rows: readonly Row[], axes: readonly Axis<Row>[]): Row[] {
  const complete = completeRows(rows, axes);
  return Array.from(front(complete.points), (point) => rows[complete.rows[point]!]!);
}
