import fc from "fast-check";
import { hostileTexts } from "./mutations.ts";

/** Tables that somebody might write to see what happens. */

const cells = fc.oneof(
  fc.constantFrom<string>(...hostileTexts),
  fc.constantFrom(
    "0-999999999",
    "1e308",
    "-1e308",
    "1e999",
    "NaN",
    "inf",
    "0x10",
    "9".repeat(400),
    "0 ".repeat(100_000),
    "5-2",
    "-1",
    "\u0000",
    "\u009b31m",
  ),
  fc.string({ unit: "binary" }),
);

/** The table with one to three cells replaced, the same for the same seed. Cells with separators break it, which is meant. */
export function withCells(table: string, count: number, seed: number): string[] {
  const rows = table.trimEnd().split("\n");
  const change = fc.record({ row: fc.nat(), column: fc.nat(), cell: cells });
  return fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), { numRuns: count, seed }).map((changes) =>
    changes
      .reduce((given, { row, column, cell }) => {
        const own = (given[row % given.length] ?? "").split(",");
        return given.with(row % given.length, own.with(column % own.length, cell).join(","));
      }, rows)
      .join("\n"),
  );
}

/** Whole files that are made to hurt a reader. */
export const hostileCsv = (table: string): string[] => [
  "",
  "\n".repeat(100_000),
  ",".repeat(1_000_000),
  `"${"x".repeat(3_000_000)}`,
  `${table}"${"y\n".repeat(1_500_000)}`,
  "x".repeat(3_000_000),
  `${table}${"1,".repeat(1_000_000)}\n`,
  table.replaceAll("\n", "\r"),
  `\ufeff${table}`,
  `__proto__,constructor\n1,2\n${table}`,
];

export const hostileJobs = (table: string): string[] => [
  ...hostileCsv(table),
  `${table}${table.split("\n").slice(1).join("\n").repeat(1000)}`,
];
