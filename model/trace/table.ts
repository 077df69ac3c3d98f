import Papa from "papaparse";

/** What stands beside a log that its format cannot hold: the table that `import` writes. */

/** Of one job. Null where the table does not say. */
export interface Beside {
  readonly nodes: number | null;
  /** Of all nodes together. */
  readonly gpus: number | null;
}

/** The table is not one of a log's. The message names the line. */
export class MalformedTable extends Error {
  override readonly name = "MalformedTable";
}

const needed = ["number", "nodes", "gpus"] as const;
const longestLine = 1_000_000;

/**
 * Reads a CSV with at least the columns `number`, `nodes` and `gpus`, each job on one line.
 * @param wanted numbers of the jobs that are of interest
 * @throws MalformedTable
 */
export async function readBeside(
  text: AsyncIterable<string> | Iterable<string>,
  wanted: ReadonlySet<number>,
): Promise<Map<number, Beside>> {
  const found = new Map<number, Beside>();
  let columns: Record<(typeof needed)[number], number> | undefined;
  let line = 0;
  let rest = "";
  const take = (lines: string) => {
    for (const row of Papa.parse<string[]>(lines).data) {
      line++;
      if (row.length === 1 && row[0] === "") continue;
      columns ??= columnsOf(row, line);
      if (line === 1) continue;
      const number = count(row, columns.number, line);
      if (number === null) throw new MalformedTable(`line ${line}: number is missing`);
      if (wanted.has(number)) found.set(number, { nodes: count(row, columns.nodes, line), gpus: count(row, columns.gpus, line) });
    }
  };
  for await (const piece of text) {
    const end = piece.lastIndexOf("\n");
    if (end < 0) rest += piece;
    else {
      take(rest + piece.slice(0, end));
      rest = piece.slice(end + 1);
    }
    if (rest.length > longestLine) throw new MalformedTable(`line ${line + 1} is longer than ${longestLine} characters`);
  }
  if (rest !== "") take(rest);
  return found;
}

function columnsOf(row: readonly string[], line: number) {
  const names = row.map((name) => name.replace(/^\uFEFF/, "").trim());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new MalformedTable(`line ${line}: no column ${missing.join(", ")} among ${names.join(", ").slice(0, 200)}`);
  return { number: names.indexOf("number"), nodes: names.indexOf("nodes"), gpus: names.indexOf("gpus") };
}

function count(row: readonly string[], column: number, line: number): number | null {
  const text = (row[column] ?? "").trim();
  if (text === "") return null;
  if (!/^\d{1,9}$/.test(text)) throw new MalformedTable(`line ${line}, column ${column + 1}: "${text.slice(0, 40)}" is not a whole number`);
  return Number(text);
}

/** An excerpt's jobs as comments that no reader of logs takes for a label: `;@ 12 2 8`, number, nodes and GPUs, `-` where unknown. */
export const besideLines = (jobs: ReadonlyMap<number, Beside>): string[] =>
  [...jobs].map(([number, { nodes, gpus }]) => `;@ ${number} ${nodes ?? "-"} ${gpus ?? "-"}`);

export function besideOf(excerpt: string): Map<number, Beside> {
  const known = (text: string | undefined) => (text === undefined || text === "-" ? null : Number(text));
  return new Map(
    [...excerpt.matchAll(/^;@ (\d+) (\d+|-) (\d+|-)$/gm)].map(([, number, nodes, gpus]) => [
      Number(number),
      { nodes: known(nodes), gpus: known(gpus) },
    ]),
  );
}
