import type { Machine } from "../machine.ts";
import type { Metric } from "../run.ts";
import type { Timeline } from "../timeline.ts";
import { type Burst, controlPlaneCost, lastEvent, slotsFor, usedBetween } from "./control-plane-cost.ts";
import { controlPlaneMetrics, type DaemonUse } from "./control-plane-use.ts";
import { clocks, launches, makespan, metric } from "./metric.ts";
import { throughput } from "./throughput.ts";

/** A burst as it was driven. */
export interface DrivenBurst {
  readonly timeline: Timeline;
  readonly controlPlane: readonly DaemonUse[];
}

/** What two bursts measure: γ and CPU seconds per job as slopes between them; all else is of the larger one. */
export function burstMetrics(smaller: DrivenBurst | null, larger: DrivenBurst, machine: Machine): Metric[] {
  const { timeline } = larger;
  const { jobs, endSeconds } = timeline;
  const [few, many] = [burstOf(smaller), burstOf(larger)];
  const last = lastEvent([...few.jobs, ...many.jobs]);
  const used = usedBetween(few, many);
  return [
    {
      ...metric("controlPlaneCost", controlPlaneCost(few.jobs, many.jobs), "a slope needs two bursts: give the burst 4 jobs or more"),
      ...clocks(timeline, "submit", last),
      basis: `slope between two bursts, ${isCrowded(timeline, machine) ? "fewer slots than jobs" : "slots for all jobs"}, last ${last}`,
    },
    ...makespan(timeline),
    metric("throughput", throughput(jobs, endSeconds), "the run took no time"),
    ...launches(timeline),
    ...controlPlaneMetrics(used.daemons, used.jobs),
  ];
}

const burstOf = (driven: DrivenBurst | null): Burst => ({ jobs: driven?.timeline.jobs ?? [], controlPlane: driven?.controlPlane ?? [] });

/** Whether jobs of the burst had to wait for others' slots, which is no cost of the control plane. */
const isCrowded = ({ jobs }: Timeline, machine: Machine): boolean =>
  slotsFor(
    jobs.map(({ job }) => job),
    machine,
  ) < jobs.length;
