import { InvalidInput } from "../../model/problem.ts";
import { eachLine } from "../lines.ts";
import { interning, type LogJob, type LogStatus } from "../log-job.ts";
import { remembered } from "../remembered.ts";
import { flat, type TimeReader } from "../times.ts";
import { elapsedSeconds, type Limit, limitSeconds } from "./durations.ts";
import { bytesOf, countOf, gpusOf, type Tres, tresOf } from "./quantities.ts";

/** What was read of an accounting log, beside its jobs. */
export interface SacctCounts {
  /** Without the header. */
  lines: number;
  /** Lines of steps, which are parts of jobs. */
  steps: number;
  /** Records that stand there again, word for word in number, submission and start. */
  repeated: number;
  /** Records of a job that was requeued after it had run, beside its last. */
  requeued: number;
  arrayTasks: number;
  /** Components of heterogeneous jobs, each of which is a job here. */
  components: number;
  /** Without a start: pending, or cancelled in the queue. */
  neverStarted: number;
  /** Started, and not ended when the log was written. */
  running: number;
  /** Starts that lie before the submission, by less than the hour that a clock goes back. */
  clockWentBack: number;
  unlimited: number;
  /** Limits that are their partition's. */
  partitionLimit: number;
  malformed: number;
  /** What was wrong with the first malformed line. */
  firstMalformed: string | null;
}

export interface SacctOptions {
  readonly time: TimeReader;
  /** Whether malformed lines are skipped and counted, or end the import. */
  readonly skipBad?: boolean;
  readonly delimiter?: string;
  /** A partition's own limit, for jobs that asked for none; null where it has none. */
  readonly partitionLimitSeconds?: (partition: string) => number | null;
}

/** Fields that a job is made of, by their names in lower case, and those that stand in for one that is missing. */
const wanted = {
  id: ["jobid", "jobidraw"],
  submit: ["submit", "submitted"],
  start: ["start"],
  end: ["end"],
  elapsed: ["elapsedraw", "elapsed"],
  state: ["state"],
  partition: ["partition"],
  user: ["user", "uid"],
  account: ["account"],
  qos: ["qos", "qosraw"],
  name: ["jobname"],
  allocatedTres: ["alloctres"],
  requestedTres: ["reqtres"],
  allocatedGres: ["allocgres"],
  requestedGres: ["reqgres"],
  allocatedCpus: ["alloccpus", "ncpus"],
  requestedCpus: ["reqcpus"],
  allocatedNodes: ["allocnodes", "nnodes"],
  requestedNodes: ["reqnodes"],
  memory: ["reqmem"],
  limit: ["timelimit"],
  limitMinutes: ["timelimitraw"],
} as const;
type Field = keyof typeof wanted;

/** What an import is the poorer without, and the fields that any one of says it. */
const worthHaving: Readonly<Record<string, readonly Field[]>> = {
  users: ["user"],
  accounts: ["account"],
  partitions: ["partition"],
  "qualities of service": ["qos"],
  "job names": ["name"],
  limits: ["limit", "limitMinutes"],
  "numbers of nodes": ["allocatedTres", "requestedTres", "allocatedNodes", "requestedNodes"],
  memory: ["allocatedTres", "requestedTres", "memory"],
  GPUs: ["allocatedTres", "requestedTres", "allocatedGres", "requestedGres"],
};

const needed: readonly Field[] = ["id", "submit", "start", "state"];

/** Of each job's number, the times of the records that it had. Twenty-four days of waiting tell two of one submission apart. */
class Records {
  readonly #known = new Map<string, number | Set<number>>();

  add(id: string, submit: number, start: number | null): "the same" | "another" | "none" {
    const times = submit * 2 ** 21 + (start === null ? 2 ** 21 - 1 : (start - submit) % (2 ** 21 - 1));
    const before = this.#known.get(id);
    if (before === undefined) {
      this.#known.set(flat(id), times);
      return "none";
    }
    const all = typeof before === "number" ? new Set([before]) : before;
    if (all.has(times)) return "the same";
    all.add(times);
    this.#known.set(id, all);
    return "another";
  }
}

/** A line that a job cannot be made of. */
class Malformed extends Error {}

/**
 * Jobs of what `sacct --parsable2` (or `--parsable`) printed, with any fields in any order as the header has them.
 * @throws InvalidInput for a header that lacks what a job needs, and for a malformed line where these are not skipped
 */
