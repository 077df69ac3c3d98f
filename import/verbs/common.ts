import { closeSync } from "node:fs";
import { openForeignFile, UnreadableFile } from "../../analysis/foreign-file.ts";
import { textOf } from "../../components/text-of.ts";
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
  try {
    closeSync(openForeignFile(path, { mostBytes: Number.POSITIVE_INFINITY, followsLinks: true }));
    return path;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new InvalidInput("option", [{ path: [option], message: `"${path}": ${error.message}` }]);
  }
}

/** A log's text in pieces, plain or gzip. @throws InvalidInput where it cannot be read to its end */
export async function* logText(option: string, path: string): AsyncGenerator<string> {
  try {
    yield* textOf(regularFile(option, path));
  } catch (error) {
    // The operating system's or zlib's words.
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new InvalidInput("option", [{ path: [option], message: `"${path}" cannot be read: ${error.message}` }]);
  }
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
