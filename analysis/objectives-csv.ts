import type { ReadStream } from "node:fs";
import Papa from "papaparse";
import { printable, printableLine } from "../model/printable.ts";

/** A CSV file, an option or a reference point that is not what it should be; the message is for the person who gave it. */
export class InputProblem extends Error {
  constructor(message: string) {
    super(printable(message, 2000));
  }
}

/** Characters that are read at once; a row is shorter. */
export const pieceBytes = 1 << 20;

/** Numbers that are held at once, 0.5 GiB. */
const mostValues = 1 << 26;

/** Some columns of a CSV file, in their own units. */
export interface Columns {
  /** Row-major, columns in the order asked for; NaN where a cell is empty or NaN. */
  readonly values: Float64Array;
  readonly rows: number;
}

/**
 * Reads numbers from the columns with these names, row by row, so that only the numbers are held in memory. The first
 * line names the columns. Empty lines are skipped, but in a file of one column an empty line with a value below it is a
 * missing value. Throws InputProblem for columns that are not there or there twice, rows of another length than the
 * header, cells that are no number (row and column named), broken quotes, and more than can be held.
 */
export async function readColumns(csv: ReadStream, names: readonly string[]): Promise<Columns> {
  const table = new Table(names);
  csv.setEncoding("utf8");
  let piecesWithoutRow = 0;
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(csv, {
      delimiter: ",",
      beforeFirstChunk: (text) => text.replace(/^\ufeff/, ""),
      chunk({ data, errors }, parser) {
        try {
          // What is given without a row was not the end of one: a quote or a line that goes on and on.
          if (data.length === 0) piecesWithoutRow++;
          if (piecesWithoutRow > 1)
            throw new InputProblem(`near row ${Math.max(0, table.rows - 1)}: it has more than ${pieceBytes} characters`);
          for (const cells of data) table.add(cells);
          if (errors[0] !== undefined)
            throw new InputProblem(`near row ${Math.max(0, table.rows - 1)}: ${errors[0].message.toLowerCase()}`);
        } catch (problem) {
          reject(problem);
          parser.abort();
          csv.destroy();
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
  return table.finished();
}

class Table {
  readonly #names: readonly string[];
  /** Where the columns are in the file, once its header was seen. */
  #places: readonly number[] | null = null;
  #width = 0;
  #values = new Float64Array(1024);
  #rows = 0;
  #emptyLines = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  get rows(): number {
    return this.#rows;
  }

  add(cells: readonly string[]): void {
    if (this.#places === null) {
      this.#places = places(this.#names, cells);
      this.#width = cells.length;
    } else if (cells.length === 1 && cells[0]?.trim() === "") this.#emptyLines++;
    else {
      if (this.#width === 1) for (; this.#emptyLines > 0; this.#emptyLines--) this.#addRow([""]);
      this.#addRow(cells);
    }
  }

  finished(): Columns {
    if (this.#places === null) throw new InputProblem("the file is empty; its first line must name the columns");
    return { values: this.#values.slice(0, this.#rows * this.#names.length), rows: this.#rows };
  }

  #addRow(cells: readonly string[]): void {
    const row = this.#rows++;
    if (cells.length !== this.#width) throw new InputProblem(`row ${row}: ${cells.length} cells, the header has ${this.#width}`);
    if (this.#rows * this.#names.length > mostValues) throw new InputProblem(`row ${row}: the most is ${mostValues} numbers in all`);
    if (this.#rows * this.#names.length > this.#values.length) this.#grow();
    this.#places?.forEach((place, k) => {
      const value = numberIn(cells[place] ?? "");
      if (value === null)
        throw new InputProblem(
          `row ${row}, column ${this.#names[k]}: "${printableLine(cells[place] ?? "", 80)}" is not a number; empty or NaN means missing`,
        );
      this.#values[row * this.#names.length + k] = value;
    });
  }

  #grow(): void {
    const wider = new Float64Array(2 * this.#values.length + this.#names.length);
    wider.set(this.#values);
    this.#values = wider;
  }
}

function places(names: readonly string[], header: readonly string[]): number[] {
  const titles = header.map((title) => title.trim());
  return names.map((name) => {
    const place = titles.indexOf(name);
    if (place === -1) throw new InputProblem(`no column "${name}"; the file has ${titlesInWords(titles)}`);
    if (titles.lastIndexOf(name) !== place) throw new InputProblem(`column "${name}" appears twice`);
    return place;
  });
}

const titlesInWords = (titles: readonly string[]) => {
  const shown = titles.slice(0, 20).map((title) => printableLine(title, 60));
  return [...shown, ...(titles.length > shown.length ? [`and ${titles.length - shown.length} more`] : [])].join(", ");
};

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const infinite = /^([+-]?)inf(?:inity)?$/i;

/** NaN for what is missing, null for what is no number. */
function numberIn(cell: string): number | null {
  const text = cell.trim();
  if (decimal.test(text)) return Number(text);
  if (text === "" || /^nan$/i.test(text)) return Number.NaN;
  const sign = infinite.exec(text)?.[1];
  if (sign === undefined) return null;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
