import type * as z from "zod";
import { parametersOfAny } from "../kinds.ts";
import type { SchedulerKind } from "../scheduler.ts";
import * as all from "./all.ts";

export const schedulers = { ...all };

export const scheduler = parametersOfAny(schedulers);
export type Scheduler = z.output<typeof scheduler>;

/** The kind's own answers, for code that must not ask which kind it has. */
export const schedulerKind = (given: Scheduler): SchedulerKind => schedulers[given.kind];
