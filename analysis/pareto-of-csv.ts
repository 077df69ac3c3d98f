import { createReadStream } from "node:fs";
import { openForeignFile, UnreadableFile } from "./foreign-file.ts";
import { InputProblem, pieceBytes, readColumns } from "./objectives-csv.ts";
import { completeRows } from "./pareto/complete-rows.ts";
import { hypervolume } from "./pareto/hypervolume.ts";
import { ranks } from "./pareto/ranks.ts";

/** What is asked of a CSV file. */
export interface CsvRequest {
  /** Path of the file. */
  readonly input: string;
  readonly minimise: readonly string[];
  readonly maximise: readonly string[];
  /** In the columns' own units: those to be minimised, then those to be maximised. */
  readonly reference: readonly number[] | null;
}

/** What is printed. Rows are counted from 0, the header is none. */
export interface CsvAnswer {
  readonly objectives: readonly { readonly column: string; readonly better: "lower" | "higher" }[];
  readonly rows: number;
  /** How many rows lack an objective. */
  readonly missing: number;
  /** Of each row its rank, 0 for the front; null where it lacks an objective. */
  readonly ranks: readonly (number | null)[];
  /** The rows of rank 0. */
  readonly front: readonly number[];
  /** There if a reference was given, in the product of the columns' units. */
  readonly hypervolume?: number;
}

/** Ranks, front and hypervolume of a CSV file. Throws InputProblem for what is wrong with the file or the request. */
export async function paretoOfCsv({ input, minimise, maximise, reference }: CsvRequest): Promise<CsvAnswer> {
  const objectives = [
    ...minimise.map((column) => ({ column, better: "lower" as const })),
    ...maximise.map((column) => ({ column, better: "higher" as const })),
  ];
  check(objectives, reference);
  const names = objectives.map(({ column }) => column);
  const { values, rows } = await columnsOf(input, names);
  const axes = objectives.map(({ better }, k) => ({ better, value: (row: number) => values[row * names.length + k] }));
  const { points, rows: rowOf } = completeRows([...Array(rows).keys()], axes);
  const rank = Array<number | null>(rows).fill(null);
  const own = ranks(points);
  rowOf.forEach((row, point) => {
    rank[row] = own[point] ?? null;
  });
  const answer = { objectives, rows, missing: rows - points.count, ranks: rank, front: [...rowOf.filter((row) => rank[row] === 0)] };
  if (reference === null) return answer;
  try {
    const corner = reference.map((value, k) => (k < minimise.length ? value : -value));
    return { ...answer, hypervolume: hypervolume(points, corner) };
  } catch (problem) {
    throw problem instanceof RangeError ? new InputProblem(`${input}: ${problem.message}`) : problem;
  }
}

/** A gibibyte: tens of millions of rows. */
const mostBytes = 1 << 30;

/** Names the file in whatever is wrong with it. */
async function columnsOf(input: string, names: readonly string[]) {
  try {
    const fd = openForeignFile(input, { mostBytes, followsLinks: true });
    return await readColumns(createReadStream(input, { fd, end: mostBytes, highWaterMark: pieceBytes }), names);
  } catch (problem) {
    if (problem instanceof UnreadableFile || problem instanceof InputProblem) throw new InputProblem(`${input}: ${problem.message}`);
    const { code } = problem as NodeJS.ErrnoException;
    throw code === undefined ? problem : new InputProblem(`${input}: cannot be read: ${code}`);
  }
}

function check(objectives: CsvAnswer["objectives"], reference: readonly number[] | null): void {
  const names = objectives.map(({ column }) => column);
  if (names.length === 0) throw new InputProblem("no objectives; name columns with --minimise or --maximise");
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputProblem(`column "${twice}" is asked for twice`);
  if (reference === null) return;
  if (reference.length !== names.length) {
    throw new InputProblem(`--reference: ${reference.length} of ${names.length} numbers; one is needed for each of ${names.join(", ")}`);
  }
}