export async function readSacct(
  text: AsyncIterable<string> | Iterable<string>,
  { time, skipBad = false, delimiter = "|", partitionLimitSeconds = () => null }: SacctOptions,
): Promise<{ readonly jobs: LogJob[]; readonly counts: SacctCounts; readonly missing: readonly string[] }> {
  const counts: SacctCounts = {
    ...{ lines: 0, steps: 0, repeated: 0, requeued: 0, arrayTasks: 0, components: 0, neverStarted: 0, running: 0 },
    ...{ clockWentBack: 0, unlimited: 0, partitionLimit: 0, malformed: 0, firstMalformed: null },
  };
  const jobs: LogJob[] = [];
  const records = new Records();
  const [tres, limit] = [remembered(tresOf), remembered(limitSeconds)];
  const intern = interning();
  let header: readonly string[] | undefined;
  let places = {} as Record<Field, number>;

  const jobOf = (cells: readonly string[]): LogJob | null => {
    const cell = (field: Field) => cells[places[field]]?.trim() ?? "";
    const id = cell("id");
    if (!/^\d+([_+.]|$)/.test(id)) throw new Malformed(`the job's number is ${quoted(id)}`);
    if (id.includes(".")) {
      counts.steps++;
      return null;
    }
    const submit = time(cell("submit"));
    if (submit === null) throw new Malformed(`the submission is ${quoted(cell("submit"))}, which is no time`);
    const start = optionalTime("start", cell("start"), time);
    const state = cell("state");
    const word = state.split(/[ +]/, 1)[0]?.toUpperCase() ?? "";
    const [allocated, requested] = [tres(cell("allocatedTres")), tres(cell("requestedTres"))];
    const granted = firstOf(allocated.cpus, count(cell("allocatedCpus")));
    const elapsed = start === null || neverBegan.has(word) ? null : runOf(cell, start, word, time);
    // One that was cancelled in the queue may have the time of that as its start.
    const hadNothing = granted === null && elapsed === 0 && (places.allocatedTres >= 0 || places.allocatedCpus >= 0);
    const began = neverBegan.has(word) || hadNothing ? null : start;
    const run = began === null ? null : elapsed;
    const cpus = firstOf(granted, requested.cpus, count(cell("requestedCpus")));
    const nodes = firstOf(allocated.nodes, count(cell("allocatedNodes")), requested.nodes, count(cell("requestedNodes")));
    const partition = intern(cell("partition"));
    const gpus = gpusIn(allocated, requested, cell("allocatedGres") || cell("requestedGres"));
    const limitText = cell("limit") || cell("limitMinutes");
    const limited = limitIn(limitText, limit(limitText));
    const startSeconds = began === null ? null : clocked(began, submit);
    const earlier = records.add(id, submit, start);
    if (earlier === "the same") {
      counts.repeated++;
      return null;
    }
    if (began === null) counts.neverStarted++;
    else if (run === null) counts.running++;
    if (/_\d/.test(id)) counts.arrayTasks++;
    if (id.includes("+")) counts.components++;
    if (earlier === "another") counts.requeued++;
    if (began !== null && began < submit) counts.clockWentBack++;
    if (limited === "unlimited") counts.unlimited++;
    if (limited === "partition") counts.partitionLimit++;
    return {
      // A copy, for a longer text that is cut from a piece keeps all of it alive.
      id: id.length > 12 ? flat(id) : id,
      submitSeconds: submit,
      startSeconds,
      runSeconds: run,
      nodes,
      cpus,
      gpus: gpus.count,
      gpuType: gpus.type === null ? null : intern(gpus.type),
      memoryMiB: memoryOf(allocated, requested, cell("memory"), nodes ?? 1, cpus ?? 1),
      limitSeconds: typeof limited === "number" ? limited : limited === "partition" ? partitionLimitSeconds(partition) : null,
      status: statusOf(word),
      state: intern(word),
      user: intern(cell("user")),
      account: intern(cell("account")),
      partition,
      queue: intern(cell("qos")),
      name: intern(cell("name")),
    };
  };

  await eachLine(text, "accounting log", (line, number) => {
    if (header === undefined) {
      if (line.trim() === "") return;
      ({ header, places } = headerOf(line, delimiter));
      return;
    }
    if (line === "") return;
    counts.lines++;
    try {
      const cells = line.split(delimiter);
      // --parsable ends each line with the delimiter, the header's, too.
      if (cells.length !== header.length)
        throw new Malformed(
          `${cells.length} fields, the header has ${header.length}: a name may have a "${delimiter}" or a line break in it`,
        );
      if (cells[0] === header[0] && isHeader(cells, header)) {
        counts.lines--;
        return;
      }
      const job = jobOf(cells);
      if (job !== null) jobs.push(job);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const message = `line ${number}: ${error.message}`;
      if (!skipBad) throw new InvalidInput("accounting log", [{ path: [], message: `${message}; --skip-bad skips such lines` }]);
      counts.malformed++;
      counts.firstMalformed ??= message;
    }
  });
  if (header === undefined) throw new InvalidInput("accounting log", [{ path: [], message: "is empty: the first line names the fields" }]);
  const missing = Object.entries(worthHaving).flatMap(([what, fields]) => (fields.some((field) => places[field] >= 0) ? [] : [what]));
  return { jobs, counts, missing };
}

/** Dumps of several months in one file have a header each. */
const isHeader = (cells: readonly string[], header: readonly string[]) => cells.every((cell, i) => cell === header[i]);

