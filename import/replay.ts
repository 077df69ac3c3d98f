import { mostUsers } from "../model/stream/users.ts";
import type { LogFigures } from "./figures.ts";
import { hasRun } from "./figures.ts";
import type { Ledger } from "./ledger.ts";
import type { LogJob } from "./log-job.ts";
import { type LogMachine, wholeNodes } from "./sizes.ts";

/** A week shows what a day and a weekend do, and at this compression takes three hours. */
const windowSeconds = 604_800;
const timeCompression = 60;

/** Jobs that a run of a workload takes. */
const mostJobs = 100_000;

/**
 * The workload that replays a trace: its first week, a job's nodes from its processors. Notes what of the jobs a replay cannot use.
 * @param jobs in order of submission
 */
export function replayOf(
  jobs: readonly LogJob[],
  machine: LogMachine,
  figures: LogFigures,
  trace: { path: string; sha256: string },
  ledger: Ledger,
) {
  const ran = jobs.filter(hasRun);
  const begin = jobs[0]?.submitSeconds ?? 0;
  const inWindow = ran.filter(({ submitSeconds }) => submitSeconds - begin < windowSeconds).length;
  const users = new Set(ran.map(({ user }) => user)).size;
  notes(ran, machine, figures, users, ledger);
  const select = {
    ...(ran.some(({ submitSeconds }) => submitSeconds - begin >= windowSeconds) && inWindow > 0 ? { toSeconds: windowSeconds } : {}),
    ...(Math.min(inWindow || ran.length, ran.length) > mostJobs ? { jobs: mostJobs } : {}),
  };
  return {
    kind: "swf",
    trace,
    ...(Object.keys(select).length > 0 ? { select } : {}),
    mapping: { kind: "nodes", processorsPerNode: machine.cpusPerNode, tooLarge: "cut" },
    users: Math.max(1, Math.min(mostUsers, users)),
    timeCompression,
  };
}

function notes(
  ran: readonly LogJob[],
  machine: LogMachine,
  { belowNodeShare, offeredLoad, wholeNodeLoad }: LogFigures,
  users: number,
  ledger: Ledger,
): void {
  const count = (fits: (job: LogJob) => boolean) => ran.filter(fits).length;
  const note = (jobs: number, what: string, why: string) => {
    if (jobs > 0) ledger.leftOut(`${what} of ${jobs} jobs`, why);
  };
  ledger.taken(`${ran.length} jobs that ran: their submission, run time, processors, limit and user`);
  note(
    count(({ partition }) => partition !== ""),
    "the partition",
    "kept in the trace, but a replayed job goes to the default partition",
  );
  note(
    count(({ queue }) => queue !== ""),
    "the quality of service or queue",
    "kept in the trace, but a replayed job names none",
  );
  note(
    count(({ gpus }) => (gpus ?? 0) > 0),
    "the GPUs",
    "kept in the trace's table, but a replayed job asks for none",
  );
  note(
    count(({ memoryMiB }) => memoryMiB !== null),
    "the memory",
    "kept in the trace, but a replayed job asks for none",
  );
  note(
    count(({ account }) => account !== ""),
    "the account",
    "kept in the trace, but a replayed job has none",
  );
  const unlimited = count(({ limitSeconds }) => limitSeconds === null);
  if (unlimited > 0) ledger.changed(`${unlimited} jobs without a limit`, "their run time is their limit");
  const large = count((job) => wholeNodes(job, machine) > machine.nodes);
  if (large > 0) ledger.changed(`${large} jobs larger than the machine`, `get all of its ${machine.nodes} nodes`);
  if ((belowNodeShare ?? 0) > 0)
    ledger.changed(
      `${((belowNodeShare ?? 0) * 100).toFixed(1)} % of the jobs are below a node`,
      `each takes a whole one: the offered load of ${offeredLoad?.toFixed(3) ?? "?"} becomes ${wholeNodeLoad?.toFixed(3) ?? "?"}`,
    );
  if (users > mostUsers) ledger.changed(`${users} users`, `share ${mostUsers} accounts in turn`);
}
