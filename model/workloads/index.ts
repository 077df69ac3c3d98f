import { z } from "zod";
import type { WorkloadKind } from "../workload.ts";
import { burst } from "./burst.ts";
import { hpl } from "./hpl.ts";
import { jobstream } from "./jobstream.ts";

/** Every workload that the program knows: a new one is a file beside this and a line in each of these two. */
export const workloads = { burst, hpl, jobstream };

export const workload = z.discriminatedUnion("kind", [burst.parameters, hpl.parameters, jobstream.parameters]);
export type Workload = z.output<typeof workload>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const workloadKind = (given: Workload): WorkloadKind => workloads[given.kind];
