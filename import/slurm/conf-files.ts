import { readdirSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { readForeignFile, UnreadableFile } from "../../analysis/foreign-file.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { Ledger } from "../ledger.ts";
import { confLines, includeOf } from "./conf-text.ts";

/** Of one file, and of all that a configuration includes. */
const largestFile = 16 << 20;
const largestTotal = 64 << 20;
const mostFiles = 500;
const deepest = 16;

/** A line of a configuration with the file that it is in, relative to the main file's folder. */
export interface PlacedLine {
  readonly where: string;
  readonly text: string;
}

/**
 * A configuration with what it includes in its place. Files are read below the folder of the main one only: an absolute path is
 * looked for there by its name, for sites keep their files in /etc/slurm and people bring copies of them.
 * @throws InvalidInput for a loop, and for more or larger files than a configuration has
 */
export function readConfiguration(path: string, ledger: Ledger): PlacedLine[] {
  const folder = realpathSync(dirname(path));
  const open: string[] = [];
  let files = 0;
  let includes = 0;
  let bytes = 0;

  const read = (file: string): PlacedLine[] => {
    const real = realpathSync(file);
    const name = relative(folder, real) || basename(real);
    const refuse = (message: string) => new InvalidInput("configuration", [{ path: [], message }]);
    if (open.includes(real)) throw refuse(`${name} includes itself: ${[...open, real].map((each) => relative(folder, each)).join(" → ")}`);
    if (open.length >= deepest) throw refuse(`${name} is included through more than ${deepest} files`);
    if (++files > mostFiles) throw refuse(`more than ${mostFiles} files are included`);
    const text = textOfFile(real, name);
    bytes += text.length;
    if (bytes > largestTotal) throw refuse(`the files that are included have more than ${largestTotal >> 20} MiB`);
    open.push(real);
    const lines = confLines(text, name).flatMap(({ line, text }): PlacedLine[] => {
      const where = `${name}:${line}`;
      const wanted = includeOf(text);
      if (wanted === null) return [{ where, text }];
      if (++includes > mostFiles) throw refuse(`${where}: more than ${mostFiles} lines include files`);
      const found = included(wanted, folder, dirname(real));
      if ("missing" in found) {
        ledger.leftOut(text, found.missing, where);
        return [];
      }
      if (found.moved) ledger.changed(text, "was read from the folder of the main file", where);
      else ledger.taken(text, where);
      return found.files.flatMap(read);
    });
    open.pop();
    return lines;
  };
  return read(path);
}

type Included = { readonly files: readonly string[]; readonly moved: boolean } | { readonly missing: string };

function included(wanted: string, folder: string, own: string): Included {
  const absolute = isAbsolute(wanted);
  const tried = absolute
    ? [join(folder, wanted.replace(/^\/etc\/slurm(?:-llnl)?\//, "")), join(folder, basename(wanted))]
    : [join(own, wanted), join(folder, wanted)];
  for (const pattern of tried) {
    const files = matching(pattern, folder);
    if (files === "outside") return { missing: "is outside of the main file's folder, which alone is read" };
    if (files.length > 0) return { files, moved: absolute };
  }
  return { missing: "there is no such file in the main file's folder" };
}

/** Files of that name, in order; `*`, `?` and `[...]` stand in its last part only. */
function matching(pattern: string, folder: string): string[] | "outside" {
  const [directory, name] = [dirname(pattern), basename(pattern)];
  const names = /[*?[]/.test(name) ? listed(directory).filter(fits(name)) : [name];
  const files: string[] = [];
  for (const each of names) {
    const real = realOrNull(join(directory, each));
    if (real === null) continue;
    if (relative(folder, real).startsWith("..") || isAbsolute(relative(folder, real))) return "outside";
    files.push(real);
  }
  return files.sort();
}

const listed = (directory: string) => quietly(() => readdirSync(directory)) ?? [];
const realOrNull = (path: string) => quietly(() => realpathSync(path));

function quietly<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

/** Whether a name fits a shell's pattern; one with a range that runs backwards fits none. In time that grows with both lengths at most. */
function fits(pattern: string): (name: string) => boolean {
  const pieces = [...pattern.matchAll(/\[([^\]\\]*)\]|[\s\S]/g)].map(([piece, set]): Piece => {
    if (piece === "*") return "any";
    return set ? oneOf(set) : (letter) => piece === "?" || letter === piece;
  });
  return (name) => !name.startsWith(".") && matches(pieces, name);
}

type Piece = "any" | ((letter: string) => boolean);

function oneOf(set: string): (letter: string) => boolean {
  try {
    const expression = new RegExp(`^[${set.replace(/^!/, "^").replaceAll("[", "\\[")}]$`);
    return (letter) => expression.test(letter);
  } catch (error) {
    if (error instanceof SyntaxError) return () => false;
    throw error;
  }
}

/** After a letter that does not fit, the last `*` alone takes one more. */
function matches(pieces: readonly Piece[], name: string): boolean {
  let [piece, letter, star, taken] = [0, 0, -1, 0];
  while (letter < name.length) {
    const wanted = pieces[piece];
    if (wanted === "any") [star, taken, piece] = [piece, letter, piece + 1];
    else if (wanted?.(name.charAt(letter))) [piece, letter] = [piece + 1, letter + 1];
    else if (star < 0) return false;
    else [piece, letter, taken] = [star + 1, taken + 1, taken + 1];
  }
  return pieces.slice(piece).every((rest) => rest === "any");
}

function textOfFile(path: string, name: string): string {
  try {
    return new TextDecoder().decode(readForeignFile(path, { mostBytes: largestFile }));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new InvalidInput("configuration", [{ path: [], message: `${name}: ${error.message}` }]);
  }
}
