import * as z from "zod";
import type { Problem } from "../problem.ts";
import { numberedName, type SwfHeader, type SwfJob } from "../swf.ts";

/** What of a log's own its jobs ask for again. */

const field = z.enum(["partition", "queue"]);
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/);

export const take = z
  .strictObject({
    queue: field.optional().describe("The log's field that a job's partition or queue is taken from, by its name in the header."),
    qos: field.optional().describe("The log's field that a job's QOS is taken from (Slurm): queue, in a log that `import` wrote."),
    rename: z
      .record(z.string().min(1).max(200), name)
      .optional()
      .describe("Another name for one of the log's, or for a number that its header does not name."),
    memory: z.boolean().optional().describe("The memory that it requested for each processor."),
    nodes: z.boolean().optional().describe("On how many nodes it ran, by trace.table; as few as hold it where the table does not say."),
    gpus: z.boolean().optional().describe("Its GPUs, by trace.table, rounded up to the same number on each node."),
  })
  .prefault({})
  .describe("What else of the log its jobs ask for: partition, QOS, memory, nodes, GPUs. `queues` gives the former two by share instead.");

export type Take = z.output<typeof take>;

const labels = { partition: "Partition", queue: "Queue" } as const;

/** The partition and QOS that a job names, where the log says and they are taken. */
export interface Named {
  readonly queue?: string;
  readonly qos?: string;
}

/** Names by the header; a number that nothing names is a problem. */
export function naming({ queue, qos, rename = {} }: Take, header: SwfHeader): (job: SwfJob) => Named | Problem {
  const known = { partition: new Map<number, string>(), queue: new Map<number, string>() };
  const nameOf = (from: z.output<typeof field>, job: SwfJob): string | null | Problem => {
    const number = job[from];
    if (number === null) return null;
    const before = known[from].get(number);
    if (before !== undefined) return before;
    const own = numberedName(header, labels[from], number);
    const found = (own === null ? undefined : ownValue(rename, own)) ?? ownValue(rename, String(number)) ?? own;
    if (found === null)
      return {
        path: ["take", "rename"],
        message: `has no "${number}", the ${from} of job ${job.number}, which the log's header does not name`,
      };
    known[from].set(number, found);
    return found;
  };
  return (job) => {
    const partition = queue === undefined ? null : nameOf(queue, job);
    const service = qos === undefined ? null : nameOf(qos, job);
    if (isProblem(partition)) return partition;
    if (isProblem(service)) return service;
    return { ...(partition === null ? {} : { queue: partition }), ...(service === null ? {} : { qos: service }) };
  };
}

const isProblem = (value: unknown): value is Problem => typeof value === "object" && value !== null;

const ownValue = (names: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(names, key) ? names[key] : undefined);
