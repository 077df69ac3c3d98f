import * as z from "zod";
import { noOp } from "../job.ts";
import type { WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("burst"),
    jobs: z
      .int()
      .min(1)
      .max(100_000)
      .default(200)
      .describe("One-core jobs that do nothing, submitted as fast as they go; a quarter of them run before as a burst of their own."),
    ...repeated,
  })
  .describe("No-op jobs as fast as they go: what each job costs the scheduler (γ).");

/** One core each, so that as many run side by side as there are cores and the scheduler is what limits. */
export const burst = {
  parameters,
  purpose: "burst",
  debianPackages: [],
  problems: () => [],
  jobs: ({ jobs }) => Array.from({ length: jobs }, (_, i) => noOp(`b${i + 1}`)),
  figuresOfMerit: () => ({ valid: false, reason: "burst computes nothing" }),
} satisfies WorkloadKind<typeof parameters>;
