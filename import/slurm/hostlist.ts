import { InvalidInput } from "../../model/problem.ts";

/** Names that one list may stand for. A schedfront cluster has 10,000 nodes at most. */
export const mostHosts = 100_000;
const longestList = 1_000_000;
/** More digits than a node's number has. */
const mostDigits = 9;
/** Of a name: the longest that DNS has. */
const mostLetters = 255;

/** One part of a name: what it may be. `a[1-2]b` is `a`, `1` or `2`, and `b`. */
type Part = readonly string[];

/**
 * `a[01-03,7]` → a01 a02 a03 a7: Slurm's list of hosts (hostlist(3)), of any number of brackets a name, whose numbers are as
 * wide as the first of their range is written. `ALL` is a name like any other here.
 * @param subject what is read, for the error
 * @throws InvalidInput
 */
export function expandHostlist(text: string, subject = "host list"): string[] {
  const refuse = (message: string) => new InvalidInput(subject, [{ path: [], message }]);
  if (text.length > longestList) throw refuse(`has ${text.length} characters, the most is ${longestList}`);
  const names: string[] = [];
  for (const item of itemsOf(text, refuse)) {
    const parts = partsOf(item, refuse);
    const count = parts.reduce((product, part) => product * part.length, 1);
    if (names.length + count > mostHosts) throw refuse(`"${shown(item)}" makes more than ${mostHosts} names`);
    if (parts.reduce((sum, [first = ""]) => sum + first.length, 0) > mostLetters)
      throw refuse(`"${shown(item)}" is longer than a host name may be, ${mostLetters} characters`);
    let heads = [""];
    for (const part of parts) heads = heads.flatMap((head) => part.map((piece) => head + piece));
    for (const name of heads) names.push(name);
  }
  return names;
}

const shown = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** Split at the commas that are in no bracket. */
function itemsOf(text: string, refuse: (message: string) => Error): string[] {
  const items: string[] = [];
  let begin = 0;
  let inside = false;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (letter === "[" && inside) throw refuse(`"${shown(text)}" has a bracket in a bracket`);
    if (letter === "[") inside = true;
    else if (letter === "]" && !inside) throw refuse(`"${shown(text)}" closes a bracket that it did not open`);
    else if (letter === "]") inside = false;
    if (letter !== undefined && (letter !== "," || inside)) continue;
    const item = text.slice(begin, at).trim();
    if (item !== "") items.push(item);
    begin = at + 1;
  }
  if (inside) throw refuse(`"${shown(text)}" does not close its bracket`);
  return items;
}

function partsOf(item: string, refuse: (message: string) => Error): Part[] {
  return item.split(/(\[[^\]]*\])/).flatMap((piece): Part[] => {
    if (piece === "") return [];
    if (piece.startsWith("[")) return [rangesOf(piece.slice(1, -1), item, refuse)];
    if (!/^[A-Za-z0-9._-]+$/.test(piece)) throw refuse(`"${shown(item)}" is no host name: letters, digits, dots and hyphens are`);
    return [[piece]];
  });
}

function rangesOf(text: string, item: string, refuse: (message: string) => Error): Part {
  const numbers: string[] = [];
  for (const range of text.split(",")) {
    const [, low, high = low] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(range) ?? [];
    if (low === undefined || high === undefined) throw refuse(`"${shown(item)}": "${shown(range)}" is no number, and no range of two`);
    const [from, to] = [Number(low), Number(high)];
    if (low.length > mostDigits || high.length > mostDigits) throw refuse(`"${shown(item)}": a number has more than ${mostDigits} digits`);
    if (to < from) throw refuse(`"${shown(item)}": the range ${range} ends before it begins`);
    if (numbers.length + to - from + 1 > mostHosts) throw refuse(`"${shown(item)}" makes more than ${mostHosts} names`);
    for (let number = from; number <= to; number++) numbers.push(String(number).padStart(low.length, "0"));
  }
  return numbers;
}

/** The inverse of {@link expandHostlist}, for people: sorted, with one bracket a prefix at most. Names that occur twice are written once. */
export function compressHostlist(names: readonly string[]): string {
  const digitsOf = new Map<string, string[]>();
  const plain: string[] = [];
  for (const name of new Set(names)) {
    const [, prefix = "", digits = ""] = /^(.*?)(\d{0,9})$/.exec(name) ?? [];
    if (digits === "" || prefix === "") plain.push(name);
    else if (digitsOf.get(prefix)?.push(digits) === undefined) digitsOf.set(prefix, [digits]);
  }
  const bracketed = [...digitsOf].map(([prefix, digits]) => {
    const [first, ...others] = runsOf(digits);
    return others.length === 0 && !first?.includes("-") ? `${prefix}${first}` : `${prefix}[${[first, ...others].join(",")}]`;
  });
  return [...bracketed, ...plain].sort().join(",");
}

/** 08 09 10 11 7 → `7` `08-11`: a range's numbers are as wide as its first, or wider without a zero in front. */
function runsOf(digits: readonly string[]): string[] {
  const sorted = [...digits].sort((a, b) => a.length - b.length || Number(a) - Number(b));
  const runs: [string, string][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    const follows = run !== undefined && Number(number) === Number(run[1]) + 1;
    if (run !== undefined && follows && (number.length === run[1].length || !number.startsWith("0"))) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([low, high]) => (low === high ? low : `${low}-${high}`));
}
