import { printableLine } from "../model/printable.ts";
import { wrap } from "./wrap.ts";

/**
 * Rows in columns as wide as their widest cell, the header underlined; numbers to the right. A cell is one line of bounded length, except
 * that the last column's are wrapped where rows would be wider than `most`.
 */
export function columns(header: readonly string[], given: readonly (readonly string[])[], most = Number.POSITIVE_INFINITY): string[] {
  const rows = given.map((cells) => cells.map((cell) => printableLine(cell)));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const last = header.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + margin, margin);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(least, most - before));
  const cell = (text: string, column: number) =>
    /^([≥≤] )?[-+]?[\d.]+(e[-+]\d+)?$|^—$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `  ${cells.map(cell).join("  ")}`.trimEnd();
  const linesOf = (row: readonly string[]) =>
    row.length <= last
      ? [line(row)]
      : wrap(row[last] ?? "", widths[last] ?? 0).map((part, i) => line([...(i === 0 ? row.slice(0, last) : Array(last).fill("")), part]));
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.flatMap(linesOf)];
}

const margin = 2;
/** A column narrower than this cannot be read. */
const least = 16;
