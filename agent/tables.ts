import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobEvent } from "../model/event.ts";
import { sha256 } from "../model/identity.ts";
import type { Outcome } from "../model/job.ts";
import { coresPerNode } from "../model/machine.ts";
import type { Table } from "../model/run.ts";
import { type JobTimes, leftSeconds, type Timeline } from "../model/timeline.ts";
import { results } from "./paths.ts";

/** Writes a run's tables to a fresh folder; the names are the files' names. */
export function writeTables(run: string, contents: Readonly<Record<string, string>>): Table[] {
  const folder = results(run);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return Object.entries(contents).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return { name, path, sha256: sha256(content) };
  });
}

/** Lines of a table that are text at the same time as the table itself: hundreds of thousands would double what it takes. */
const linesAtOnce = 5000;

function joined<Row>(rows: readonly Row[], line: (row: Row) => string): string {
  const parts: string[] = [];
  for (let i = 0; i < rows.length; i += linesAtOnce)
    parts.push(
      rows
        .slice(i, i + linesAtOnce)
        .map(line)
        .join(""),
    );
  return parts.join("");
}

/** One event a line, in order of time. */
export const eventsJsonl = (events: readonly JobEvent[]) =>
  joined(
    [...events].sort((a, b) => a.seconds - b.seconds),
    (event) => `${JSON.stringify(event)}\n`,
  );

/**
 * Columns of Batsim's jobs.csv in its order (https://batsim.readthedocs.io, "Jobs"), which evalys reads, then our own.
 * consumed_energy is empty, for no counter is read.
 */
const columns = [
  "job_id", "workload_name", "profile", "submission_time", "requested_number_of_resources", "requested_time", "success", "final_state",
  "starting_time", "execution_time", "finish_time", "waiting_time", "turnaround_time", "stretch", "allocated_resources", "consumed_energy",
  "metadata", "outcome", "user", "nominal_time", "cores_per_node", "due_time", "counted",
] as const; // biome-ignore format: a list

/** Batsim has no state for a job that was still there at the end: like one that we cancel, it was killed. */
const finalStates: Readonly<Record<Outcome, string>> = {
  completed: "COMPLETED_SUCCESSFULLY",
  failed: "COMPLETED_FAILED",
  timeout: "COMPLETED_WALLTIME_REACHED",
  cancelled: "COMPLETED_KILLED",
  "out of memory": "COMPLETED_KILLED",
  censored: "COMPLETED_KILLED",
};

/** What the table says beside the jobs' own times. */
export interface TableParts {
  readonly workload: string;
  /** In the topology's order. */
  readonly nodes: readonly string[];
  /** How many jobs at the beginning are in no per-job figure. */
  readonly warmUpJobs: number;
}

/**
 * Times in seconds after the first submission; resources are nodes, numbered from 0 in the topology's order. A job that
 * ran at the cut-off is finished there, as Batsim has jobs that it kills; `outcome` tells it from others. A job that never
 * started has no times of its own. `counted`: whether it is in the per-job figures, 0 for the warm-up.
 */
export function jobsCsv({ jobs, endSeconds }: Timeline, { workload, nodes, warmUpJobs }: TableParts): string {
  const origin = jobs.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  const warmUp = new Set(jobs.slice(0, warmUpJobs));
  const numbers = new Map(nodes.map((name, i) => [name, i]));
  return `${columns.join(",")}\n${joined(jobs, (row) => `${[...rowOf(row, origin, endSeconds, workload, numbers), warmUp.has(row) ? 0 : 1].join(",")}\n`)}`;
}

function rowOf(row: JobTimes, origin: number, endSeconds: number, workload: string, numbers: ReadonlyMap<string, number>) {
  const { job, outcome, submit, started, nodes } = row;
  const finished = started === null ? null : leftSeconds(row, endSeconds);
  const difference = (a: number | null, b: number | null) => (a === null || b === null ? "" : (a - b).toFixed(6));
  const execution = started === null || finished === null ? 0 : finished - started;
  return [
    quoted(job.id),
    workload,
    job.body.kind,
    difference(submit, origin),
    job.nodes,
    job.walltimeSeconds,
    outcome === "completed" ? 1 : 0,
    finalStates[outcome],
    difference(started, origin),
    difference(finished, started),
    difference(finished, origin),
    difference(started, submit),
    difference(finished, submit),
    finished === null || execution <= 0 ? "" : ((finished - submit) / execution).toFixed(6),
    intervals(nodes.map((node) => numbers.get(node) ?? -1).filter((number) => number >= 0)),
    "",
    "",
    outcome,
    quoted(job.user ?? ""),
    job.runSeconds ?? "",
    coresPerNode(job),
    difference(row.due, origin),
  ];
}

/** RFC 4180. */
const quoted = (cell: string) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** 0 1 2 5 → `0-2 5`, as procset writes intervals. */
function intervals(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");
}
