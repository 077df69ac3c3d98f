import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import Papa from "papaparse";
import * as z from "zod";
import { jsonIn, readForeignFile, UnreadableFile } from "../../analysis/foreign-file.ts";
import { fileDigest } from "../../components/file-digest.ts";
import { InvalidInput, parse } from "../../model/problem.ts";
import { parseRecord, type TrialRecord } from "../../model/record.ts";
import { MalformedSwf, SwfReader } from "../../model/swf.ts";
import { checked, checkText, type Logged, type Replayed } from "../check.ts";
import { logFigures } from "../figures.ts";
import { sizeClass } from "../sizes.ts";
import { logText, regularFile } from "./common.ts";

export interface CheckOptions {
  readonly record: string;
  /** The imported trace, `traces/<name>.swf`, with what stands beside it. */
  readonly trace: string;
  readonly json?: boolean;
}

const mostRecordBytes = 64 << 20;
const mostTableBytes = 512 << 20;

/** What of a record's workload says how its times are to be read. */
const replayed = z.looseObject({
  kind: z.literal("swf"),
  trace: z.looseObject({ sha256: z.string().optional() }),
  timeCompression: z.number().positive(),
  load: z.number().nullable().optional(),
  shakeSeconds: z.number().optional(),
  arrival: z.looseObject({ kind: z.string() }).optional(),
});

/** Compares a replay's waits with the log's own. @returns what to print @throws InvalidInput */
export async function check({ record: file, trace, json = false }: CheckOptions): Promise<string> {
  const record = parseRecord(foreignJson(file));
  const workloads = record.tuple.workloads.map((workload) => replayed.safeParse(workload)).filter(({ success }) => success);
  const [workload] = workloads.map(({ data }) => data);
  if (workload === undefined) throw refused(`${file} has no workload that replays a trace`);
  if (workloads.length > 1) throw refused(`${file} replays ${workloads.length} traces: check the record of a stack that replays one`);
  const digest = fileDigest(regularFile("--trace", trace));
  if (workload.trace.sha256 !== undefined && workload.trace.sha256 !== digest)
    throw refused(`${trace} is not the trace that was replayed: its sha256 is ${digest}, the record's ${workload.trace.sha256}`);
  const compression = workload.timeCompression;
  const found = checked(await loggedJobs(trace), replayedJobs(record, file, compression));
  return json ? `${JSON.stringify(found, null, 2)}\n` : checkText(found, cautionsOf(record, workload));
}

function cautionsOf({ validity }: TrialRecord, { load, shakeSeconds = 0, arrival }: z.output<typeof replayed>): string[] {
  const own = (load ?? null) === null && shakeSeconds === 0 && (arrival?.kind ?? "keep") === "keep";
  return [
    ...(validity.valid
      ? []
      : [
          `the trial is invalid: ${validity.doubts
            .filter(({ severity }) => severity === "invalid")
            .map(({ message }) => message)
            .join("; ")}`,
        ]),
    ...(own ? [] : ["the replay's arrivals are not the log's own (load, arrival or shakeSeconds), so waits differ for that alone"]),
  ];
}

const refused = (message: string) => new InvalidInput("check", [{ path: [], message }]);

function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFile) throw refused(`${path}: ${error.message}`);
    throw error;
  }
}

const foreign = (path: string, mostBytes: number) => named(path, () => readForeignFile(path, { mostBytes, followsLinks: true }).toString());
const foreignJson = (path: string) => named(path, () => jsonIn(readForeignFile(path, { mostBytes: mostRecordBytes, followsLinks: true })));

/** What the log says of each job, by its number in the trace. */
async function loggedJobs(trace: string): Promise<Map<number, Logged>> {
  const beside = (ending: string) => trace.replace(/\.swf$/, ending);
  const figures = parse("figures", logFigures, foreignJson(beside(".figures.json")));
  const sizes = new Map<number, { readonly sizeClass: string; readonly partition: string }>();
  for (const row of rowsOf(foreign(beside(".jobs.csv"), mostTableBytes))) {
    const number = (name: string) => (row[name] === undefined || row[name] === "" ? null : Number(row[name]));
    sizes.set(Number(row.number), {
      sizeClass: sizeClass({ nodes: number("nodes"), cpus: number("cpus") }, figures.machine),
      partition: row.partition ?? "",
    });
  }
  const logged = new Map<number, Logged>();
  const reader = new SwfReader(({ number, waitSeconds, runSeconds }) => {
    const own = sizes.get(number);
    if (own !== undefined && waitSeconds !== null && runSeconds !== null) logged.set(number, { waitSeconds, runSeconds, ...own });
  });
  try {
    for await (const piece of logText("--trace", trace)) reader.push(piece);
    reader.end();
  } catch (error) {
    if (error instanceof MalformedSwf) throw refused(`${trace}, ${error.message}`);
    throw error;
  }
  return logged;
}

const rowsOf = (text: string) => Papa.parse<Record<string, string | undefined>>(text, { header: true, skipEmptyLines: true }).data;

/** Every repetition's jobs, but for the warm-up: waits from when a job was due to its first instruction. */
function replayedJobs({ runs }: TrialRecord, recordFile: string, compression: number): Replayed[] {
  const tables = runs.flatMap(({ run }) =>
    run.workload === "swf" && run.mode === "scheduler" ? run.tables.filter(({ name }) => name === "jobs.csv") : [],
  );
  if (tables.length === 0) throw refused(`${recordFile} has no table of replayed jobs`);
  return tables.flatMap(({ path, sha256 }) => {
    const text = tableText(recordFile, path);
    if (createHash("sha256").update(text).digest("hex") !== sha256) throw refused(`${path} is not the table that the record was made from`);
    return rowsOf(text).flatMap((row): Replayed[] => {
      const number = /^t(\d+)$/.exec(row.job_id ?? "")?.[1];
      if (number === undefined || row.counted === "0") return [];
      const [start, due] = [row.starting_time ?? "", row.due_time || row.submission_time || ""];
      const wait = start === "" || due === "" ? null : compression * Math.max(0, Number(start) - Number(due));
      return [{ number: Number(number), waitSeconds: wait === null || Number.isNaN(wait) ? null : wait }];
    });
  });
}

/** Beside the record, wherever the results were copied to, or at the path as it was written. */
function tableText(recordFile: string, path: string): string {
  const near = join(dirname(recordFile), basename(dirname(path)), basename(path));
  try {
    return readForeignFile(near, { mostBytes: mostTableBytes }).toString();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return foreign(path, mostTableBytes);
  }
}
