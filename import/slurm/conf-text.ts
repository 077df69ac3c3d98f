import { InvalidInput } from "../../model/problem.ts";

/** Slurm itself reads lines of up to 64 KiB; nobody writes longer ones by hand. */
const longestLine = 1_000_000;
const mostLines = 200_000;

/** A line of a configuration as Slurm understands it: joined where it is continued, without its comment. */
export interface ConfLine {
  /** Number of its first line in the file. */
  readonly line: number;
  readonly text: string;
}

/**
 * Lines of a file in Slurm's syntax (parse_config.c): a backslash at the end continues a line, `#` begins a comment wherever it
 * stands, in quotes too, unless a backslash is before it, and a backslash makes the next character plain.
 * @param file its name, for errors
 * @throws InvalidInput
 */
export function confLines(text: string, file: string): ConfLine[] {
  const lines: ConfLine[] = [];
  const refuse = (line: number, message: string) =>
    new InvalidInput("configuration", [{ path: [], message: `${file}:${line}: ${message}` }]);
  let pending = "";
  let first = 0;
  let line = 0;
  for (let begin = 0; begin < text.length; ) {
    const end = text.indexOf("\n", begin);
    const stop = end === -1 ? text.length : end;
    line++;
    if (line > mostLines) throw refuse(line, `the file has more than ${mostLines} lines`);
    if (stop - begin + pending.length > longestLine) throw refuse(line, `the line is longer than ${longestLine} characters`);
    const physical = text.slice(begin, stop);
    if (physical.includes("\0")) throw refuse(line, "the line has a NUL byte, which no text has");
    begin = stop + 1;
    if (pending === "") first = line;
    const continued = continuation(physical);
    if (continued !== null && begin < text.length) {
      pending += continued;
      continue;
    }
    const whole = withoutComment(pending + (continued ?? physical)).trim();
    pending = "";
    if (whole !== "") lines.push({ line: first, text: unescaped(whole) });
  }
  return lines;
}

/** What stands before a continuing backslash; null where there is none. White space may follow it. */
function continuation(line: string): string | null {
  const text = line.trimEnd();
  let begin = text.length;
  while (text[begin - 1] === "\\") begin--;
  return (text.length - begin) % 2 === 1 ? text.slice(0, -1) : null;
}

function withoutComment(line: string): string {
  let slashes = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "#" && slashes % 2 === 0) return line.slice(0, at);
    slashes = line[at] === "\\" ? slashes + 1 : 0;
  }
  return line;
}

const unescaped = (line: string) => line.replace(/\\(.)/g, "$1");

/** `key = "a value"`; the operators of `+=` are kept. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** The pairs of a line in their order, and what between them is none. */
export function pairsOf(line: string): { readonly pairs: readonly Pair[]; readonly strays: readonly string[] } {
  const pairs: Pair[] = [];
  const strays: string[] = [];
  const pattern = /\s*(?:([A-Za-z0-9_.]+)\s*[-+*/]?=\s*(?:"([^"]*)"|([^\s"]\S*))(?=\s|$)|(\S+))/y;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    const [, key, quoted, plain, stray] = match;
    if (key === undefined) strays.push(stray ?? "");
    else pairs.push({ key, value: quoted ?? plain ?? "" });
  }
  return { pairs, strays };
}

/** The path of an `Include` line; null for any other. */
export const includeOf = (line: string): string | null => /^include\s+(\S.*)$/i.exec(line)?.[1]?.trim() ?? null;
