import type { EventName } from "../../../model/event.ts";
import type { Outcome } from "../../../model/job.ts";
import { hostlist } from "../../hostlist.ts";

/** Slurm's two records (Slurm 24.11), by Slurm's own job number. Times have no zone: both are this machine's local time. */

export interface ControllerEvent {
  readonly number: number;
  readonly event: EventName;
  readonly seconds: number;
}

/**
 * Lines of slurmctld's log with LogTimeFormat=iso8601_ms. `cleaned`, when the nodes are free again, is there with
 * SlurmctldDebug=verbose and DebugFlags=TraceJobs only, and so is the end of a job that was cancelled or met its time limit.
 */
const patterns: readonly (readonly [EventName, RegExp])[] = [
  ["submit", /\b_slurm_rpc_submit_batch_job: JobId=(\d+) /],
  ["allocated", /\bAllocate JobId=(\d+) /],
  ["allocated", /\b_start_job: Started JobId=(\d+) /],
  ["ended", /\b_job_complete: JobId=(\d+) done$/],
  ["ended", /\bdeallocate_nodes: JobId=(\d+)$/],
  ["cleaned", /\bcleanup_completing: JobId=(\d+)$/],
];

/** The event that one line of the controller's log tells of; null for every other line. */
export function parseControllerLine(line: string): ControllerEvent | null {
  const stamp = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\] /.exec(line);
  if (stamp?.[1] === undefined) return null;
  for (const [event, pattern] of patterns) {
    const match = pattern.exec(line);
    if (match !== null) return { number: Number(match[1]), event, seconds: Date.parse(stamp[1]) / 1000 };
  }
  return null;
}

/** How a job ended. */
export interface Completion {
  readonly number: number;
  readonly name: string;
  readonly outcome: Outcome;
  readonly nodes: readonly string[];
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** In whole seconds. */
  readonly endSeconds: number;
}

/** JobState of squeue(1); what the list lacks is a failure of the job or of a node. */
const outcomes: Readonly<Record<string, Outcome>> = {
  COMPLETED: "completed",
  TIMEOUT: "timeout",
  DEADLINE: "timeout",
  OUT_OF_MEMORY: "out of memory",
  CANCELLED: "cancelled",
  PREEMPTED: "cancelled",
};

/** One line of jobcomp/filetxt: `JobId=3 … Name=s3 JobState=FAILED … NodeList=cn1 … ExitCode=3:0`. Null if it is none, or cut short. */
export function parseCompletion(line: string): Completion | null {
  const fields = new Map([...line.matchAll(/(\w+)=(\S*)/g)].map(([, key = "", value = ""]) => [key, value]));
  const [number, name, state, nodes, exit, end] = ["JobId", "Name", "JobState", "NodeList", "ExitCode", "EndTime"].map((key) =>
    fields.get(key),
  );
  if (number === undefined || name === undefined || state === undefined || nodes === undefined || exit === undefined || end === undefined)
    return null;
  const [code, signal] = exit.split(":").map(Number);
  return {
    number: Number(number),
    name,
    outcome: outcomes[state] ?? "failed",
    nodes: hostlist(nodes),
    exitCode: signal === 0 && code !== undefined ? code : null,
    endSeconds: Date.parse(end) / 1000,
  };
}
