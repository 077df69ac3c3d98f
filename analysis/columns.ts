import { printableLine } from "../model/printable.ts";

/** Rows in columns as wide as their widest cell, the header underlined; numbers to the right. A cell is one line of bounded length. */
export function columns(header: readonly string[], given: readonly (readonly string[])[]): string[] {
  const rows = given.map((cells) => cells.map((cell) => printableLine(cell)));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    /^([≥≤] )?[-+]?[\d.]+(e[-+]\d+)?$|^—$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `  ${cells.map(cell).join("  ")}`.trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)];
}
