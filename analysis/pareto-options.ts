import { resolve } from "node:path";
import { parseArgs } from "node:util";
import Papa from "papaparse";
import { InputProblem } from "./objectives-csv.ts";
import type { CsvRequest } from "./pareto-of-csv.ts";

export const help = `npm run --silent pareto -- --input FILE --minimise COLUMNS --maximise COLUMNS [--reference NUMBERS]

Prints non-dominated ranks, front and hypervolume of the rows of a CSV file, as JSON.

  --input FILE         CSV; the first line names the columns
  --minimise COLUMNS   columns of which less is better, separated by commas
  --maximise COLUMNS   columns of which more is better
  --reference NUMBERS  the hypervolume's reference point in the columns' own units: a number for each column of
                       --minimise, then one for each of --maximise, as listed

Rows are counted from 0, without the header. In the answer:
  objectives   the columns in the order of the reference
  rows         how many rows there are
  missing      how many of them lack an objective (a cell is empty or NaN)
  ranks        of each row: 0 on the front, 1 on the front once rank 0 is gone, and so on; null if it lacks an objective
  front        the rows of rank 0; rows that equal each other are all on it
  hypervolume  what the rows dominate up to the reference; only with --reference

Exit codes: 0, or 2 for options or a file that are wrong; standard output is empty then.
`;

/** What the command line asks for, null where it is help. Throws InputProblem. */
export function requestIn(words: readonly string[]): CsvRequest | null {
  const { input, minimise, maximise, reference, help } = optionsIn(words);
  if (help) return null;
  if (input === undefined) throw new InputProblem("--input is missing; --help says more");
  return {
    // npm starts scripts in the project's folder; paths are meant from where the person is.
    input: resolve(process.env.npm_lifecycle_event === "pareto" ? (process.env.INIT_CWD ?? ".") : ".", input),
    minimise: minimise.flatMap(cells),
    maximise: maximise.flatMap(cells),
    reference: reference === undefined ? null : cells(reference).map(coordinate),
  };
}

function optionsIn(words: readonly string[]) {
  const many = { type: "string", multiple: true, default: [] as string[] } as const;
  const options = {
    input: { type: "string" },
    minimise: many,
    maximise: many,
    reference: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args: withNegativeReference(words), options }).values;
  } catch (problem) {
    throw problem instanceof TypeError ? new InputProblem(problem.message) : problem;
  }
}

/** A reference may begin with a minus sign, which would be taken for an option. */
const withNegativeReference = (words: readonly string[]) =>
  words.flatMap((word, i) => {
    if (words[i - 1] === "--reference" && /^-[\d.]/.test(word)) return [];
    return word === "--reference" && /^-[\d.]/.test(words[i + 1] ?? "") ? [`${word}=${words[i + 1]}`] : [word];
  });

/** Quoted names may hold commas, as in the file. */
const cells = (list: string) =>
  (Papa.parse<string[]>(list, { delimiter: "," }).data[0] ?? []).map((cell) => cell.trim()).filter((cell) => cell !== "");

function coordinate(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InputProblem(`--reference: "${text}" is not a number`);
  return value;
}
