import type { SchedulerAdapter } from "../../../agent/scheduler.ts";
import type { ScriptedScheduler } from "./scripted-scheduler.ts";

/** An adapter and the scripted scheduler that it drives, as if it were a real one. `test/agent/contract/<kind>.ts` exports one as `stand`. */
export interface Stand {
  readonly adapter: SchedulerAdapter;
  readonly scheduler: ScriptedScheduler;
  /** Whether it is the adapter alone that can tell when a job started, for no body runs. */
  readonly bodies: "run" | "pretended";
  /** Changes one setting of the running scheduler. */
  readonly change: () => { readonly key: string; readonly value: string };
  /** Ends the scheduler's daemons. */
  readonly die: () => void;
  /** Frees what it holds. */
  readonly close?: () => void;
}

export type MakeStand = (bodies: Stand["bodies"]) => Promise<Stand>;
