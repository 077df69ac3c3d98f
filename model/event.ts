/** What happens to a job, in this order; a scheduler may leave some out. */
export const eventNames = ["submit", "eligible", "allocated", "started", "ended", "cleaned"] as const;
export type EventName = (typeof eventNames)[number];

/** One moment in a job's life, whichever scheduler it went through. */
export interface JobEvent {
  readonly job: string;
  readonly event: EventName;
  /** Since the epoch, in seconds. */
  readonly seconds: number;
  /** Who read the clock: the driver on the head node, the scheduler's own record, or the job on its node. */
  readonly clock: "driver" | "scheduler" | "job";
  /** Smallest difference that this clock's record can show, in seconds: 1 for records of whole seconds. */
  readonly precisionSeconds: number;
}

/** What the scheduler's records say of one job in the end. */
export interface JobEnd {
  readonly job: string;
  readonly outcome: import("./job.ts").Outcome;
  /** Names of the nodes that it ran on; empty if it never started. */
  readonly nodes: readonly string[];
  readonly exitCode: number | null;
}
