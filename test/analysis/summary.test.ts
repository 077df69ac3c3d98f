import { expect, test } from "vitest";
import { type StackOutputs, summary } from "../../analysis/summary.ts";
import { objectives } from "../../model/objectives.ts";

const outputs: StackOutputs = {
  fidelity: "vm-emulated-cpu",
  objectives: objectives([]),
  metrics: {
    "burst seed 1": { controlPlaneCost: { value: 734.5123, unit: "ms per job" }, cpu: { value: null, unit: "s", reason: "not measured" } },
  },
  validity: { valid: false, doubts: [{ code: "jobs lost", severity: "invalid", message: "no record says how s3 ended" }] },
  network: {
    asked: { profile: "unshaped", bandwidthGbitPerSecond: null, latencyMicroseconds: 0, mtu: 1500 },
    paths: [{ from: "head", to: "cn1", bandwidthGbitPerSecond: 1.25, roundTripMicroseconds: { min: 700, mean: 812.4 }, mtu: 1500 }],
  },
  provenance: {
    program: { version: "0.1.0", sources: "" },
    image: { backend: "debian", digest: "", manifest: "" },
    scheduler: { version: "slurm 24.11.5", effective: {}, digest: "", canary: [] },
    hypervisor: { cpus: 2, cpuModel: "Broadwell", memoryTotalGiB: 24, libvirtVersion: "9", qemuVersion: "7", kvm: false },
  },
  record: { path: "results/t/trial-1.json", sha256: "1" },
};

test("what is missing says why, what is invalid says so, and numbers have four digits", () => {
  expect(summary("t", outputs)).toBe(`
t: slurm 24.11.5, vm-emulated-cpu on 2 cores (Broadwell), INVALID

  objective, lower is better    value    unit
  ────────────────────────────  ───────  ───────────────────────────
  α mean bounded slowdown       missing  the suite has no job stream
  β loss of capacity            missing  the suite has no job stream
  γ control-plane cost          missing  the suite has no burst
  δ delivered-performance loss  missing  the suite has no kernel

  run           metric            value    unit
  ────────────  ────────────────  ───────  ────────────
  burst seed 1  controlPlaneCost    734.5  ms per job
                cpu               missing  not measured

  network     Gbit/s  asked     round trip µs  asked
  ──────────  ──────  ────────  ─────────────  ─────
  head → cn1    1.25  unshaped          812.4      0

invalid: jobs lost: no record says how s3 ended
record: results/t/trial-1.json`);
});
