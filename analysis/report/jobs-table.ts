import { readFileSync } from "node:fs";
import Papa from "papaparse";
import * as z from "zod";
import { sha256 } from "../../model/identity.ts";
import type { JobRow } from "./analysis.ts";

const seconds = z
  .string()
  .transform((text) => (text === "" ? null : Number(text)))
  .refine((value) => value === null || Number.isFinite(value), "is not a number");

const row = z.looseObject({
  job_id: z.string().min(1),
  submission_time: seconds,
  requested_number_of_resources: z.coerce.number().min(0),
  requested_time: seconds,
  final_state: z.string(),
  starting_time: seconds,
  finish_time: seconds,
  allocated_resources: z.string().regex(/^[\d\s-]*$/, "is not a list of intervals"),
  nominal_time: seconds.optional(),
});

const measured = ({ starting_time, finish_time }: z.output<typeof row>) =>
  starting_time === null || finish_time === null ? null : finish_time - starting_time;

/** Jobs in the columns of Batsim's jobs.csv, or why they cannot be used. Times in seconds after the first submission. */
export function readJobs(file: string, digest: string): readonly JobRow[] | { readonly reason: string } {
  try {
    const content = readFileSync(file);
    if (sha256(content) !== digest) return { reason: "the table is not the one that the record was made from: its sha256 differs" };
    const { data } = Papa.parse(content.toString("utf8"), { header: true, skipEmptyLines: true });
    const parsed = z.array(row).safeParse(data);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { reason: `${issue?.path.join(".")}: ${issue?.message}` };
    }
    return parsed.data.map((job) => ({
      id: job.job_id,
      submit: job.submission_time ?? 0,
      start: job.starting_time,
      end: job.finish_time,
      runSeconds: job.nominal_time ?? measured(job) ?? job.requested_time,
      nodes: job.requested_number_of_resources,
      on: job.allocated_resources,
      state: job.final_state,
    }));
  } catch (error) {
    return { reason: (error as Error).message };
  }
}
