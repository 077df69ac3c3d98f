/**
 * Standard Workload Format, version 2.2: one job a line, 18 fields between white space, −1 where nothing is known;
 * a line that begins with a semicolon is a comment, and `; MaxProcs: 128` one of the header's.
 * Source: https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
 */

/** How a job ended. Those that are partial are pieces of a job that has a line of its own, too. */
export type SwfStatus = "failed" | "completed" | "partial" | "last partial, completed" | "last partial, failed" | "cancelled";

/** By their number in the format. */
const statuses: readonly SwfStatus[] = ["failed", "completed", "partial", "last partial, completed", "last partial, failed", "cancelled"];

/** One line. Times in seconds, which may have fractions; null where the log does not know. */
export interface SwfJob {
  readonly number: number;
  readonly submitSeconds: number;
  readonly waitSeconds: number | null;
  /** 0 is a job of less than half a second. */
  readonly runSeconds: number | null;
  readonly processors: number | null;
  /** Mean over the processors. */
  readonly cpuSeconds: number | null;
  /** Mean over the processors. */
  readonly memoryKiB: number | null;
  readonly requestedProcessors: number | null;
  readonly requestedSeconds: number | null;
  /** For each processor. */
  readonly requestedMemoryKiB: number | null;
  readonly status: SwfStatus | null;
  readonly user: number | null;
  readonly group: number | null;
  readonly executable: number | null;
  readonly queue: number | null;
  readonly partition: number | null;
  /** Number of the job that has to end before this one is submitted. */
  readonly precedingJob: number | null;
  /** Between that end and this submission. */
  readonly thinkSeconds: number | null;
}

/** Names of the fields, for people, in their order. */
const fields = [
  "job number", "submit time", "wait time", "run time", "allocated processors", "average CPU time", "used memory",
  "requested processors", "requested time", "requested memory", "status", "user", "group", "executable", "queue", "partition",
  "preceding job", "think time",
] as const; // biome-ignore format: a list

/** Whole numbers; the others are times and amounts. */
const whole = new Set([0, 4, 7, 10, 11, 12, 13, 14, 15, 16]);

/** Without these two a line says nothing. */
const needed = new Set([0, 1]);

/** A line that is not in the format. The message names the line and the field. */
export class MalformedSwf extends Error {
  override readonly name = "MalformedSwf";

  constructor(line: number, problem: string) {
    super(`line ${line}${problem}`);
  }
}

/** Characters of a line and values of a label: more is no log, and would be kept in memory. */
const longestLine = 100_000;
const mostHeaderValues = 1000;
const mostComments = 1_000_000;

/** Header comments by their label; a label that stands there twice has two values. */
export type SwfHeader = ReadonlyMap<string, readonly string[]>;

/** Number of processors of the log's machine, by `MaxProcs`, or `MaxNodes` where the nodes have one; null where it does not say. */
export function machineProcessors(header: SwfHeader): number | null {
  const [first] = [...(header.get("MaxProcs") ?? []), ...(header.get("MaxNodes") ?? [])]
    .map((value) => Number(/^\d{1,3}(?:,\d{3})+(?!\d)|^\d+/.exec(value)?.[0].replaceAll(",", "")))
    .filter((value) => value > 0);
  return first ?? null;
}

