import type * as z from "zod";
import type { Job } from "../job.ts";
import { computeNodes, type Topology } from "../topology.ts";
import { type body, bodyOf } from "./body.ts";
import { milli } from "./compression.ts";
import type { Offered } from "./load.ts";

/** A job of a stream as a workload thinks of it, in seconds of the run. */
export interface Draft extends Offered {
  readonly id: string;
  /** What the user says that it takes at most, before the grace. */
  readonly estimateSeconds: number;
  readonly user?: string;
  readonly after?: readonly string[];
  readonly memoryMiBPerNode?: number;
  readonly gpusPerNode?: number;
}

export interface DraftOptions {
  readonly body: z.output<typeof body>;
  readonly graceSeconds: number;
}

/** Makes jobs of drafts. They take whole nodes, one rank on each; an MPI program has one on each core. */
export function drafted(topology: Topology, { body: asked, graceSeconds }: DraftOptions): (draft: Draft) => Job {
  const cores = Math.min(...computeNodes(topology).map((node) => node.cpus));
  const ranks = asked.kind === "mpi" ? { ranksPerNode: cores, coresPerRank: 1 } : { ranksPerNode: 1, coresPerRank: cores };
  return ({ id, submitSeconds, nodes, runSeconds, estimateSeconds, user, after, memoryMiBPerNode = 0, gpusPerNode = 0 }) => ({
    id,
    submitSeconds: milli(submitSeconds),
    nodes,
    ...ranks,
    memoryMiBPerNode,
    gpusPerNode,
    runSeconds,
    walltimeSeconds: Math.max(1, Math.ceil(estimateSeconds + graceSeconds)),
    ...(user === undefined ? {} : { user }),
    ...(after === undefined || after.length === 0 ? {} : { after }),
    body: bodyOf(asked, runSeconds),
  });
}
