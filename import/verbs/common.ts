import { statSync } from "node:fs";
import { InvalidInput } from "../../model/problem.ts";
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
