import * as z from "zod";
import { filePath } from "../file-path.ts";
import type { Job } from "../job.ts";
import { type Problem, quote } from "../problem.ts";
import { arrivals, ownArrival } from "../stream/arrival.ts";
import { body } from "../stream/body.ts";
import { milli, timeCompression } from "../stream/compression.ts";
import { type Draft, drafted } from "../stream/job.ts";
import { capacityOf, load, offeredLoad, withLoad } from "../stream/load.ts";
import { type Uniform, uniforms } from "../stream/random.ts";
import { mostUsers, userName } from "../stream/users.ts";
import { estimator, graceSeconds, traceWalltime } from "../stream/walltime.ts";
import { MalformedSwf, machineProcessors, namedNumber, parseSwf, type SwfHeader, type SwfJob, SwfReader, swfLine } from "../swf.ts";
import type { Topology } from "../topology.ts";
import { type Mapper, mapper, mapping, processors } from "../trace/mapping.ts";
import { type Beside, besideLines, besideOf, MalformedTable, readBeside } from "../trace/table.ts";
import { naming, take } from "../trace/take.ts";
import type { FileReader, Note, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

/** The most jobs that a run takes. */
const mostJobs = 100_000;

const seconds = z.number().min(0).max(1e10);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const trace = z
  .strictObject({
    path: filePath.describe("A log in the Standard Workload Format, plain or .gz; a relative path starts at the project."),
    sha256: sha256.optional().describe("What the file must be; without it, the record says what it was."),
    badLines: z
      .enum(["refuse", "skip"])
      .default("refuse")
      .describe("What becomes of a malformed line: refused with its number, or skipped and counted in the excerpt's header."),
    table: z
      .strictObject({ path: filePath, sha256: sha256.optional() })
      .optional()
      .describe("The table beside it, traces/<name>.jobs.csv of an import: what the log's format cannot hold."),
  })
  .describe("Where the jobs come from: https://www.cs.huji.ac.il/labs/parallel/workload/ has logs.");

const status = z.enum(["completed", "failed", "cancelled", "unknown"]);

const numbers = z.array(z.int().min(0)).min(1).max(10_000);
const named = z
  .array(z.union([z.int().min(0), z.string().min(1).max(200)]))
  .min(1)
  .max(10_000);

/** By what a job is selected, or excluded. */
const marks = {
  users: numbers.optional().describe("The log's numbers of users."),
  groups: numbers.optional().describe("The log's numbers of groups, which accounting logs have as accounts."),
  executables: numbers.optional().describe("The log's numbers of applications."),
  queues: named.optional().describe("The log's numbers of queues, or their names as the header has them (; Queue: 1 short)."),
  partitions: named.optional().describe("The log's numbers of partitions, or their names as the header has them (; Partition: 1 batch)."),
};

const select = z
  .strictObject({
    fromSeconds: seconds.default(0).describe("Jobs submitted from here on, in the log's own time."),
    toSeconds: seconds.optional().describe("Jobs submitted before this."),
    jobs: z.int().min(1).max(mostJobs).optional().describe("The first so many of what is left by everything else."),
    ...marks,
    exclude: z.strictObject(marks).prefault({}).describe("Jobs that are left out, by any of these."),
    minProcessors: processors.optional(),
    maxProcessors: processors.optional(),
    minRunSeconds: seconds.optional(),
    maxRunSeconds: seconds.optional(),
    statuses: z
      .array(status)
      .min(1)
      .default(["completed", "failed", "cancelled", "unknown"])
      .describe("How a job ended there. Whatever it was, it holds its nodes for as long as it did, and completes."),
  })
  .prefault({})
  .describe("Which jobs of the log are run. Left out in any case: pieces of a job, jobs that never ran, jobs of unknown size.");

const parameters = z
  .strictObject({
    kind: z.literal("swf"),
    trace,
    select,
    mapping,
    take,
    neverRun: z
      .enum(["refuse", "leave-out"])
      .optional()
      .describe(
        "What becomes of jobs that this scheduler and topology never run: refused, where it is not given, or left out and counted.",
      ),
    arrival: ownArrival.default({ kind: "keep" }).describe("Times between arrivals: the log's, or drawn, over the same span."),
    load: load
      .nullable()
      .default(null)
      .describe(
        "Offered load ρ: Σ run time · nodes ÷ (compute nodes · last arrival), nodes or their share in cores, set by stretching the arrivals; null leaves them.",
      ),
    shakeSeconds: seconds
      .default(0)
      .describe(
        "Each arrival moves by up to so much, in the log's time, so that repetitions differ: input shaking (Tsafrir et al., MASCOTS 2007).",
      ),
    walltime: traceWalltime
      .prefault({ kind: "trace" })
      .describe("What users asked for: as in the trace (the run time where that does not say); or exact; a factor; or modal."),
    graceSeconds,
    users: z
      .int()
      .min(1)
      .max(mostUsers)
      .default(8)
      .describe("Accounts for the log's users, who get them in turn as they first appear; with one, jobs have no user of their own."),
    dependencies: z
      .boolean()
      .default(true)
      .describe("Whether a job waits for its preceding job to end; its think time is in its arrival already."),
    body,
    timeCompression: timeCompression.describe(
      "How many seconds of the log one second of the run stands for: arrivals, run times, limits, and τ of the bounded slowdown, are divided by it.",
    ),
    ...repeated,
  })
  .describe("Jobs of a real machine's log: how long they wait (α), how much idles meanwhile (β).");

type Parameters = z.output<typeof parameters>;

function problems({ select: { fromSeconds, toSeconds, ...select }, take, trace }: Parameters): Problem[] {
  const crossed = (low: number | undefined, high: number | undefined, lowKey: string, highKey: string): Problem[] =>
    low !== undefined && high !== undefined && low > high
      ? [{ path: ["select", lowKey], message: `${low} is above ${highKey}, ${high}` }]
      : [];
  const fromTable = (["nodes", "gpus"] as const).filter((key) => take[key] === true && trace.table === undefined);
  return [
    ...fromTable.map((key) => ({ path: ["take", key], message: "true needs the log's table: set trace.table" })),
    ...crossed(fromSeconds, toSeconds, "fromSeconds", "toSeconds"),
    ...crossed(select.minProcessors, select.maxProcessors, "minProcessors", "maxProcessors"),
    ...crossed(select.minRunSeconds, select.maxRunSeconds, "minRunSeconds", "maxRunSeconds"),
  ];
}

/** A job that can be run again: it ran, and its size is known. */
interface Runnable extends SwfJob {
  readonly runSeconds: number;
  /** Processors. */
  readonly size: number;
}

/** Processors that it had, or asked for where that is not known; null where it cannot be run: it never ran, or is a piece of a job. */
function sizeOf({ runSeconds, processors, requestedProcessors, status }: SwfJob): number | null {
  if (runSeconds === null || status?.includes("partial")) return null;
  return processors || requestedProcessors || null;
}

const runnable = (job: SwfJob, size: number): Runnable => ({ ...job, runSeconds: job.runSeconds ?? 0, size });

const within = (value: number, least = 0, most = Number.POSITIVE_INFINITY) => value >= least && value <= most;

/** What of a job each key of {@link marks} is compared with. */
const markOf = { users: "user", groups: "group", executables: "executable", queues: "queue", partitions: "partition" } as const;
type Mark = keyof typeof markOf;
const markNames = Object.keys(markOf) as Mark[];
const labelOf: Partial<Record<Mark, "Queue" | "Partition">> = { queues: "Queue", partitions: "Partition" };

/** The numbers that a selection's words and numbers stand for in this log; a name that the header does not have is a problem. */
function resolvedMarks(given: z.output<typeof select>["exclude"], header: SwfHeader, path: readonly PropertyKey[]) {
  const problems: Problem[] = [];
  const sets = new Map<Mark, ReadonlySet<number>>();
  for (const mark of markNames) {
    const label = labelOf[mark];
    const resolved = given[mark]?.flatMap((value, i) => {
      const number = typeof value === "number" || label === undefined ? Number(value) : namedNumber(header, label, value);
      if (number === null)
        problems.push({ path: [...path, mark, i], message: `${quote(value)} is no ${label?.toLowerCase()} of the log's header` });
      return number === null ? [] : [number];
    });
    if (resolved !== undefined) sets.set(mark, new Set(resolved));
  }
  return { sets, problems };
}

/** Whether a job's own number is among each set's, or with `any` among that of one; a job without a number is in none. */
function isMarked(job: SwfJob, sets: ReadonlyMap<Mark, ReadonlySet<number>>, how: "every" | "some"): boolean {
  return [...sets][how](([mark, numbers]) => {
    const own = job[markOf[mark]];
    return own !== null && numbers.has(own);
  });
}

function isChosen({ select }: Parameters, { submitSeconds, runSeconds, status }: SwfJob, size: number): boolean {
  return (
    submitSeconds >= select.fromSeconds &&
    submitSeconds < (select.toSeconds ?? Number.POSITIVE_INFINITY) &&
    within(size, select.minProcessors, select.maxProcessors) &&
    within(runSeconds ?? 0, select.minRunSeconds, select.maxRunSeconds) &&
    (select.statuses as readonly string[]).includes(status ?? "unknown")
  );
}

/** Labels of the header that the excerpt keeps. */
const keptLabels = [
  "Version",
  "Computer",
  "Installation",
  "Acknowledge",
  "Information",
  "UnixStartTime",
  "TimeZoneString",
  "MaxNodes",
  "MaxProcs",
];

/** Those that only names are taken from. */
const namingLabels = ["Queue", "Partition"];

const reads: FileReader<Parameters> = {
  file: ({ trace }) => ({ at: ["trace"], path: trace.path, sha256: trace.sha256 }),
  beside: ({ trace: { table } }) => (table === undefined ? undefined : { at: ["trace", "table"], path: table.path, sha256: table.sha256 }),

  /** The chosen jobs as a log of their own, in order of submission, under the header and a note on where they come from. */
  excerpt: async (given, topology, { sha256, text, beside: table }) => {
    const kept: Runnable[] = [];
    let all = 0;
    let matching = 0;
    let marked: (job: SwfJob) => boolean = () => false;
    const unknown: Problem[] = [];
    /** Once the header is read. */
    const begin = (header: SwfHeader) => {
      const wanted = resolvedMarks(given.select, header, ["select"]);
      const unwanted = resolvedMarks(given.select.exclude, header, ["select", "exclude"]);
      unknown.push(...wanted.problems, ...unwanted.problems);
      marked = (job) => isMarked(job, wanted.sets, "every") && !isMarked(job, unwanted.sets, "some");
    };
    const reader = new SwfReader(
      (job) => {
        if (all === 0) begin(reader.header);
        all++;
        const size = sizeOf(job);
        if (size === null || !isChosen(given, job, size) || !marked(job)) return;
        matching++;
        if (kept.length < (given.select.jobs ?? mostJobs + 1)) kept.push(runnable(job, size));
      },
      { skipMalformed: given.trace.badLines === "skip" },
    );
    const complain = (path: PropertyKey[], message: string) => ({ problems: [{ path, message }] });
    let header: SwfHeader;
    try {
      for await (const piece of text) reader.push(piece);
      header = reader.end();
    } catch (error) {
      if (!(error instanceof MalformedSwf)) throw error;
      return complain(["trace", "path"], `${given.trace.path}, ${error.message}`);
    }
    if (unknown.length > 0) return { problems: unknown };
    if (kept.length > mostJobs)
      return complain(["select"], `${matching} jobs are selected, the most is ${mostJobs}: narrow it, or set select.jobs`);
    let beside = new Map<number, Beside>();
    if (table !== undefined) {
      try {
        beside = await readBeside(table, new Set(kept.map(({ number }) => number)));
      } catch (error) {
        if (!(error instanceof MalformedTable)) throw error;
        return complain(["trace", "table", "path"], `${given.trace.table?.path}, ${error.message}`);
      }
    }
    const shape = shaper(given, topology, header, beside);
    const name = naming(given.take, header);
    for (const job of kept) {
      const shaped = shape(job);
      const wrong = typeof shaped === "object" && "message" in shaped ? shaped : name(job);
      if ("message" in wrong) return complain([...wrong.path], `${wrong.message} (job ${job.number})`);
    }
    const jobs = kept.filter((job) => shape(job) !== "leave-out").sort((a, b) => a.submitSeconds - b.submitSeconds);
    if (jobs.length === 0) return complain(["select"], `none of the ${all} jobs in ${given.trace.path} is left`);
    const twice = repeatedNumber(jobs);
    if (twice !== undefined) return complain(["trace", "path"], `${given.trace.path} has two jobs of number ${twice.number}`);
    const needsSpan = given.load !== null || given.arrival.kind !== "keep";
    if (needsSpan && jobs.at(-1)?.submitSeconds === jobs[0]?.submitSeconds)
      return complain(["select"], `its ${jobs.length} jobs all arrive at once, so that their arrivals cannot be stretched or drawn`);
    if (given.load !== null && jobs.every(({ runSeconds }) => runSeconds === 0))
      return complain(["select"], `its ${jobs.length} jobs all have run time 0, so that they offer no load`);
    const labels = given.take.queue === undefined && given.take.qos === undefined ? keptLabels : [...keptLabels, ...namingLabels];
    const lines = labels.flatMap((label) => (header.get(label) ?? []).map((value) => `; ${label}: ${value}`));
    const { skipped } = reader;
    if (skipped !== null) lines.push(`; Note: ${skipped.count} malformed lines were skipped, the first: ${skipped.first}`);
    lines.push(`; Note: ${jobs.length} of the ${all} jobs of ${given.trace.path}, sha256 ${sha256}`, ...jobs.map(swfLine));
    const asked = new Set(jobs.map(({ number }) => number));
    lines.push(...besideLines(new Map([...beside].filter(([number]) => asked.has(number)))));
    return { text: `${lines.join("\n")}\n`, notes: [loadNote(given, topology, { header, jobs, beside })] };
  },

  neverRun: ({ neverRun = "refuse" }) => neverRun,

  without: (excerpt, ids) => {
    const isLeft = (line: string) => {
      const number = /^(?:;@ )?(\d+) /.exec(line)?.[1];
      return number === undefined || !ids.has(idOf(Number(number)));
    };
    return excerpt.split("\n").filter(isLeft).join("\n");
  },
};

/** What the chosen jobs offered to their own machine, and what they offer to this one. */
function loadNote(given: Parameters, topology: Topology, chosen: Chosen): Note {
  const { header, jobs } = chosen;
  const processors = machineProcessors(header);
  const span = (jobs.at(-1)?.submitSeconds ?? 0) - (jobs[0]?.submitSeconds ?? 0);
  const own = jobs.reduce((sum, { size, runSeconds }) => sum + size * runSeconds, 0) / ((processors ?? 0) * span);
  const machine = capacityOf(topology);
  const drafts = draftsOf(given, topology, given.seed, chosen);
  const replayed = offeredLoad(drafts, machine);
  const of = processors === null ? "unknown, for its header names no MaxProcs" : `${shown(own)} of ${processors} processors`;
  const here = drafts.some(({ coresPerNode }) => coresPerNode !== undefined)
    ? `${machine.nodes * machine.coresPerNode} cores`
    : `${machine.nodes} whole nodes`;
  const text = `offered load of the log's ${jobs.length} jobs: ${of}; of the replay: ${shown(replayed)} of ${here}`;
  const differs = given.load === null && Number.isFinite(own) && Math.abs(replayed - own) > loadTolerance * own;
  if (!differs) return { level: "info", text };
  const remedy =
    given.mapping.kind === "cores" || (given.mapping.kind === "proportional" && given.mapping.unit === "cores")
      ? ""
      : "; mapping in cores lets jobs share nodes";
  return { level: "warn", text: `${text}: the mapping changes it${remedy}` };
}

/** Relative; rounding to cores changes less. */
const loadTolerance = 0.05;

const shown = (load: number) => (Number.isFinite(load) ? Number(load.toPrecision(3)).toString() : "unbounded, for all arrive at once,");

/** What each job takes. GPUs and memory are of each node, the same number on all. */
function shaper({ mapping, take }: Parameters, topology: Topology, header: SwfHeader, beside: ReadonlyMap<number, Beside>) {
  const taken: Mapper = mapper(mapping, topology, header);
  return (job: Runnable) => {
    const { nodes, gpus } = beside.get(job.number) ?? { nodes: null, gpus: null };
    const shape = taken(job.size, take.nodes ? (nodes ?? 1) : 1);
    if (shape === "leave-out" || "message" in shape) return shape;
    const memoryMiB = take.memory ? ((job.requestedMemoryKiB ?? 0) * job.size) / 1024 : 0;
    return {
      ...shape,
      memoryMiBPerNode: Math.ceil(memoryMiB / shape.nodes),
      gpusPerNode: take.gpus ? Math.ceil((gpus ?? 0) / shape.nodes) : 0,
    };
  };
}

function repeatedNumber(jobs: readonly SwfJob[]): SwfJob | undefined {
  const seen = new Set<number>();
  return jobs.find(({ number }) => seen.size === seen.add(number).size);
}

/** The n-th user to appear gets the n-th account, and after the last one the first again. */
function accounts(count: number): (user: number | null) => { user?: string } {
  const known = new Map<number | null, string>();
  return (user) => {
    if (count === 1) return {};
    const account = known.get(user) ?? userName(1 + (known.size % count));
    known.set(user, account);
    return { user: account };
  };
}

/** What the users asked for, in the log's seconds. */
function estimates(given: Parameters, uniform: Uniform): (job: Runnable) => number {
  const { walltime } = given;
  if (walltime.kind === "trace") return ({ requestedSeconds, runSeconds }) => Math.max(requestedSeconds ?? 0, runSeconds);
  const estimate = estimator(walltime, uniform);
  return ({ runSeconds }) => estimate(runSeconds);
}

/** Seconds after the first job's arrival, in the log's time. */
function arrivalsOf({ arrival }: Parameters, jobs: readonly Runnable[], uniform: Uniform): number[] {
  const begins = jobs[0]?.submitSeconds ?? 0;
  const own = jobs.map(({ submitSeconds }) => submitSeconds - begins);
  if (arrival.kind === "keep") return own;
  const drawn = arrivals(arrival, jobs.length, uniform);
  const stretch = (own.at(-1) ?? 0) / (drawn.at(-1) ?? 1);
  return drawn.map((seconds) => seconds * stretch);
}

/** What an excerpt holds. */
interface Chosen {
  readonly header: SwfHeader;
  readonly jobs: readonly Runnable[];
  readonly beside: ReadonlyMap<number, Beside>;
}

/** The jobs of an excerpt in order of submission, before their arrivals are shaken. */
function draftsOf(given: Parameters, topology: Topology, seed: number, { header, jobs: log, beside }: Chosen) {
  const uniform = uniforms(seed);
  const shape = shaper(given, topology, header, beside);
  const name = naming(given.take, header);
  const estimate = estimates(given, uniform.walltime);
  const account = accounts(given.users);
  const times = arrivalsOf(given, log, uniform.arrival);
  const compressed = (seconds: number) => seconds / given.timeCompression;
  const drafts = log.map((job, i): Draft & { readonly precedingJob: number | null } => {
    const [shaped, named] = [shape(job), name(job)];
    if (shaped === "leave-out" || "message" in shaped || "message" in named)
      throw new Error(`job ${job.number} of ${given.trace.path} does not fit the machine`);
    return {
      id: idOf(job.number),
      submitSeconds: compressed(times[i] ?? 0),
      ...shaped,
      runSeconds: milli(compressed(job.runSeconds)),
      estimateSeconds: compressed(estimate(job)),
      precedingJob: job.precedingJob,
      ...named,
      ...account(job.user),
    };
  });
  return given.load === null ? drafts : withLoad(drafts, capacityOf(topology), given.load);
}

function jobs(given: Parameters, topology: Topology, seed: number, excerpt?: string): Job[] {
  if (excerpt === undefined) throw new Error(`the jobs of ${given.trace.path} did not come with the request`);
  const { shake } = uniforms(seed);
  const reach = given.shakeSeconds / given.timeCompression;
  const { header, jobs: log } = parseSwf(excerpt);
  const chosen = { header, jobs: log.map((job) => runnable(job, sizeOf(job) ?? 0)), beside: besideOf(excerpt) };
  const shaken = draftsOf(given, topology, seed, chosen)
    .map((draft) => ({ ...draft, submitSeconds: Math.max(0, draft.submitSeconds + reach * (2 * shake() - 1)) }))
    .sort((a, b) => a.submitSeconds - b.submitSeconds);
  const place = new Map(shaken.map(({ id }, i) => [id, i]));
  const after = ({ precedingJob }: { readonly precedingJob: number | null }, i: number) => {
    const before = precedingJob === null || !given.dependencies ? undefined : place.get(idOf(precedingJob));
    return before !== undefined && before < i && precedingJob !== null ? [idOf(precedingJob)] : [];
  };
  return shaken.map((draft, i) => ({ ...draft, after: after(draft, i) })).map(drafted(topology, given));
}

const idOf = (number: number) => `t${number}`;

export const swf = {
  parameters,
  purpose: "stream",
  debianPackages: [],
  problems,
  reads,
  timeCompression: ({ timeCompression }) => timeCompression,
  jobs,
  figuresOfMerit: () => ({ valid: false, reason: "swf computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
