import { expect, test } from "vitest";
import { demand } from "../../model/capacity.ts";
import { parseTuple } from "../../model/tuple.ts";
import { Host } from "../../sweep/plan/host.ts";

const facts = {
  cpus: 2,
  cpuModel: "test",
  memoryAvailableGiB: 16,
  memoryTotalGiB: 16,
  diskAvailableGiB: 100,
  libvirtVersion: "9.0.0",
  qemuVersion: "7.2.0",
  memoryOfStackGiB: 0,
  kvm: false,
};

test("a trial in virtual time takes one core, so two run side by side on two", () => {
  const { topology } = parseTuple({
    topology: { clock: "virtual", head: { cpus: 1, memoryGiB: 2 }, compute: [{ nodes: "emulated", count: 4, cpus: 8, memoryGiB: 64 }] },
    scheduler: { kind: "slurm", TaskPlugin: "task/none" },
    workloads: [{ kind: "jobstream", jobs: 10 }],
  });
  const host = new Host("qemu:///system", facts);
  const trial = () => ({ demand: demand(topology), hypervisors: ["qemu:///system"] });
  const started = [trial(), trial(), trial()].filter((one) => {
    const starts = host.hasRoomFor(one);
    if (starts) host.take(one);
    return starts;
  });
  expect(started).toHaveLength(2);
});
