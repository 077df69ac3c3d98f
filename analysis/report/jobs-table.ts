import Papa from "papaparse";
import * as z from "zod";
import { sha256 } from "../../model/identity.ts";
import { InvalidInput, parse, quote } from "../../model/problem.ts";
import { readForeignFile, reasonFor, UnreadableFile } from "../foreign-file.ts";
import type { JobRow } from "./analysis.ts";
import { intervalsOf, nodesIn } from "./occupancy.ts";

/** A quarter of a million jobs. */
const mostBytes = 32 << 20;

const decimal = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)?$/i;

/** A century, so that no sum overflows. */
const seconds = z
  .string()
  .max(40)
  .regex(decimal, "is not a number of seconds")
  .transform((text) => (text === "" ? null : Number(text)))
  .refine((value) => value === null || Math.abs(value) <= 3.2e9, "is not within a hundred years");

const row = z.looseObject({
  job_id: z.string().min(1).max(200),
  submission_time: seconds,
  requested_number_of_resources: z
    .string()
    .max(40)
    .regex(/^\d{1,7}$/, "is not a number of nodes, up to 7 digits")
    .transform(Number),
  requested_time: seconds,
  final_state: z.string().max(100),
  starting_time: seconds,
  finish_time: seconds,
  allocated_resources: z.string().regex(/^(\d{1,7}(-\d{1,7})?(\s+|$))*$/, "is not a list of intervals of nodes, like 0-2 5"),
  nominal_time: seconds.optional(),
  cores_per_node: z
    .string()
    .max(40)
    .regex(/^(\d{1,7})?$/, "is not a number of cores, up to 7 digits")
    .transform((text) => (text === "" ? null : Number(text)))
    .optional(),
  /** Tables of before there were these have neither. */
  due_time: seconds.optional(),
  counted: z.enum(["0", "1"]).optional(),
  user: z.string().max(200).optional(),
  queue: z.string().max(200).optional(),
});

const measured = ({ starting_time, finish_time }: z.output<typeof row>) =>
  starting_time === null || finish_time === null ? null : finish_time - starting_time;

/**
 * Jobs in the columns of Batsim's jobs.csv, or why they cannot be used. Times in seconds after the first submission.
 * @param files where it may be: the first that is there
 * @param nodeCount nodes of the topology, which are numbered from 0
 */
export function readJobs(files: readonly string[], digest: string, nodeCount: number): readonly JobRow[] | { readonly reason: string } {
  try {
    const content = firstOf(files);
    if (sha256(content) !== digest) return { reason: "the table is not the one that the record was made from: its sha256 differs" };
    const { data } = Papa.parse(content.toString("utf8"), { header: true, skipEmptyLines: true });
    const jobs = parse("table", z.array(row), data, { values: Number.POSITIVE_INFINITY, levels: 3 });
    return jobs.map((job, i) => {
      const on = intervalsOf(job.allocated_resources);
      if (nodesIn(on) > nodeCount || on.some(([from, to]) => to < from || to >= nodeCount))
        throw new InvalidInput("table", [
          { path: [i, "allocated_resources"], message: `${quote(job.allocated_resources)} is not of the nodes 0 to ${nodeCount - 1}` },
        ]);
      return {
        id: job.job_id,
        due: job.due_time ?? job.submission_time ?? 0,
        submit: job.submission_time ?? 0,
        isCounted: job.counted !== "0",
        start: job.starting_time,
        end: job.finish_time,
        runSeconds: job.nominal_time ?? measured(job) ?? job.requested_time,
        nodes: job.requested_number_of_resources,
        coresPerNode: job.cores_per_node ?? null,
        on: job.allocated_resources,
        state: job.final_state,
        ...(job.user ? { user: job.user } : {}),
        ...(job.queue ? { queue: job.queue } : {}),
      };
    });
  } catch (problem) {
    return { reason: reasonFor(problem) };
  }
}

/** Of the first file that is there; of a link, a pipe or the like the reason, too. */
function firstOf(files: readonly string[]): Buffer {
  let absent: unknown;
  for (const file of files) {
    try {
      return readForeignFile(file, { mostBytes });
    } catch (problem) {
      absent ??= problem;
    }
  }
  throw absent ?? new UnreadableFile("there is no such file");
}
