import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInput } from "../model/problem.ts";
import { writingTo } from "../storage/room.ts";

/** Where an import writes, relative to the project. */
export const pathsOf = (name: string) => ({
  stack: `Pulumi.${name}.yaml`,
  trace: `traces/${name}.swf`,
  table: `traces/${name}.jobs.csv`,
  figures: `traces/${name}.figures.json`,
});

/**
 * A name that Pulumi and a file take.
 * @throws InvalidInput for one that they do not, and for one whose files are there already, unless these are to be overwritten
 */
export function checkName(name: string, project: string, overwrite: boolean): void {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new InvalidInput("option", [
      { path: ["--name"], message: `"${name}" is not a valid stack name: use a lower-case letter, then letters, digits and hyphens` },
    ]);
  const there = Object.values(pathsOf(name)).find((path) => existsSync(join(project, path)));
  if (there !== undefined && !overwrite)
    throw new InvalidInput("option", [{ path: ["--name"], message: `${there} is there already: choose another name, or --overwrite` }]);
}

/** Bytes that are written at once. */
const atOnce = 1 << 20;

/** A file that is written beside its place and then takes it, whole or not at all. */
export interface Staged {
  readonly sha256: string;
  place(): void;
  discard(): void;
}

/** @throws NoRoom where the folder takes no more */
export function staged(path: string, pieces: Iterable<string>): Staged {
  const temporary = `${path}.${process.pid}.part`;
  const discard = () => rmSync(temporary, { force: true });
  return writingTo("import", dirname(path), "move the project to a larger disk", () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      return { sha256: writtenTo(temporary, pieces), place: () => renameSync(temporary, path), discard };
    } catch (error) {
      discard();
      throw error;
    }
  });
}

/** @returns the sha256 of what was written */
function writtenTo(path: string, pieces: Iterable<string>): string {
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  try {
    let waiting = "";
    const flush = () => {
      hash.update(waiting);
      writeSync(file, waiting);
      waiting = "";
    };
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length > atOnce) flush();
    }
    flush();
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}