/** The number that a header gives a name: `; Partition: 2 batch` says that batch is 2; null where it names none such. */
export function namedNumber(header: SwfHeader, label: "Queue" | "Partition", name: string): number | null {
  for (const value of header.get(label) ?? []) {
    const [, number, text] = /^(\d+)[\s:,-]+(.*)$/.exec(value) ?? [];
    if (text !== undefined && (text.trim() === name || text.trim().split(/[\s(,;]/, 1)[0] === name)) return Number(number);
  }
  return null;
}

/** The name that a header gives a number, its first word; null where it gives none. */
export function numberedName(header: SwfHeader, label: "Queue" | "Partition", number: number): string | null {
  for (const value of header.get(label) ?? []) {
    const [, own, text = ""] = /^(\d+)[\s:,-]+(.*)$/.exec(value) ?? [];
    const [name = ""] = text.trim().split(/[\s(,;]/, 1);
    if (own !== undefined && Number(own) === number && name !== "") return name;
  }
  return null;
}

/** Lines that were passed over: how many, and what was wrong with the first. */
export interface SkippedLines {
  readonly count: number;
  readonly first: string;
}

/** Reads a log piece by piece, so that a large one needs no memory; every job is handed on as it is read. */
export class SwfReader {
  readonly #header = new Map<string, string[]>();
  readonly #take: (job: SwfJob, line: number) => void;
  readonly #values = new Float64Array(fields.length);
  #line = 0;
  #comments = 0;
  #rest = "";
  readonly #skipMalformed: boolean;
  #skipped: SkippedLines | null = null;

  constructor(take: (job: SwfJob, line: number) => void, { skipMalformed = false } = {}) {
    this.#take = take;
    this.#skipMalformed = skipMalformed;
  }

  /** What the header has said so far; it stands before the jobs. */
  get header(): SwfHeader {
    return this.#header;
  }

  /** Null where none was. */
  get skipped(): SkippedLines | null {
    return this.#skipped;
  }

  /** @throws MalformedSwf */
  push(piece: string): void {
    const text = this.#rest === "" ? piece : this.#rest + piece;
    let begin = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", begin)) {
      this.#read(text, begin, end);
      begin = end + 1;
    }
    this.#rest = text.slice(begin);
    if (this.#rest.length > longestLine) throw new MalformedSwf(this.#line + 1, ` is longer than ${longestLine} characters`);
  }

  /** The last line, which need not end in a line break, and then what the header said. */
  end(): SwfHeader {
    if (this.#rest !== "") this.#read(this.#rest, 0, this.#rest.length);
    this.#rest = "";
    return this.#header;
  }

  #read(text: string, from: number, to: number) {
    this.#line++;
    const begin = afterSpace(text, this.#line === 1 && text[from] === "\uFEFF" ? from + 1 : from, to);
    if (begin === to) return;
    if (text[begin] === ";") this.#comment(text.slice(begin, to).trimEnd());
    else {
      const job = this.#skipMalformed ? this.#jobOrNull(text, begin, to) : this.#job(text, begin, to);
      if (job !== null) this.#take(job, this.#line);
    }
  }

  #jobOrNull(text: string, from: number, to: number): SwfJob | null {
    try {
      return this.#job(text, from, to);
    } catch (error) {
      if (!(error instanceof MalformedSwf)) throw error;
      this.#skipped = { count: (this.#skipped?.count ?? 0) + 1, first: this.#skipped?.first ?? error.message };
      return null;
    }
  }

  #comment(line: string) {
    this.#comments++;
    if (this.#comments > mostComments)
      throw new MalformedSwf(this.#line, ` is the ${this.#comments}th comment, the most is ${mostComments}`);
    const [, label, value] = /^;+\s*([A-Za-z]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (label === undefined || value === undefined) return;
    const known = this.#header.get(label);
    if (known !== undefined && known.length < mostHeaderValues) known.push(value);
    else if (known === undefined && this.#header.size < mostHeaderValues) this.#header.set(label, [value]);
  }

  #job(text: string, from: number, to: number): SwfJob {
    let count = 0;
    let wrong: MalformedSwf | undefined;
    for (let begin = from; begin < to; ) {
      const end = afterWord(text, begin, to);
      const value = parsed(text, begin, end, this.#line, count);
      if (typeof value === "number") this.#values[count] = value;
      else wrong ??= value;
      count++;
      begin = afterSpace(text, end, to);
    }
    // Where a field is missing, those behind it are in the wrong place: that says more than what is wrong with them.
    if (count !== fields.length) throw new MalformedSwf(this.#line, `: ${count} fields, a job has ${fields.length}`);
    if (wrong !== undefined) throw wrong;
    return jobOf(this.#values, this.#line);
  }
}

/** A whole log that is in memory. @throws MalformedSwf */
export function parseSwf(text: string): { readonly header: SwfHeader; readonly jobs: readonly SwfJob[] } {
  const jobs: SwfJob[] = [];
  const reader = new SwfReader((job) => jobs.push(job));
  reader.push(text);
  return { header: reader.end(), jobs };
}

const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

function afterSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function afterWord(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && !isSpace(text.charCodeAt(at))) at++;
  return at;
}

const orNull = (value: number | undefined) => (value === -1 || value === undefined ? null : value);

function jobOf(values: Float64Array, line: number): SwfJob {
  const status = orNull(values[10]);
  if (status !== null && statuses[status] === undefined) throw malformed(line, 10, String(status), "is not one of -1, 0, 1, 2, 3, 4, 5");
  return {
    number: values[0] as number,
    submitSeconds: values[1] as number,
    waitSeconds: orNull(values[2]),
    runSeconds: orNull(values[3]),
    processors: orNull(values[4]),
    cpuSeconds: orNull(values[5]),
    memoryKiB: orNull(values[6]),
    requestedProcessors: orNull(values[7]),
    requestedSeconds: orNull(values[8]),
    requestedMemoryKiB: orNull(values[9]),
    status: status === null ? null : (statuses[status] as SwfStatus),
    user: orNull(values[11]),
    group: orNull(values[12]),
    executable: orNull(values[13]),
    queue: orNull(values[14]),
    partition: orNull(values[15]),
    precedingJob: orNull(values[16]),
    thinkSeconds: orNull(values[17]),
  };
}

/** More digits than these may not be a safe integer. */
const safeDigits = 15;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The field's value, -1 where it is unknown, or what is wrong with it. Most are a few digits, for which no string is made. */
function parsed(text: string, begin: number, end: number, line: number, field: number): number | MalformedSwf {
  let value = 0;
  let at = begin;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  if (at === end && end - begin <= safeDigits) return value;
  const unknown = end - begin === 2 && text.charCodeAt(begin) === 45 && text.charCodeAt(begin + 1) === 49 && !needed.has(field);
  return unknown ? -1 : carefullyParsed(text.slice(begin, end), line, field);
}

function carefullyParsed(word: string, line: number, field: number): number | MalformedSwf {
  const value = decimal.test(word) ? Number(word) : Number.NaN;
  if (!Number.isFinite(value)) return malformed(line, field, word, "is not a number");
  if (value === -1 && !needed.has(field)) return -1;
  if (value < 0) return malformed(line, field, word, needed.has(field) ? "is negative" : "is negative, and not -1 for unknown");
  if (whole.has(field) && !Number.isInteger(value)) return malformed(line, field, word, "is not a whole number");
  return value;
}

const malformed = (line: number, field: number, word: string, why: string) =>
  new MalformedSwf(line, `, field ${field + 1} (${fields[field]}): "${word.slice(0, 40)}" ${why}`);

/** The job as a line of the format, without a line break. */
export function swfLine(job: SwfJob): string {
  const status = job.status === null ? null : statuses.indexOf(job.status);
  return [
    ...[job.number, job.submitSeconds, job.waitSeconds, job.runSeconds, job.processors, job.cpuSeconds, job.memoryKiB],
    ...[job.requestedProcessors, job.requestedSeconds, job.requestedMemoryKiB, status, job.user, job.group, job.executable],
    ...[job.queue, job.partition, job.precedingJob, job.thinkSeconds],
  ]
    .map((value) => value ?? -1)
    .join(" ");
}
