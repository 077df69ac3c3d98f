import { z } from "zod";
import type { WorkloadKind } from "../workload.ts";
import { burst } from "./burst.ts";
import { fill } from "./fill.ts";
import { hpl } from "./hpl.ts";
import { jobstream } from "./jobstream.ts";
import { lublin } from "./lublin.ts";
import { swf } from "./swf.ts";

/** Every workload that the program knows: a new one is a file beside this and an entry in each of these two. */
export const workloads = { burst, fill, hpl, jobstream, lublin, swf };

export const workload = z.discriminatedUnion("kind", [
  burst.parameters,
  fill.parameters,
  hpl.parameters,
  jobstream.parameters,
  lublin.parameters,
  swf.parameters,
]);
export type Workload = z.output<typeof workload>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const workloadKind = (given: Workload): WorkloadKind => workloads[given.kind];
