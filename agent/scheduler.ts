import type { JobEnd, JobEvent } from "../model/event.ts";
import type { Job } from "../model/job.ts";
import type { DaemonUse } from "../model/metrics/control-plane-use.ts";
import type { Scheduler } from "../model/schedulers/index.ts";
import type { Topology } from "../model/topology.ts";

/** What a scheduler's records say of a run so far. */
export interface Records {
  readonly events: readonly JobEvent[];
  readonly ends: readonly JobEnd[];
}

/** How far a run is, from the records alone, so that looking costs the scheduler nothing. */
export interface Progress {
  readonly running: number;
  readonly ended: number;
}

/** Where a job must run, if that matters. */
export interface Place {
  /** As many as the job asks for. */
  readonly nodes: readonly string[];
  /** The partition or queue to name, where they are not in the one that jobs go to that name none. */
  readonly queue?: string | undefined;
}

/** One kind of scheduler, as the agent drives it. */
export interface SchedulerAdapter {
  /** Its whole configuration as it runs, by its own names, without what changes by itself; and its version. */
  effectiveConfiguration(): Promise<{ version: string; effective: Record<string, string> }>;
  /** What differs between the settings that were asked for and those that it runs with, one sentence each, both values in it. */
  differences(expected: Readonly<Record<string, string>>, effective: Readonly<Record<string, string>>): string[];
  /** What was asked in the form in which it prints it, where only it knows that; without what it never prints. */
  normalForms?(expected: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** What its log, since its start, says of a configuration that it does not follow, in its own words. */
  complaints?(): Promise<readonly string[]>;
  /** Nodes that cannot take a job now, with its own reason; those that it does not know among them. */
  unusable(nodes: readonly string[]): Promise<Map<string, string>>;
  /** Ends every job, whoever left it, and forgets all records. Resolves once the queue is empty. */
  reset(): Promise<void>;
  /** Hands one job over; rejects with the scheduler's own words where it does not take it, and before the first {@link reset}. */
  submit(job: Job, place?: Place): Promise<void>;
  progress(): Progress;
  /** Ends every job that is queued or running, without waiting for it. */
  cancel(): Promise<void>;
  /** Resolves once nothing is queued, running or cleaning up; false if jobs of ours take longer than `timeoutSeconds`. */
  drain(timeoutSeconds: number): Promise<boolean>;
  records(): Records;
  /** Why jobs that were submitted do not run, in its own words; where it says. */
  waiting?(): Promise<Map<string, string>>;
  /** What its daemons on the head node have used since {@link reset}; empty where that cannot be told. */
  controlPlaneUse(): readonly DaemonUse[];
  /** Which of these nodes it took out of use since {@link reset}, if only for a while, or has out of use now; and why. */
  troubledNodes(nodes: readonly string[]): Promise<Map<string, string>>;
}

/** What `agent/schedulers/<kind>.ts` exports as `adapter`. */
export type MakeAdapter<Kind extends Scheduler["kind"]> = (
  given: Extract<Scheduler, { kind: Kind }>,
  topology: Topology,
) => SchedulerAdapter;
