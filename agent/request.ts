import * as z from "zod";
import { scheduler } from "../model/schedulers/index.ts";
import { topology } from "../model/topology.ts";
import { workload } from "../model/workloads/index.ts";

/** What the agent can be asked for: one request, one reply. */

/** Names the folder of the run's tables. */
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const verify = z.strictObject({
  verb: z.literal("verify"),
  id: id.optional(),
  scheduler,
  topology,
  timeoutSeconds: z.number().min(1).max(86_400).default(180).describe("For the nodes to come up, and then for the canary jobs."),
});

const measureNetwork = z.strictObject({
  verb: z.literal("network"),
  id: id.optional(),
  network: topology.shape.network,
  nodes: z.array(z.string().regex(/^[a-z][a-z0-9]{0,31}$/)).min(1),
});

const asked = { verb: z.literal("run"), id, topology, workload, seed: z.int().min(0) };

const runScheduled = z.strictObject({
  ...asked,
  mode: z.literal("scheduler").default("scheduler"),
  scheduler,
  excerpt: z.string().optional().describe("What the workload needs of a file that it reads where Pulumi runs."),
  configuration: z
    .string()
    .optional()
    .describe("Digest of the effective configuration that was verified; a run on another one is refused."),
});

const runBare = z.strictObject({ ...asked, mode: z.literal("bare") });

/** By verb; `run` has two forms, of which the mode decides. */
export const requests = { verify, network: measureNetwork, run: runScheduled, bare: runBare };

export type Verify = z.output<typeof verify>;
export type MeasureNetwork = z.output<typeof measureNetwork>;
export type RunScheduled = z.output<typeof runScheduled>;
export type RunBare = z.output<typeof runBare>;
