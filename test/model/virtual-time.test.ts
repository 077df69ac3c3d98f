import { describe, expect, test } from "vitest";
import { demand } from "../../model/capacity.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { countedInInstructions } from "../../model/virtual-time.ts";

const tuple = {
  topology: {
    clock: "virtual",
    head: { cpus: 1, memoryGiB: 2 },
    compute: [{ nodes: "emulated", count: 4, cpus: 8, memoryGiB: 64 }],
  },
  scheduler: { kind: "slurm", TaskPlugin: "task/none" },
  workloads: [{ kind: "jobstream", jobs: 10 }],
};

function complaint(parts: { topology?: object; scheduler?: object; image?: object; workloads?: object[] }): string {
  try {
    parseTuple({ ...tuple, ...parts, topology: { ...tuple.topology, ...parts.topology } });
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
}

test("emulated nodes with one core for their head can have a virtual clock, and a stream is not compressed then", () => {
  const { topology, workloads } = parseTuple(tuple);
  expect(topology.clock).toBe("virtual");
  expect(workloads[0]).toMatchObject({ timeCompression: 1 });
});

describe("what cannot run in virtual time is refused with what to do", () => {
  test.each<[string, Parameters<typeof complaint>[0], string]>([
    [
      "machines",
      { topology: { compute: [{ count: 2 }] }, scheduler: { kind: "slurm" } },
      'topology.clock: "virtual" is for emulated nodes, as no two machines share a virtual clock: set nodes: emulated, or clock: real',
    ],
    [
      "several head cores",
      { topology: { head: { cpus: 2, memoryGiB: 2 } } },
      "topology.head.cpus: 2 is too many with clock: virtual, which counts the instructions of one core: set cpus: 1",
    ],
    [
      "KVM",
      { topology: { hypervisor: { acceleration: "kvm" } } },
      'topology.hypervisor.acceleration: "kvm" counts no instructions: set auto or tcg, or clock: real',
    ],
    [
      "a NixOS image",
      { image: { backend: "nixos" } },
      'image.backend: "nixos" images do not run in virtual time yet: set debian, or clock: real',
    ],
    [
      "slurmdbd",
      { scheduler: { ...tuple.scheduler, accounting: true } },
      "scheduler.accounting: true needs slurmdbd, which is not started with clock: virtual: set false",
    ],
    [
      "a scheduler whose role cannot start it there",
      { scheduler: { kind: "volcano" } },
      'topology.clock: "virtual" is not there for volcano yet',
    ],
    ["a kernel", { workloads: [{ kind: "hpl", order: 1000 }] }, 'workloads[0].kind: "hpl" computes, which emulated nodes cannot'],
    [
      "bodies that spin",
      { workloads: [{ kind: "jobstream", jobs: 20, body: { kind: "spin" } }] },
      'workloads[0].body.kind: "spin" computes, which emulated nodes cannot',
    ],
    ["another clock", { topology: { clock: "fast" } }, 'topology.clock: "fast" is not one of real, virtual'],
  ])("%s", (_, parts, message) => {
    expect(complaint(parts)).toContain(message);
  });
});

test("the hypervisor needs room for the guest that runs in virtual time, beside the head, whose core it has", () => {
  const { topology } = parseTuple(tuple);
  const { clock: _, ...real } = topology;
  expect(demand(topology).memoryGiB - demand(real).memoryGiB).toBeCloseTo(2 + 2 + 0.15, 10);
  expect(demand(topology).cpus).toBe(demand(real).cpus);
});

test("what counts instructions says so, and at which rate", () => {
  const metrics = [
    { name: "controlPlaneCost", value: 90, unit: "ms per job", basis: "last cleaned" },
    { name: "controlPlaneCpu.slurmctld", value: 0.02, unit: "s per job" },
    { name: "controlPlanePeakMemory", value: 18, unit: "MiB" },
    { name: "medianWait", value: 4, unit: "s" },
  ];
  const counted = countedInInstructions({
    workload: "burst",
    mode: "scheduler",
    seed: 1,
    jobs,
    metrics,
    figures: [],
    doubts: [],
    tables: [],
  });
  expect(counted.metrics.map(({ basis }) => basis)).toEqual([
    "last cleaned; 1000 million instructions a second",
    "1000 million instructions a second",
    undefined,
    undefined,
  ]);
});

const jobs = { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 };
