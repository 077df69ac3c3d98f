/**
 * The rows that count in per-job means: by order of submission, without the first and the last tenth (warm-up, cool-down).
 * Source: Frachtenberg, Feitelson, "Pitfalls in Parallel Job Scheduling Evaluation", JSSPP 2005.
 */
export function steady<Row>(rows: readonly Row[]): readonly Row[] {
  const tenth = Math.floor(rows.length / 10);
  return rows.slice(tenth, rows.length - tenth);
}
