import { type SwfJob, swfLine } from "../model/swf.ts";
import type { LogJob } from "./log-job.ts";
import type { LogMachine } from "./sizes.ts";

/** What the header of a trace says of its origin. */
export interface TraceOrigin {
  /** Of the stack. */
  readonly name: string;
  readonly machine: LogMachine;
  /** Word for the scheduler: Slurm. */
  readonly scheduler: string;
}

/** Jobs in order of submission as a log in the Standard Workload Format, and a table of what that format cannot hold; in lines with their ends. */
export interface Trace {
  swf(): Generator<string>;
  table(): Generator<string>;
}

/** Numbers of names, in the order in which they first appear, from 1 on; none for an empty one. */
function numbering() {
  const numbers = new Map<string, number>();
  return {
    of: (name: string): number | null => {
      if (name === "") return null;
      const own = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, own);
      return own;
    },
    names: () => [...numbers],
  };
}

/** Columns of the table; the number is the trace's own. */
const columns = [
  "number",
  "job",
  "nodes",
  "cpus",
  "gpus",
  "gpu_type",
  "memory_mib",
  "user",
  "account",
  "queue",
  "partition",
  "name",
  "state",
] as const;

/** @param jobs in order of submission */
export function traceOf(jobs: readonly LogJob[], { name, machine, scheduler }: TraceOrigin): Trace {
  const [users, accounts, names, queues, partitions] = [numbering(), numbering(), numbering(), numbering(), numbering()];
  for (const job of jobs) {
    queues.of(job.queue);
    partitions.of(job.partition);
  }
  const begin = Math.floor(jobs[0]?.submitSeconds ?? 0);

  function swfJob(job: LogJob, i: number): SwfJob {
    const { submitSeconds, startSeconds, runSeconds, cpus, memoryMiB } = job;
    const ran = startSeconds !== null && runSeconds !== null;
    return {
      number: i + 1,
      submitSeconds: rounded(submitSeconds - begin),
      waitSeconds: startSeconds === null ? null : rounded(startSeconds - submitSeconds),
      runSeconds: ran ? rounded(runSeconds) : null,
      processors: ran ? cpus : null,
      cpuSeconds: null,
      memoryKiB: null,
      requestedProcessors: cpus,
      requestedSeconds: job.limitSeconds,
      requestedMemoryKiB: memoryMiB === null || cpus === null ? null : Math.ceil((1024 * memoryMiB) / cpus),
      status: job.status,
      user: users.of(job.user),
      group: accounts.of(job.account),
      executable: names.of(job.name),
      queue: queues.of(job.queue),
      partition: partitions.of(job.partition),
      precedingJob: null,
      thinkSeconds: null,
    };
  }

  return {
    *swf() {
      yield* [
        "; Version: 2.2\n",
        `; Computer: ${commentText(name)}, of a log of ${scheduler}\n`,
        `; MaxJobs: ${jobs.length}\n`,
        `; MaxRecords: ${jobs.length}\n`,
        `; UnixStartTime: ${begin}\n`,
        `; MaxNodes: ${machine.nodes}\n`,
        `; MaxProcs: ${machine.cpus}\n`,
      ];
      for (const [label, { names }] of [
        ["Queue", queues],
        ["Partition", partitions],
      ] as const)
        for (const [text, number] of names()) yield `; ${label}: ${number} ${commentText(text)}\n`;
      for (const [i, job] of jobs.entries()) yield `${swfLine(swfJob(job, i))}\n`;
    },
    *table() {
      yield `${columns.join(",")}\n`;
      for (const [i, job] of jobs.entries())
        yield `${[
          ...[i + 1, cell(job.id), job.nodes ?? "", job.cpus ?? "", job.gpus ?? "", cell(job.gpuType ?? ""), job.memoryMiB ?? ""],
          ...[cell(job.user), cell(job.account), cell(job.queue), cell(job.partition), cell(job.name), cell(job.state)],
        ].join(",")}\n`;
    },
  };
}

const rounded = (seconds: number) => Math.max(0, Math.round(seconds * 1000) / 1000);

const commentText = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").slice(0, 200);

/** RFC 4180. */
const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
