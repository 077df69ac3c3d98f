import { describe, expect, test } from "vitest";
import type { PurposedRun } from "../../model/objectives.ts";
import type { NetworkMeasurement } from "../../model/record.ts";
import type { Run } from "../../model/run.ts";
import { trial } from "../../model/trial.ts";
import { parseTuple, type Tuple } from "../../model/tuple.ts";
import { facts } from "./hypervisor-facts.ts";

const tuple = parseTuple({ topology: { compute: [{ count: 3 }] }, scheduler: { kind: "slurm" }, workloads: [{ kind: "burst" }] });
const hypervisor = facts;
const asked = { profile: "unshaped" as const, bandwidthGbitPerSecond: 1, latencyMicroseconds: 100, mtu: 1500 };

/** A trial over one path that measured so much. */
const measured = (
  bandwidthGbitPerSecond: number,
  min: number,
  parts: { cpus?: number; domainType?: "kvm" | "qemu"; runs?: readonly PurposedRun[]; tuple?: Tuple } = {},
) => {
  const network: NetworkMeasurement = {
    asked,
    paths: [{ from: "head", to: "cn1", bandwidthGbitPerSecond, roundTripMicroseconds: { min, mean: min }, mtu: 1500 }],
  };
  return trial({
    tuple: parts.tuple ?? tuple,
    runs: parts.runs ?? [],
    image: { backend: "debian", disk: "", kernel: "", initrd: "", commandLine: "", digest: "sha256:1", manifest: "/m" },
    hypervisor: { ...hypervisor, cpus: parts.cpus ?? 8 },
    domainType: parts.domainType ?? "kvm",
    start: "booted",
    network,
    verified: { version: "slurm", effective: {}, digest: "", canary: [] },
    program: { version: "1", sources: "" },
  });
};

describe("doubts of a trial", () => {
  test("a network as asked, on enough cores, leaves none", () => {
    expect(measured(0.96, 210).validity).toEqual({ valid: true, doubts: [] });
  });

  test.each([
    ["too slow", 0.8, 210, "head to cn1: 0.800 Gbit/s, asked 1"],
    ["not shaped", 3, 210, "head to cn1: 3.000 Gbit/s, asked 1"],
    ["no delay", 0.96, 50, "head to cn1: round trip 50 µs, asked 200"],
    ["too much delay", 0.96, 900, "head to cn1: round trip 900 µs, asked 200"],
  ])("a network that is %s is said to differ", (_, rate, min, message) => {
    expect(measured(rate, min).validity).toEqual({ valid: true, doubts: [{ code: "network differs", severity: "caution", message }] });
  });

  test("more virtual cores than real ones", () => {
    expect(measured(0.96, 210, { cpus: 2 }).validity.doubts.map(({ message }) => message)).toEqual([
      "4 virtual cores share the hypervisor's 2",
    ]);
  });
});

describe("runs", () => {
  const run = (parts: Partial<Run> = {}): PurposedRun => ({
    purpose: "stream",
    run: {
      workload: "jobstream",
      mode: "scheduler",
      seed: 1,
      jobs: { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 },
      metrics: [{ name: "medianWait", value: 3, unit: "s", precisionSeconds: 0.001 }],
      figures: [],
      doubts: [],
      tables: [],
      ...parts,
    },
  });
  const loaded = (value: number) => run({ metrics: [{ name: "otherHostLoad", value, unit: "cores" }] });

  test("two workloads of one kind and one seed are told apart", () => {
    expect(Object.keys(measured(0.96, 210, { runs: [run(), run(), run({ workload: "burst" })] }).metrics)).toEqual([
      "jobstream seed 1",
      "jobstream seed 1 (2)",
      "burst seed 1",
    ]);
  });

  test("a metric keeps its clock", () => {
    expect(measured(0.96, 210, { runs: [run()] }).metrics).toEqual({
      "jobstream seed 1": { medianWait: { value: 3, unit: "s", precisionSeconds: 0.001 } },
    });
  });

  test("a tenth of the hypervisor may do something else", () => {
    expect(measured(0.96, 210, { runs: [loaded(0.8)] }).validity.doubts).toEqual([]);
    expect(measured(0.96, 210, { runs: [loaded(1.234)] }).validity.doubts).toEqual([
      {
        code: "host loaded",
        severity: "caution",
        message: "jobstream seed 1: other work took 1.23 of the hypervisor's 8 cores; the most is 10 %, above which times are no result",
      },
    ]);
  });

  test("one invalid run makes the trial invalid", () => {
    const doubts = [{ code: "jobs lost", severity: "invalid", message: "no record says how s3 ended" }] as const;
    expect(measured(0.96, 210, { runs: [run(), run({ doubts: [...doubts] })] }).validity).toEqual({
      valid: false,
      doubts: [{ ...doubts[0], message: "jobstream seed 1 (2): no record says how s3 ended" }],
    });
  });
});

test("fidelity says whether the CPU was emulated", () => {
  expect([measured(1, 210).fidelity, measured(1, 210, { domainType: "qemu" }).fidelity]).toEqual(["vm", "vm-emulated-cpu"]);
});

test("emulated nodes are fidelities of their own, and deliver nothing", () => {
  const emulated = parseTuple({
    topology: { head: { memoryGiB: 4 }, compute: [{ count: 64, cpus: 64, nodes: "emulated" }] },
    scheduler: { kind: "slurm", TaskPlugin: "task/none" },
    workloads: [{ kind: "burst" }],
  });
  const { fidelity, objectives, validity } = measured(1, 210, { tuple: emulated });
  expect([fidelity, measured(1, 210, { domainType: "qemu", tuple: emulated }).fidelity]).toEqual([
    "emulated-nodes",
    "emulated-nodes-emulated-cpu",
  ]);
  expect(objectives.deliveredPerformanceLoss).toMatchObject({ value: null, reason: "emulated nodes deliver no performance" });
  // 64 nodes of 64 cores share nothing but the head's one.
  expect(validity.doubts).toEqual([]);
});

test("what changes from minute to minute is no provenance", () => {
  expect(Object.keys(measured(1, 210).provenance.hypervisor)).toEqual([
    "cpus",
    "cpuModel",
    "memoryTotalGiB",
    "libvirtVersion",
    "qemuVersion",
    "kvm",
  ]);
});
