import type { Problem } from "./problem.ts";
import type { NodeEmulation } from "./scheduler.ts";
import { type Scheduler, schedulerKind } from "./schedulers/index.ts";
import { areEmulated, computeNodes, type Topology } from "./topology.ts";
import { type Workload, workloadKind } from "./workloads/index.ts";

interface Parts {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly workloads: readonly Workload[];
}

/** What nodes that only pretend cannot do: be made by a scheduler that does not know how, fit any head, or compute. */
export function emulationProblems({ topology, scheduler, workloads }: Parts): Problem[] {
  if (!areEmulated(topology)) return [];
  return [...headProblems(topology, scheduler), ...workloads.flatMap((workload, i) => workProblems(workload, ["workloads", i]))];
}

/** Whether jobs' bodies run, so that they write their own clocks, or are pretended. */
export function bodiesOf(scheduler: Scheduler, topology: Topology): NodeEmulation["bodies"] {
  const { emulation } = schedulerKind(scheduler);
  return areEmulated(topology) && "bodies" in emulation ? emulation.bodies : "run";
}

function headProblems(topology: Topology, scheduler: Scheduler): Problem[] {
  const { emulation } = schedulerKind(scheduler);
  if ("missing" in emulation) {
    const message = `"${scheduler.kind}" has no emulated nodes: ${emulation.missing}; use real nodes`;
    return [{ path: ["scheduler", "kind"], message }];
  }
  const count = computeNodes(topology).length;
  const [given, needed] = [topology.head.memoryGiB, Math.ceil(emulation.headMemoryGiB(count))];
  const message = `${given} is too small, with ${scheduler.kind} the head needs ${needed} for ${count} emulated nodes`;
  return given < needed ? [{ path: ["topology", "head", "memoryGiB"], message }] : [];
}

function workProblems(workload: Workload, at: readonly PropertyKey[]): Problem[] {
  if (workloadKind(workload).purpose === "kernel")
    return [{ path: [...at, "kind"], message: `"${workload.kind}" computes, which emulated nodes cannot: use real nodes` }];
  if ("body" in workload && workload.body.kind !== "sleep")
    return [{ path: [...at, "body", "kind"], message: `"${workload.body.kind}" computes, which emulated nodes cannot: use sleep` }];
  return [];
}
