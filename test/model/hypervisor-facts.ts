import type { HypervisorFacts } from "../../model/capacity.ts";

/** A hypervisor with room for every stack of the tests. */
export const facts: HypervisorFacts = {
  cpus: 8,
  cpuModel: "EPYC",
  memoryAvailableGiB: 64,
  memoryTotalGiB: 64,
  diskAvailableGiB: 100,
  libvirtVersion: "9.0.0",
  qemuVersion: "7.2.17",
  memoryOfStackGiB: 0,
  kvm: true,
};
