import * as z from "zod";
import type { SchedulerKind } from "../scheduler.ts";
import { flux } from "./flux.ts";
import { slurm } from "./slurm.ts";
import { volcano } from "./volcano.ts";

/** Every scheduler that the program knows: a new one is a file beside this and a line here. */
export const schedulers = { flux, slurm, volcano };

export const scheduler = z.discriminatedUnion("kind", [
  schedulers.flux.parameters,
  schedulers.slurm.parameters,
  schedulers.volcano.parameters,
]);
export type Scheduler = z.output<typeof scheduler>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const schedulerKind = (given: Scheduler): SchedulerKind => schedulers[given.kind];
