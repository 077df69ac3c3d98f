import * as z from "zod";
import { InvalidInput } from "../../model/problem.ts";
import { interning, type LogJob, type LogStatus } from "../log-job.ts";
import { jsonExtentProblem } from "./json-extent.ts";

const seconds = z.number().min(0);
const count = z.int().min(0);
const text = z.string();

/** One job of `flux jobs --json`, whose keys are there as far as they are known. */
const job = z.looseObject({
  id: z.union([text, count]),
  f58: text.optional(),
  userid: count.optional(),
  username: text.optional(),
  t_submit: seconds,
  t_run: seconds.optional(),
  t_cleanup: seconds.optional(),
  t_inactive: seconds.optional(),
  runtime: seconds.optional(),
  state: text.optional(),
  result: text.optional(),
  name: text.optional(),
  queue: text.optional(),
  bank: text.optional(),
  project: text.optional(),
  nnodes: z.union([count, z.literal("")]).optional(),
  ncores: z.union([count, z.literal("")]).optional(),
  ntasks: z.union([count, z.literal("")]).optional(),
  ngpus: z.union([count, z.literal("")]).optional(),
  duration: seconds.optional(),
});

/** An event of a job's log (RFC 18). */
const event = z.looseObject({ timestamp: seconds, name: text, context: z.looseObject({}).optional() });

/** What of a jobspec (RFC 14, RFC 25) says how large a job is and where it goes. */
interface Resource {
  readonly type: string;
  readonly count?: unknown;
  readonly with?: readonly Resource[] | undefined;
}
const resource: z.ZodType<Resource> = z.looseObject({
  type: text,
  count: z.unknown(),
  get with() {
    return z.array(resource).optional();
  },
});
const jobspec = z.looseObject({
  resources: z.array(resource),
  attributes: z
    .looseObject({ system: z.looseObject({ duration: seconds.optional(), queue: text.optional(), bank: text.optional() }).optional() })
    .optional(),
});

/** A job with its events, as an archive of jobs keeps it: objects, or their text. */
const archived = z.looseObject({
  id: z.union([text, count]),
  userid: count.optional(),
  eventlog: z.unknown(),
  jobspec: z.unknown().optional(),
});

export interface FluxCounts {
  malformed: number;
  firstMalformed: string | null;
  running: number;
  neverStarted: number;
}

class Malformed extends Error {}

/** Characters that are parsed at once. */
const longestText = 400_000_000;

/**
 * Jobs of what `flux jobs --json` printed, or of lines of JSON with such a job, or with a job's events and jobspec, each.
 * @throws InvalidInput for text that is none of them, and for a malformed job where these are not skipped
 */
export async function readFluxJobs(pieces: AsyncIterable<string> | Iterable<string>, { skipBad = false } = {}) {
  let whole = "";
  for await (const piece of pieces) {
    whole += piece;
    if (whole.length > longestText)
      throw new InvalidInput("job list", [{ path: [], message: `has more than ${longestText} characters: import it in parts` }]);
  }
  const extent = jsonExtentProblem(whole);
  if (extent !== null) throw new InvalidInput("job list", [{ path: [], message: extent }]);
  const counts: FluxCounts = { malformed: 0, firstMalformed: null, running: 0, neverStarted: 0 };
  const intern = interning();
  const jobs: LogJob[] = [];
  for (const { raw, where } of records(whole)) {
    try {
      const found = jobOf(raw, intern);
      if (found.startSeconds === null) counts.neverStarted++;
      else if (found.runSeconds === null) counts.running++;
      jobs.push(found);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const message = `${where}: ${error.message}`;
      if (!skipBad) throw new InvalidInput("job list", [{ path: [], message: `${message}; --skip-bad skips such jobs` }]);
      counts.malformed++;
      counts.firstMalformed ??= message;
    }
  }
  if (jobs.length === 0 && counts.malformed === 0) throw new InvalidInput("job list", [{ path: [], message: "has no job" }]);
  return { jobs, counts };
}

