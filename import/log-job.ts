import { flat } from "./times.ts";

/** How a job ended, as a trace knows it; null where it had not, or its log does not say. */
export type LogStatus = "completed" | "failed" | "cancelled" | null;

/** One job of a site's log, whatever scheduler wrote it. Times in seconds since 1970; null where the log does not say. */
export interface LogJob {
  /** The scheduler's own. */
  readonly id: string;
  readonly submitSeconds: number;
  /** Null: it never started. */
  readonly startSeconds: number | null;
  /** Null: it never started, or had not ended. */
  readonly runSeconds: number | null;
  readonly nodes: number | null;
  /** Logical processors, of all nodes together. */
  readonly cpus: number | null;
  /** Of all nodes together. */
  readonly gpus: number | null;
  readonly gpuType: string | null;
  /** Of all nodes together. */
  readonly memoryMiB: number | null;
  /** Null: unlimited, or not said. */
  readonly limitSeconds: number | null;
  readonly status: LogStatus;
  /** The scheduler's own word for how it ended. */
  readonly state: string;
  readonly user: string;
  readonly account: string;
  readonly partition: string;
  /** Quality of service, or the queue where the scheduler has queues beside partitions. */
  readonly queue: string;
  readonly name: string;
}

/** One string for each name: a log has a million jobs, and a thousand users. */
export function interning(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const own = flat(text);
    known.set(own, own);
    return own;
  };
}
