/** The scheduler-neutral job: what a workload asks for, before any scheduler has seen it. */
export interface Job {
  /** Unique within a run. */
  readonly id: string;
  /** When it is to be submitted, in seconds after the run's start. */
  readonly submitSeconds: number;
  readonly nodes: number;
  readonly ranksPerNode: number;
  readonly coresPerRank: number;
  /** Memory asked for on each node, in MiB; 0 asks for none. */
  readonly memoryMiBPerNode: number;
  readonly gpusPerNode: number;
  /** How long the body takes when nothing disturbs it: nominal run time p, in seconds; null where nobody knows before. */
  readonly runSeconds: number | null;
  /** Limit after which the scheduler ends it, in seconds. */
  readonly walltimeSeconds: number;
  /** Account that it is submitted from, one of model/stream/users.ts; where it is not given, that of all other jobs. */
  readonly user?: string;
  /** The partition or queue that it names; where it names none, the scheduler's default. */
  readonly queue?: string;
  /** The QOS that it names, for a scheduler that has such. */
  readonly qos?: string;
  /** Ids of earlier jobs, in order of submission, that must have ended, however they did, before it may start. */
  readonly after?: readonly string[];
  readonly body: Body;
}

/** What a job does once it has its nodes. */
export type Body =
  /** Waits on its first node; 0 seconds is a no-op. */
  | { readonly kind: "sleep"; readonly seconds: number }
  /** Keeps every core that it was given busy for so long, on all of its nodes. */
  | { readonly kind: "spin"; readonly seconds: number }
  /** An MPI program on all ranks, in a fresh folder on each node that holds `files`. */
  | {
      readonly kind: "mpi";
      /** Commands that run before it, one after another, once, on the node of rank 0 and in its folder. */
      readonly preparation?: readonly (readonly string[])[];
      readonly program: string;
      readonly arguments: readonly string[];
      readonly files: Readonly<Record<string, string>>;
      /**
       * What it writes its result to; `*` stands for what only it knows. Of several names the first that is there counts.
       * Null: standard output, which is always kept.
       */
      readonly outputFile: string | readonly string[] | null;
    };

/** How a job ended. Censored: it had not ended when the run was cut off. */
export const outcomes = ["completed", "failed", "timeout", "cancelled", "out of memory", "censored"] as const;
export type Outcome = (typeof outcomes)[number];

/** A job that asks for one core and does nothing, at once. Its limit leaves an emulated processor the time to launch it. */
export const noOp = (id: string): Job => ({
  id,
  submitSeconds: 0,
  nodes: 1,
  ranksPerNode: 1,
  coresPerRank: 1,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds: 0,
  walltimeSeconds: 600,
  body: { kind: "sleep", seconds: 0 },
});
