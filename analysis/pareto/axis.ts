/** One objective of rows of any kind. */
export interface Axis<Row> {
  /** Null, undefined and NaN all mean that the row lacks it. */
  readonly value: (row: Row) => number | null | undefined;
  readonly better: "lower" | "higher";
  /** For messages and tables; `objective 0` and so on where it is left out. */
  readonly name?: string;
}

export const axisName = <Row>({ name }: Axis<Row>, index: number): string => name ?? `objective ${index}`;

/** The row's value on the axis, null where it is missing. */
export function valueOn<Row>({ value }: Axis<Row>, row: Row): number | null {
  const found = value(row);
  return found === null || found === undefined || Number.isNaN(found) ? null : found;
}
