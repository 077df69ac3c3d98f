import type * as z from "zod";
import type { Job } from "../job.ts";
import type { Topology } from "../topology.ts";
import { type body, bodyOf } from "./body.ts";
import { milli } from "./compression.ts";
import { coresOfAnyNode } from "./cores.ts";
import type { Offered } from "./load.ts";

/** A job of a stream as a workload thinks of it, in seconds of the run. */
export interface Draft extends Offered {
  readonly id: string;
  /** What the user says that it takes at most, before the grace. */
  readonly estimateSeconds: number;
  readonly user?: string;
  readonly queue?: string;
  readonly qos?: string;
  readonly after?: readonly string[];
  readonly memoryMiBPerNode?: number | undefined;
  readonly gpusPerNode?: number | undefined;
}

export interface DraftOptions {
  readonly body: z.output<typeof body>;
  readonly graceSeconds: number;
}

/** Makes jobs of drafts. One that names no cores takes whole nodes. It has one rank on each; an MPI program has one on each core. */
export function drafted(topology: Topology, { body: asked, graceSeconds }: DraftOptions): (draft: Draft) => Job {
  const whole = coresOfAnyNode(topology);
  return ({ id, submitSeconds, nodes, coresPerNode = whole, runSeconds, estimateSeconds, user, queue, qos, after, ...needs }) => ({
    id,
    submitSeconds: milli(submitSeconds),
    nodes,
    ...(asked.kind === "mpi" ? { ranksPerNode: coresPerNode, coresPerRank: 1 } : { ranksPerNode: 1, coresPerRank: coresPerNode }),
    memoryMiBPerNode: needs.memoryMiBPerNode ?? 0,
    gpusPerNode: needs.gpusPerNode ?? 0,
    runSeconds,
    walltimeSeconds: Math.max(1, Math.ceil(estimateSeconds + graceSeconds)),
    ...(user === undefined ? {} : { user }),
    ...(queue === undefined ? {} : { queue }),
    ...(qos === undefined ? {} : { qos }),
    ...(after === undefined || after.length === 0 ? {} : { after }),
    body: bodyOf(asked, runSeconds),
  });
}
