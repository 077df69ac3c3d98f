import { expect, test } from "vitest";
import { summary } from "../../analysis/summary.ts";
import { objectives } from "../../model/objectives.ts";
import { type StackOutputs, schemaVersion } from "../../model/record.ts";

const outputs: StackOutputs = {
  schemaVersion,
  fidelity: "vm-emulated-cpu",
  objectives: {
    ...objectives([]),
    responsiveness: { ...objectives([]).responsiveness, value: 22.414, lowerBound: true },
  },
  metrics: {
    "burst seed 1": {
      cpu: { value: null, unit: "s", reason: "not measured" },
      "controlPlaneCpu.slurmctld": { value: 0.05, unit: "s per job" },
      controlPlaneCpu: { value: 0.0654, unit: "s per job" },
      controlPlaneCost: { value: 734.5123, unit: "ms per job", precisionSeconds: 0.001, basis: "last cleaned" },
    },
    "jobstream seed 1": { maxWait: { value: 10, unit: "s", precisionSeconds: 1 }, fairness: { value: 0.5, unit: "1" } },
    "jobstream seed 2": {
      maxWait: { value: 30, unit: "s", lowerBound: true },
      fairness: { value: null, unit: "1", reason: "the jobs are not of several users" },
    },
  },
  validity: {
    valid: false,
    doubts: [
      { code: "saturated", severity: "caution", message: "the queue grew to the end" },
      { code: "jobs lost", severity: "invalid", message: "no record says how s3 ended" },
    ],
  },
  network: {
    asked: { profile: "unshaped", bandwidthGbitPerSecond: null, latencyMicroseconds: 0, mtu: 1500 },
    paths: [{ from: "head", to: "cn1", bandwidthGbitPerSecond: 1.25, roundTripMicroseconds: { min: 700, mean: 812.4 }, mtu: 1500 }],
  },
  provenance: {
    program: { version: "0.1.0", sources: "" },
    image: { backend: "debian", digest: "", manifest: "" },
    start: "booted",
    scheduler: { version: "slurm 24.11.5", effective: {}, digest: "", canary: [] },
    hypervisor: { cpus: 2, cpuModel: "Broadwell", memoryTotalGiB: 24, libvirtVersion: "9", qemuVersion: "7", kvm: false },
  },
  record: { path: "results/t/trial-1.json", sha256: "1" },
};

test("what is missing says why, what is invalid comes first, seeds are one row, and numbers have four digits", () => {
  expect(summary("t", outputs)).toBe(`
t: slurm 24.11.5, vm-emulated-cpu on 2 cores (Broadwell)
INVALID, not usable: jobs lost

  objective, lower is better    value    unit  remarks
  ────────────────────────────  ───────  ────  ─────────────────────────────────────────────────
  α mean bounded slowdown         22.41     1  no result: saturated; at least: jobs were cut off
  β loss of capacity            missing        the suite has no job stream
  γ control-plane cost          missing        the suite has no burst
  δ delivered-performance loss  missing        the suite has no kernel

  run, metric                      value    unit        remarks
  ───────────────────────────────  ───────  ──────────  ────────────────────────────────────────────
  burst seed 1
    cpu                            missing              not measured
    control-plane cost               734.5  ms per job  one burst, last cleaned
    control plane, CPU              0.0654  s per job
    control plane, CPU: slurmctld     0.05  s per job
  jobstream, 2 seeds
    fairness between users (Jain)      0.5           1  1 missing
    wait, longest                       20  s           10 to 30; at least: jobs were cut off; clock
                                                        of 1 s

  network     Gbit/s  asked     round trip µs  asked
  ──────────  ──────  ────────  ─────────────  ─────
  head → cn1    1.25  unshaped          812.4      0

invalid: jobs lost: no record says how s3 ended
warning: saturated: the queue grew to the end
record: results/t/trial-1.json
next:   make report (compares all results), or edit Pulumi.t.yaml and make up STACK=t,
        or make down STACK=t (keeps the results)`);
});

test("nodes without a network have no table of it", () => {
  const network = { ...outputs.network, paths: [], reason: "emulated nodes have no network" };
  expect(summary("s", { ...outputs, network }).split("\n")).toContain("network not measured: emulated nodes have no network");
  expect(summary("s", outputs)).not.toContain("not measured:");
});

test("a trial is usable, usable with reservations, or not usable for objectives", () => {
  const value = (key: "responsiveness" | "controlPlaneCost", measured: number) => ({ ...objectives([])[key], value: measured });
  const measured = { ...outputs.objectives, responsiveness: value("responsiveness", 5), controlPlaneCost: value("controlPlaneCost", 90) };
  const standing = (...doubts: StackOutputs["validity"]["doubts"]) =>
    summary("t", { ...outputs, objectives: measured, validity: { valid: true, doubts } }).split("\n")[2];
  const caution = (code: StackOutputs["validity"]["doubts"][number]["code"], message: string) => ({
    code,
    severity: "caution" as const,
    message,
  });
  expect(standing()).toBe("usable");
  expect(standing(caution("stream short", "jobstream seed 1: 20 jobs are too few"))).toBe("usable with reservations: stream short (α)");
  expect(standing(caution("host loaded", "burst seed 1: other work"))).toBe("not usable for γ: host loaded");
  expect(standing(caution("host loaded", "burst seed 1: other work"), caution("saturated", "jobstream seed 2: too much"))).toBe(
    "not usable for γ: host loaded; not usable for α: saturated",
  );
  expect(standing(caution("cores shared", "5 virtual cores share the hypervisor's 2"))).toBe(
    "usable with reservations: cores shared (α, γ)",
  );
});

test("α says how much of it is launching, and γ on what it rests", () => {
  const { responsiveness, controlPlaneCost } = objectives([]);
  const text = summary("t", {
    ...outputs,
    objectives: {
      ...outputs.objectives,
      responsiveness: { ...responsiveness, value: 20 },
      controlPlaneCost: { ...controlPlaneCost, value: 90 },
    },
    metrics: {
      "burst seed 1": {
        controlPlaneCost: { value: 90, unit: "ms per job", basis: "slope between two bursts, slots for all jobs, last cleaned" },
      },
      "jobstream seed 1": {
        meanBoundedSlowdown: { value: 20, unit: "1" },
        meanBoundedSlowdownWithLaunchingCompressed: { value: 5, unit: "1" },
      },
    },
    validity: { valid: true, doubts: [] },
  });
  expect(text).toMatch(/α mean bounded slowdown +20 +1 +launching is 75 % of it/);
  expect(text).toMatch(/γ control-plane cost +90 +ms per job +slope between two bursts, slots for all jobs,\n +last cleaned/);
});

test("no line is wider than 100 columns, whatever the metrics and warnings say", () => {
  const long = "other work took 0.84 of the hypervisor's 2 cores while the burst ran, which is more than the 10 % that are allowed";
  const text = summary("t", {
    ...outputs,
    metrics: {
      "jobstream seed 1": { meanBoundedSlowdownWithLaunchingCompressed: { value: null, unit: "1", reason: long } },
      "burst seed 1": {
        controlPlaneCost: { value: 90, unit: "ms per job", basis: "slope between two bursts, slots for all jobs, last cleaned" },
      },
    },
    validity: { valid: true, doubts: [{ code: "host loaded", severity: "caution", message: `burst seed 1: ${long}` }] },
  });
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
  expect(text.replaceAll(/\s+/g, " ")).toContain(`warning: host loaded: burst seed 1: ${long}`);
});
