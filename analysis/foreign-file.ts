import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { InvalidInput } from "../model/problem.ts";

/** A file that is not read; the message says why, and is for people. */
export class UnreadableFile extends Error {}

export interface Reading {
  /** A larger file is refused. */
  readonly mostBytes: number;
  /** Whether the path may be a link: only where a person gave it. A file among results may not, for it names files of the reader's own. */
  readonly followsLinks?: boolean;
}

const mebibyte = 1 << 20;

/** Records, trial files, claims: a large suite's record takes a hundredth of it. */
export const mostJsonBytes = 16 * mebibyte;

/**
 * Opens a regular file of bounded size that somebody else may have put there: the only way in which results are opened. Devices
 * and pipes, which have no end, are not touched. Throws UnreadableFile.
 */
export function openForeignFile(path: string, { mostBytes, followsLinks = false }: Reading): number {
  try {
    requireRegular(followsLinks ? statSync(path) : lstatSync(path), mostBytes);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = openSync(path, O_RDONLY | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW));
    try {
      // It may have been another one a moment ago.
      requireRegular(fstatSync(file), mostBytes);
      return file;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  } catch (error) {
    throw error instanceof UnreadableFile ? error : new UnreadableFile(inWords(error));
  }
}

function requireRegular(found: Stats, mostBytes: number): void {
  if (!found.isFile()) throw new UnreadableFile(`is ${kindOf(found)}, not a regular file`);
  if (found.size > mostBytes) throw new UnreadableFile(`has ${sizeInWords(found.size)}, the most is ${sizeInWords(mostBytes)}`);
}

const kindOf = (found: Stats): string => {
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isDirectory()) return "a directory";
  if (found.isFIFO()) return "a named pipe";
  return found.isSocket() ? "a socket" : "a device";
};

const sizeInWords = (bytes: number) => (bytes >= mebibyte ? `${Math.ceil(bytes / mebibyte)} MiB` : `${bytes} bytes`);

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "may not be read",
  ELOOP: "is a symbolic link, not a regular file",
  ENAMETOOLONG: "has too long a name",
};

function inWords(error: unknown): string {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  return reasons[code] ?? `cannot be read: ${code || message}`;
}

/** The whole content; of a file that grows meanwhile, or of the kernel's, no more than is allowed. Throws UnreadableFile. */
export function readForeignFile(path: string, reading: Reading): Buffer {
  const file = openForeignFile(path, reading);
  try {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(Math.min(mebibyte, Math.max(4096, fstatSync(file).size - length + 1)));
      const read = readSync(file, piece);
      if (read === 0) return Buffer.concat(pieces);
      length += read;
      if (length > reading.mostBytes) throw new UnreadableFile(`has more than ${sizeInWords(reading.mostBytes)}`);
      pieces.push(piece.subarray(0, read));
    }
  } catch (error) {
    throw error instanceof UnreadableFile ? error : new UnreadableFile(inWords(error));
  } finally {
    closeSync(file);
  }
}

/** The value that JSON from elsewhere stands for. Of what is no JSON nothing is quoted: it may be anybody's file. Throws UnreadableFile. */
export function jsonIn(content: Buffer): unknown {
  const deep = tooDeep(content);
  if (deep !== null) throw new UnreadableFile(`is nested deeper than ${mostLevels} levels at byte ${deep}`);
  try {
    return JSON.parse(content.toString("utf8"));
  } catch (error) {
    const [, place] = /position (\d+)/.exec((error as Error).message) ?? [];
    throw new UnreadableFile(`is not JSON${place === undefined ? "" : `, from character ${place} on`}`);
  }
}

/** Where a record is read there are fewer; the parser takes memory for each. */
const mostLevels = 100;

/** Where brackets outside of strings are nested too deep, before memory is taken for them; null: nowhere. */
function tooDeep(content: Buffer): number | null {
  let [levels, isText] = [0, false];
  for (let i = 0; i < content.length; i++) {
    const byte = content[i];
    if (byte === 0x22) isText = !isText;
    else if (isText) {
      if (byte === 0x5c) i++;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++levels > mostLevels) return i;
    } else if (byte === 0x5d || byte === 0x7d) levels--;
  }
  return null;
}

/** What is wrong with a file, in one sentence, whether it cannot be read or says what it must not. Anything else is thrown on. */
export function reasonFor(problem: unknown): string {
  if (problem instanceof UnreadableFile) return problem.message;
  if (!(problem instanceof InvalidInput)) throw problem;
  const [, first = "", ...more] = problem.message.split("\n");
  return `${first.trim()}${more.length > 0 ? `; ${problem.problems.length - 1} more` : ""}`;
}
