import type { Problem } from "./problem.ts";
import type { Metric, Run } from "./run.ts";
import type { UnattendedStart } from "./scheduler.ts";
import { type Scheduler, schedulerKind } from "./schedulers/index.ts";
import { areEmulated, type Topology } from "./topology.ts";

/** A guest whose clock counts executed instructions, and jumps to the next timer while nothing runs. */

/** One a nanosecond: the guest's processor always does a thousand million a second, whatever the host does. */
export const instructionsPerSecond = 1e9;

/** Memory in GiB for the root file system, which such a guest has in memory, beside what the head has. */
const rootMemoryGiB = 2;

/** Whether a metric is the scheduler's own work, and so a number of instructions there. */
export const countsInstructions = (name: string): boolean => /^controlPlane(Cost|Cpu)(\.|$)/.test(name);

const countedIn = (metric: Metric): Metric => {
  const instructions = `${instructionsPerSecond / 1e6} million instructions a second`;
  return countsInstructions(metric.name) ? { ...metric, basis: [metric.basis, instructions].filter(Boolean).join("; ") } : metric;
};

/** A run in virtual time as its record has it: what counts instructions says so, and at which rate. */
export const countedInInstructions = <T extends Run>(run: T): T => ({ ...run, metrics: run.metrics.map(countedIn) });

export const hasVirtualClock = ({ clock }: Topology): boolean => clock === "virtual";

/** Memory in GiB of the guest that runs a workload in virtual time; there is one at a time, beside the head, which is suspended meanwhile. */
export const virtualMemoryGiB = ({ head }: Topology): number => head.memoryGiB + rootMemoryGiB;

/** How the scheduler starts in such a guest; throws where it cannot, which {@link virtualTimeProblems} refuses. */
export function unattendedStart(scheduler: Scheduler): UnattendedStart {
  const { unattended } = schedulerKind(scheduler);
  if ("missing" in unattended) throw new Error(`${scheduler.kind} cannot run in virtual time: ${unattended.missing}`);
  return unattended;
}

/** What cannot run in virtual time: machines of their own, for no two guests share a clock; several cores; whatever needs an answer from outside. */
export function virtualTimeProblems({
  topology,
  scheduler,
  image,
}: {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly image: { readonly backend: string };
}): Problem[] {
  if (!hasVirtualClock(topology)) return [];
  const clock = ["topology", "clock"];
  const found: Problem[] = [];
  if (!areEmulated(topology))
    found.push({
      path: clock,
      message: '"virtual" is for emulated nodes, as no two machines share a virtual clock: set nodes: emulated, or clock: real',
    });
  if (topology.head.cpus !== 1)
    found.push({
      path: ["topology", "head", "cpus"],
      message: `${topology.head.cpus} is too many with clock: virtual, which counts the instructions of one core: set cpus: 1`,
    });
  if (topology.hypervisor.acceleration === "kvm")
    found.push({
      path: ["topology", "hypervisor", "acceleration"],
      message: '"kvm" counts no instructions: set auto or tcg, or clock: real',
    });
  if (image.backend === "nixos")
    found.push({ path: ["image", "backend"], message: '"nixos" images do not run in virtual time yet: set debian, or clock: real' });
  const { unattended } = schedulerKind(scheduler);
  if ("missing" in unattended)
    found.push({ path: clock, message: `"virtual" is not there for ${scheduler.kind} yet: ${unattended.missing}; set clock: real` });
  else found.push(...unattended.problems(scheduler));
  return found;
}
