import type { Problem } from "./problem.ts";
import { machines, type Topology } from "./topology.ts";
import { hasVirtualClock, virtualMemoryGiB } from "./virtual-time.ts";

/** What `components/libvirt/scripts/probe-hypervisor` finds on the machine that is to hold the domains. */
export interface HypervisorFacts {
  readonly cpus: number;
  readonly cpuModel: string;
  /** Memory that new domains can take without swapping, in GiB. */
  readonly memoryAvailableGiB: number;
  readonly memoryTotalGiB: number;
  /** Free space where the storage pool is made, and what the stack has there already, in GiB; null where the hypervisor does not say. */
  readonly diskAvailableGiB: number | null;
  readonly libvirtVersion: string;
  readonly qemuVersion: string;
  /** Domains of this stack that already run; their memory is not asked for again. */
  readonly memoryOfStackGiB: number;
  /** Whether the hypervisor offers KVM at all (which does not prove that it works). */
  readonly kvm: boolean;
}

/** Memory that QEMU itself takes beside a guest's, in GiB: measured 0.12 under TCG with one vCPU, rounded up. */
const overheadGiB = 0.15;

/** Space that an overlay takes before anything is written to it, and the base image that all share, in GiB. */
const baseImageGiB = 1;
const overlayGiB = 0.5;

/** What the machines of a topology take of a hypervisor. */
export interface Demand {
  readonly machines: number;
  /** Virtual cores. */
  readonly cpus: number;
  /** Guests' memory, and QEMU's own beside it. */
  readonly memoryGiB: number;
  /** What a run writes; disks are overlays, so their nominal size is not asked for. */
  readonly diskGiB: number;
}

export function demand(topology: Topology): Demand {
  // Its core is the head's, which is suspended while it runs.
  const virtual = hasVirtualClock(topology) ? [{ cpus: 0, memoryGiB: virtualMemoryGiB(topology) }] : [];
  const all: readonly { cpus: number; memoryGiB: number }[] = [...machines(topology), ...virtual];
  return {
    machines: all.length,
    cpus: all.reduce((sum, node) => sum + node.cpus, 0),
    memoryGiB: all.reduce((sum, node) => sum + node.memoryGiB + overheadGiB, 0),
    diskGiB: baseImageGiB + all.length * overlayGiB,
  };
}

/** What the hypervisor lacks to hold the topology: what is needed against what there is. */
export function capacityProblems(topology: Topology, facts: HypervisorFacts): Problem[] {
  const { machines, memoryGiB, diskGiB } = demand(topology);
  const problems: Problem[] = [];
  const need = machines === 1 ? "1 machine needs" : `${machines} machines need`;
  const thereGiB = facts.memoryAvailableGiB + facts.memoryOfStackGiB;
  const complain = (path: PropertyKey[], message: string) => problems.push({ path: ["topology", ...path], message });
  if (memoryGiB > thereGiB)
    complain([], `${need} ${memoryGiB.toFixed(1)} GiB of memory, the hypervisor has ${thereGiB.toFixed(1)} GiB free`);
  if (facts.diskAvailableGiB !== null && diskGiB > facts.diskAvailableGiB)
    complain(
      ["hypervisor", "imagesDirectory"],
      `${quoteDirectory(topology)} has ${facts.diskAvailableGiB.toFixed(1)} GiB free, ${need} ${diskGiB.toFixed(1)} GiB`,
    );
  if (topology.hypervisor.acceleration === "kvm" && !facts.kvm)
    complain(["hypervisor", "acceleration"], '"kvm" is not offered by the hypervisor; use auto or tcg');
  return problems;
}

const quoteDirectory = (topology: Topology) => JSON.stringify(topology.hypervisor.imagesDirectory);