function headerOf(line: string, delimiter: string) {
  const header = line.replace(/^\uFEFF/, "").split(delimiter);
  const names = header.map((name) => name.trim().toLowerCase());
  const place = (field: Field) => wanted[field].map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const places = Object.fromEntries((Object.keys(wanted) as Field[]).map((field) => [field, place(field)])) as Record<Field, number>;
  const absent = needed.filter((field) => places[field] < 0).map((field) => wanted[field][0]);
  if (places.elapsed < 0 && places.end < 0) absent.push("elapsed" as never);
  if (["allocatedTres", "requestedTres", "allocatedCpus", "requestedCpus"].every((field) => places[field as Field] < 0))
    absent.push("alloccpus" as never);
  if (absent.length > 0) {
    const message = `its first line names no ${absent.join(", ")}: sacct --parsable2 --allusers --format=${suggested}`;
    throw new InvalidInput("accounting log", [{ path: [], message }]);
  }
  return { header, places };
}

/** Fields of sacct that an import uses all of. */
export const suggested = "jobid,submit,start,end,elapsedraw,state,partition,user,account,qos,jobname,alloctres,reqtres,timelimitraw";

const neverBegan = new Set(["PENDING", "REVOKED"]);
const notEnded = new Set(["RUNNING", "SUSPENDED", "RESIZING", "COMPLETING", "STOPPED", "SIGNALING", "CONFIGURING"]);
const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** `Unknown` and `None` are no time; anything else that is none is a mistake. */
function optionalTime(name: string, text: string, time: TimeReader): number | null {
  if (text === "" || /^(unknown|none|n\/a|null|0)$/i.test(text)) return null;
  const value = time(text);
  if (value === null) throw new Malformed(`the ${name} is ${quoted(text)}, which is no time`);
  return value;
}

function runOf(cell: (field: Field) => string, began: number, word: string, time: TimeReader): number | null {
  if (notEnded.has(word)) return null;
  const text = cell("elapsed");
  const elapsed = /^\d+$/.test(text) ? Number(text) : text === "" ? null : elapsedSeconds(text);
  if (elapsed !== null) return elapsed;
  if (text !== "") throw new Malformed(`the elapsed time is ${quoted(text)}`);
  const end = optionalTime("end", cell("end"), time);
  if (end === null) return null;
  if (end < began) throw new Malformed(`the end, ${cell("end")}, is before the start, ${cell("start")}`);
  return end - began;
}

/** A start that a clock which went back puts before the submission is as early as can be. */
function clocked(start: number, submit: number): number {
  if (start < submit - 3600) throw new Malformed(`the start is ${submit - start} s before the submission`);
  return Math.max(start, submit);
}

const firstOf = (...values: readonly (number | null)[]) => values.find((value) => value !== null && value > 0) ?? null;
const count = (text: string) => (text === "" ? null : countOf(text));

function gpusIn(allocated: Tres, requested: Tres, gres: string): { readonly count: number | null; readonly type: string | null } {
  const tres = allocated.gpus !== null ? allocated : requested;
  if (tres.gpus !== null || gres === "") return { count: tres.gpus, type: tres.gpuType };
  const listed = gpusOf(gres);
  return listed.length === 0
    ? { count: null, type: null }
    : { count: listed.reduce((sum, gpus) => sum + gpus.count, 0), type: listed.find(({ type }) => type !== null)?.type ?? null };
}

/** Of all nodes: what was asked for, else what was given. sacct before 21.08 says whether it is for a processor (`4Gc`) or a node (`4Gn`). */
function memoryOf(allocated: Tres, requested: Tres, text: string, nodes: number, cpus: number): number | null {
  const bytes = requested.memoryBytes ?? (text === "" ? null : asked(text, nodes, cpus)) ?? allocated.memoryBytes;
  return bytes === null || bytes === 0 ? null : Math.ceil(bytes / 2 ** 20);
}

function asked(text: string, nodes: number, cpus: number): number | null {
  const per = /[cn]$/i.exec(text)?.[0].toLowerCase();
  const bytes = bytesOf(per === undefined ? text : text.slice(0, -1), "m");
  if (bytes === null) return null;
  return bytes * (per === "c" ? cpus : per === "n" ? nodes : 1);
}

/** @param limit what Slurm's own forms make of the text */
function limitIn(text: string, limit: Limit): Limit | "partition" {
  if (limit !== null || text === "" || /^(invalid|unknown|n\/a)$/i.test(text)) return limit;
  if (/^partition_limit$/i.test(text)) return "partition";
  throw new Malformed(`the time limit is ${quoted(text)}`);
}

function statusOf(word: string): LogStatus {
  if (word === "COMPLETED" || word === "COMPLETING") return "completed";
  if (word.startsWith("CANCELLED")) return "cancelled";
  return notEnded.has(word) || neverBegan.has(word) ? null : "failed";
}
