import { pipeline, Readable } from "node:stream";
import Papa from "papaparse";
import { InvalidInput } from "../../model/problem.ts";
import type { Column, Columns } from "./columns.ts";

/** One row by the fields that its columns are for; empty where it has none. */
export interface Row<Field extends string> {
  text(field: Field): string;
  /** Null where the cell is empty. @throws Malformed where it is no number, or below 0 */
  number(field: Field): number | null;
}

/** A row that nothing can be made of. */
export class Malformed extends Error {}

/** Characters that are read without a whole row among them; a quote that is never closed makes one row of all that follows. */
const longestRow = 64_000_000;

export interface TableOptions {
  readonly skipBad?: boolean;
}

/**
 * Hands on each row of a CSV (RFC 4180) by the fields that the columns are for.
 * @returns how many rows were malformed and skipped, and the first of them
 * @throws InvalidInput for a column that is not there, and for a malformed row where these are not skipped
 */
export async function eachRow<Field extends string>(
  pieces: AsyncIterable<string>,
  subject: string,
  columns: Columns<Field>,
  { skipBad = false }: TableOptions,
  take: (row: Row<Field>) => void,
): Promise<{ readonly malformed: number; readonly first: string | null }> {
  let header: readonly string[] | undefined;
  let places = new Map<string, number>();
  let number = 0;
  let malformed = 0;
  let first: string | null = null;
  const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { header: false, skipEmptyLines: true });
  let unfinished = 0;
  async function* counted() {
    for await (const piece of pieces) {
      unfinished += piece.length;
      if (unfinished > longestRow)
        throw new InvalidInput(subject, [{ path: [], message: `row ${number + 1}: has no end within ${longestRow} characters` }]);
      yield piece;
    }
  }
  // The loop is told of an error.
  pipeline(Readable.from(counted(), { highWaterMark: 1 }), parser, () => {});
  for await (const cells of parser as AsyncIterable<readonly string[]>) {
    unfinished = 0;
    number++;
    if (header === undefined) {
      header = cells.map((name) => name.replace(/^\uFEFF/, "").trim());
      places = placesOf(columns, header, subject);
      continue;
    }
    try {
      if (cells.length !== header.length) throw new Malformed(`${cells.length} cells, the header has ${header.length}`);
      take(rowOf(cells, columns, places));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const message = `row ${number}: ${error.message}`;
      if (!skipBad) throw new InvalidInput(subject, [{ path: [], message: `${message}; --skip-bad skips such rows` }]);
      malformed++;
      first ??= message;
    }
  }
  if (header === undefined) throw new InvalidInput(subject, [{ path: [], message: "is empty: the first row names the columns" }]);
  return { malformed, first };
}

function placesOf<Field extends string>(columns: Columns<Field>, header: readonly string[], subject: string): Map<string, number> {
  return new Map(
    Object.entries<Column | undefined>(columns).map(([field, column]) => {
      const at = header.indexOf(column?.name ?? "");
      if (at < 0)
        throw new InvalidInput(subject, [
          { path: [], message: `has no column "${column?.name}" for ${field}; it has ${header.slice(0, 50).join(", ")}` },
        ]);
      return [field, at];
    }),
  );
}

function rowOf<Field extends string>(cells: readonly string[], columns: Columns<Field>, places: ReadonlyMap<string, number>): Row<Field> {
  const text = (field: Field) => cells[places.get(field) ?? -1]?.trim() ?? "";
  return {
    text,
    number: (field) => {
      const cell = text(field);
      if (cell === "") return null;
      const value = Number(cell);
      if (!(value >= 0 && Number.isFinite(value)))
        throw new Malformed(`${columns[field]?.name} is "${cell.slice(0, 40)}", which is no number from 0 on`);
      return value / (columns[field]?.divisor ?? 1);
    },
  };
}
