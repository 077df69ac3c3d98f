import { statSync } from "node:fs";
import { InvalidInput } from "../../model/problem.ts";
import type { Ledger } from "../ledger.ts";
import type { SelectionOptions } from "../selection.ts";

/** Options that every import has. */
export interface Common extends SelectionOptions {
  readonly name: string;
  readonly anonymise?: boolean;
  readonly overwrite?: boolean;
}

/** A path that may be read; a device or a pipe may have no end. @throws InvalidInput */
export function regularFile(option: string, path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return path;
  throw new InvalidInput("option", [
    { path: [option], message: `"${path}" ${found === undefined ? "does not exist" : "is no regular file"}` },
  ]);
}

/** Options of an import that reads no configuration: what its nodes are, and which scheduler is to run on them. */
export interface Equal extends Common {
  readonly scheduler: string;
  readonly nodeCount?: number;
  readonly cpusPerNode?: number;
  readonly gpusPerNode?: number;
  /** MiB. */
  readonly memoryPerNode?: number;
}

/** What of a log is not replayed, or not taken. */
export function noteSelected(
  others: number,
  {
    neverStarted,
    running,
    malformed,
    firstMalformed,
  }: { neverStarted: number; running: number; malformed: number; firstMalformed: string | null },
  ledger: Ledger,
): void {
  const left = (count: number, what: string, why: string) => (count > 0 ? ledger.leftOut(`${count} ${what}`, why) : undefined);
  left(neverStarted, "jobs that never started", "they are in the trace, and are not replayed");
  left(
    running,
    "jobs that were running when the log was written",
    "nobody knows how long they take: they are in the trace, and are not replayed",
  );
  left(malformed, "malformed jobs", `skipped, the first: ${firstMalformed}`);
  left(others, "jobs of the log", "the options choose others");
}