/** Text that is no JSON of itself is lines of it. */
function* records(whole: string): Generator<{ readonly raw: unknown; readonly where: string }> {
  const all = parsed(whole);
  if (all !== undefined) {
    const list = Array.isArray(all)
      ? all
      : Array.isArray((all as { jobs?: unknown } | null)?.jobs)
        ? (all as { jobs: unknown[] }).jobs
        : [all];
    for (const [i, raw] of list.entries()) yield { raw, where: `job ${i + 1}` };
    return;
  }
  for (let [begin, number] = [0, 1]; begin < whole.length; number++) {
    const found = whole.indexOf("\n", begin);
    const end = found < 0 ? whole.length : found;
    const line = whole.slice(begin, end).trim();
    if (line !== "") yield { raw: parsed(line), where: `line ${number}` };
    begin = end + 1;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function jobOf(raw: unknown, intern: (text: string) => string): LogJob {
  if (raw === undefined) throw new Malformed("is no JSON");
  const known = typeof raw === "object" && raw !== null && "eventlog" in raw ? fromEvents(raw) : raw;
  const read = job.safeParse(known);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Malformed(`${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  const given = read.data;
  const end = given.t_cleanup ?? given.t_inactive;
  const start = given.t_run !== undefined && given.t_run > 0 ? given.t_run : null;
  const run = start === null ? null : end !== undefined && end > 0 ? Math.max(0, end - start) : null;
  const number = (value: number | "" | undefined) => (value === "" || value === undefined || value === 0 ? null : value);
  return {
    id: intern(String(given.f58 ?? given.id)),
    submitSeconds: given.t_submit,
    startSeconds: start,
    runSeconds: run,
    nodes: number(given.nnodes),
    cpus: number(given.ncores) ?? number(given.ntasks),
    gpus: number(given.ngpus),
    gpuType: null,
    memoryMiB: null,
    limitSeconds: given.duration === undefined || given.duration === 0 ? null : given.duration,
    status: statusOf(given.result),
    state: intern(given.result ?? given.state ?? ""),
    user: intern(given.username ?? (given.userid === undefined ? "" : String(given.userid))),
    account: intern(given.bank ?? given.project ?? ""),
    partition: "",
    queue: intern(given.queue ?? ""),
    name: intern(given.name ?? ""),
  };
}

function statusOf(result: string | undefined): LogStatus {
  if (result === "COMPLETED") return "completed";
  if (result === "CANCELED") return "cancelled";
  return result === undefined || result === "" ? null : "failed";
}

/** A job's own keys from its events and its jobspec. */
function fromEvents(raw: object): Record<string, unknown> {
  const read = archived.safeParse(raw);
  if (!read.success) throw new Malformed(`it has events, but no id`);
  const { id, userid, eventlog, jobspec: spec } = read.data;
  const events = z
    .array(event)
    .safeParse(
      typeof eventlog === "string" ? eventlog.split("\n").flatMap((line) => (line.trim() === "" ? [] : [parsed(line)])) : eventlog,
    );
  if (!events.success) throw new Malformed("its eventlog has a line that is no event");
  const at = (name: string) => events.data.find((each) => each.name === name)?.timestamp;
  const asked = spec === undefined ? undefined : jobspec.safeParse(typeof spec === "string" ? parsed(spec) : spec);
  if (asked !== undefined && !asked.success) throw new Malformed("its jobspec is none");
  const start = at("start") ?? at("alloc");
  const end = at("finish") ?? at("release") ?? at("clean");
  const submitted = at("submit");
  if (submitted === undefined) throw new Malformed("its eventlog has no submit event");
  const failed = events.data.find((each) => each.name === "finish")?.context?.status;
  const cancelled = events.data.some(({ name, context }) => name === "exception" && context?.type === "cancel");
  const system = asked?.data.attributes?.system;
  return {
    id,
    ...(userid === undefined ? {} : { userid }),
    t_submit: submitted,
    ...(start === undefined ? {} : { t_run: start }),
    ...(end === undefined ? {} : { t_cleanup: end }),
    ...(end === undefined ? {} : { result: cancelled ? "CANCELED" : failed === 0 || failed === undefined ? "COMPLETED" : "FAILED" }),
    ...(system?.duration === undefined ? {} : { duration: system.duration }),
    ...(system?.queue === undefined ? {} : { queue: system.queue }),
    ...(system?.bank === undefined ? {} : { bank: system.bank }),
    ...(asked === undefined ? {} : sizeOf(asked.data.resources)),
  };
}

/** Levels of a jobspec's resources; a recursion ends. */
const deepest = 20;

/** Nodes, cores and GPUs of all slots. Counts may be ranges, of which the least is asked for. */
function sizeOf(resources: readonly Resource[]): { nnodes?: number; ncores: number; ngpus: number } {
  const size = { nodes: 0, cores: 0, gpus: 0 };
  const visit = (list: readonly Resource[], times: number, level: number): void => {
    if (level > deepest) throw new Malformed(`its jobspec has more than ${deepest} levels`);
    for (const { type, count: given, with: inner } of list) {
      const own = times * leastOf(given);
      if (type === "node") size.nodes += own;
      if (type === "core") size.cores += own;
      if (type === "gpu") size.gpus += own;
      visit(inner ?? [], own, level + 1);
    }
  };
  visit(resources, 1, 0);
  return { ...(size.nodes > 0 ? { nnodes: size.nodes } : {}), ncores: size.cores, ngpus: size.gpus };
}

function leastOf(given: unknown): number {
  const value =
    typeof given === "object" && given !== null && "min" in given
      ? given.min
      : typeof given === "string"
        ? Number.parseInt(given, 10)
        : given;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 1e8)
    throw new Malformed("its jobspec has a count that is none");
  return value;
}
