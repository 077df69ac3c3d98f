import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobEvent } from "../model/event.ts";
import type { Outcome } from "../model/job.ts";
import type { Table } from "../model/run.ts";
import type { JobTimes, Timeline } from "../model/timeline.ts";
import { results } from "./paths.ts";

export const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

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

/** One event a line, in order of time. */
export const eventsJsonl = (events: readonly JobEvent[]) =>
  events
    .toSorted((a, b) => a.seconds - b.seconds)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join("");

/** Columns of Batsim's jobs.csv (https://batsim.readthedocs.io, "Schedule-centric outputs"), which evalys reads. */
const columns = [
  "job_id", "workload_name", "profile", "submission_time", "requested_number_of_resources", "requested_time", "success", "final_state",
  "starting_time", "execution_time", "finish_time", "waiting_time", "turnaround_time", "stretch", "allocated_resources",
] as const; // biome-ignore format: a list

const finalStates: Readonly<Record<Outcome, string>> = {
  completed: "COMPLETED_SUCCESSFULLY",
  failed: "COMPLETED_FAILED",
  timeout: "COMPLETED_WALLTIME_REACHED",
  cancelled: "COMPLETED_KILLED",
  censored: "COMPLETED_KILLED",
};

/**
 * Times in seconds after the first submission; resources are nodes, numbered from 0 in the topology's order.
 * A job that never started has no times of its own, and is told from others by an empty starting_time.
 */
export function jobsCsv({ jobs }: Timeline, workload: string, nodes: readonly string[]): string {
  const origin = jobs.reduce((least, { submit }) => Math.min(least, submit), Number.POSITIVE_INFINITY);
  return [columns.join(","), ...jobs.map((row) => rowOf(row, origin, workload, nodes).join(","))].join("\n").concat("\n");
}

function rowOf(
  { job, outcome, submit, started, ended, nodes: ranOn }: JobTimes,
  origin: number,
  workload: string,
  nodes: readonly string[],
) {
  const difference = (a: number | null, b: number | null) => (a === null || b === null ? "" : (a - b).toFixed(6));
  const turnaround = ended === null ? null : ended - submit;
  const execution = started === null || ended === null ? null : ended - started;
  return [
    job.id,
    workload,
    job.body.kind,
    difference(submit, origin),
    job.nodes,
    job.walltimeSeconds,
    outcome === "completed" ? 1 : 0,
    finalStates[outcome],
    difference(started, origin),
    difference(ended, started),
    difference(ended, origin),
    difference(started, submit),
    difference(ended, submit),
    turnaround === null || execution === null || execution === 0 ? "" : (turnaround / execution).toFixed(6),
    intervals(ranOn.map((node) => nodes.indexOf(node)).filter((i) => i >= 0)),
  ];
}

/** 0 1 2 5 → `0-2 5`, as procset writes intervals. */
function intervals(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");
}
