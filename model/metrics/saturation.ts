import { mean } from "simple-statistics";
import { capacity, type Machine, unitsOf } from "../machine.ts";
import type { Timeline } from "../timeline.ts";
import { backlogAtArrivals } from "./backlog.ts";
import { nominalSeconds } from "./nominal.ts";
import { offeredLoad } from "./offered-load.ts";

/** Why a stream's queue has no steady state: its waits are as long as the stream makes them. */
export type Saturation =
  /** More work arrives than the machine can do: for certain. `load` counts the time that jobs hold their nodes. */
  | { readonly kind: "overloaded"; readonly load: number }
  /** The backlog grew through the arrivals at `rate`, a share of the machine. */
  | { readonly kind: "growing"; readonly rate: number };

/** Below this the machine had room for all: only a growth twice as large is taken for more than a burst of arrivals. */
const highLoad = 0.8;

/**
 * Whether a stream saturated the machine, from what it offered and from the trend of the work that waits. A reflected random
 * walk grows by chance: growth from the first to the last third of the arrivals counts where it exceeds the standard
 * deviation of what random arrivals of this work bring, √Σ(n · p)², which a queue with room for it does not reach.
 * Null where it did not; docs/statistics.md has the measured shares of both errors.
 */
export function saturation({ jobs, endSeconds }: Timeline, machine: Machine): Saturation | null {
  const third = Math.floor(jobs.length / 3);
  if (third < 2) return null;
  const { held } = offeredLoad(jobs, machine);
  if (held >= 1 && Number.isFinite(held)) return { kind: "overloaded", load: held };
  const waiting = backlogAtArrivals(jobs, endSeconds, machine);
  const growth = mean(waiting.slice(-third)) - mean(waiting.slice(0, third));
  const chance = Math.sqrt(jobs.reduce((sum, row) => sum + (unitsOf(row.job, machine) * nominalSeconds(row)) ** 2, 0));
  if (growth <= chance * (held < highLoad ? 2 : 1)) return null;
  const span = (jobs.at(-1)?.due ?? 0) - (jobs[0]?.due ?? 0);
  // Between the middles of the first and the last third.
  return { kind: "growing", rate: growth / (capacity(machine) * span * (2 / 3)) };
}
