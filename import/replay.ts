import { mostUsers } from "../model/stream/users.ts";
import { asksOf, notesOfAsks, type Site } from "./asks.ts";
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
 * The workload that replays a trace: its first week, each job with the cores, nodes, memory, GPUs and partition that it had, as far as
 * the stack knows them. Notes what of the jobs a replay cannot use.
 * @param jobs in order of submission
 */
export function replayOf(
  jobs: readonly LogJob[],
  machine: LogMachine,
  trace: { path: string; sha256: string; table: { path: string; sha256: string } },
  site: Site,
  ledger: Ledger,
) {
  const ran = jobs.filter(hasRun);
  const begin = jobs[0]?.submitSeconds ?? 0;
  const inWindow = ran.filter(({ submitSeconds }) => submitSeconds - begin < windowSeconds).length;
  const users = new Set(ran.map(({ user }) => user)).size;
  const asks = asksOf(ran, site);
  notes(ran, machine, users, ledger);
  notesOfAsks(ran, asks, ledger);
  const select = {
    ...(ran.some(({ submitSeconds }) => submitSeconds - begin >= windowSeconds) && inWindow > 0 ? { toSeconds: windowSeconds } : {}),
    ...(Math.min(inWindow || ran.length, ran.length) > mostJobs ? { jobs: mostJobs } : {}),
  };
  return {
    kind: "swf",
    trace,
    ...(Object.keys(select).length > 0 ? { select } : {}),
    mapping: { kind: "cores", ...(asks.threads > 1 ? { processorsPerCore: asks.threads } : {}), tooLarge: "cut" },
    take: asks.take,
    neverRun: "leave-out",
    users: Math.max(1, Math.min(mostUsers, users)),
    timeCompression,
  };
}

function notes(ran: readonly LogJob[], machine: LogMachine, users: number, ledger: Ledger): void {
  const count = (fits: (job: LogJob) => boolean) => ran.filter(fits).length;
  ledger.taken(`${ran.length} jobs that ran: their submission, run time, processors, limit and user`);
  const unlimited = count(({ limitSeconds }) => limitSeconds === null);
  if (unlimited > 0) ledger.changed(`${unlimited} jobs without a limit`, "their run time is their limit");
  const large = count((job) => wholeNodes(job, machine) > machine.nodes);
  if (large > 0) ledger.changed(`${large} jobs larger than the machine`, `get all of its ${machine.nodes} nodes`);
  if (users > mostUsers) ledger.changed(`${users} users`, `share ${mostUsers} accounts in turn`);
}
