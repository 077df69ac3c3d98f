import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { comparedDigest } from "../../../analysis/report/identity.ts";
import { digestOf, sha256 } from "../../../model/identity.ts";
import { type ObjectiveKey, objectives } from "../../../model/objectives.ts";
import { type Fidelity, schemaVersion } from "../../../model/record.ts";

/** Invented records in the shape of real ones, with figures that mean nothing: for tests, and for looking at the report. */

export interface SyntheticRequest {
  readonly seeds: number;
  /** Runs of each seed. */
  readonly repetitions?: number;
  /** Goes into a scheduler's parameter: markup, for example. */
  readonly name?: string;
  readonly jobs?: number;
}

const nodes = 4;

/**
 * 8 configurations (2 scheduler types × 2 intervals × 2 weights) on vm-emulated-cpu, and 2 of them on vm. One configuration is
 * invalid in all its trials, one in its first only, one measured no γ; a sweep's files tell of one trial that ran out
 * of time and of a configuration that was refused; one record is broken. Returns the folder.
 */
export function writeSyntheticRecords(folder: string, { seeds, repetitions = 1, name = "batch", jobs = 60 }: SyntheticRequest): string {
  const configurations = ["sched/backfill", "sched/builtin"].flatMap((type) =>
    [10, 30].flatMap((interval) => [0, 1000].map((weight) => ({ type, interval, weight }))),
  );
  for (let seed = 1; seed <= seeds; seed++)
    for (let repetition = 0; repetition < repetitions; repetition++)
      configurations.forEach((own, i) => {
        const random = generator(1000 * seed + 10 * repetition + i, seed);
        const invalid = i === 6 || (i === 1 && seed === 1);
        const record = syntheticRecord(folder, {
          ...own,
          seed,
          name,
          jobs,
          random,
          invalid,
          withoutBurst: i === 5,
          fidelity: "vm-emulated-cpu",
        });
        writeRecord(folder, `sweep-synthetic-${i}-${seed}-${repetition}`, record, { seed, repetition, values: valuesOf(own) });
        if (i < 2 && repetition === 0)
          writeRecord(
            folder,
            `vm-${i}-${seed}`,
            syntheticRecord(folder, { ...own, seed, name, jobs, random, invalid: false, withoutBurst: false, fidelity: "vm" }),
          );
      });
  writeFailure(
    folder,
    "timed out",
    { ...(configurations[3] as Synthetic), seed: 999 },
    "timeout",
    "it took longer than 60 minutes",
    name,
    jobs,
  );
  writeFailure(
    folder,
    "refused",
    { type: "sched/backfill", interval: 99, weight: 0, seed: 1 },
    "refused",
    'invalid tuple: bf_interval: "99" is too much',
    name,
    jobs,
  );
  mkdirSync(join(folder, "sweeps"), { recursive: true });
  const base = { type: "sched/builtin", interval: 10, weight: 0, seed: 1 };
  const summary = { schemaVersion: 1, sweep: "synthetic", base: "slurm-4node", baseline: comparedDigest(tupleOf(base, name, jobs)) };
  writeFileSync(join(folder, "sweeps", "synthetic.json"), JSON.stringify(summary));
  mkdirSync(join(folder, "broken"), { recursive: true });
  writeFileSync(join(folder, "broken", "trial-0000000000000000.json"), '{"tuple": {}}');
  writeFileSync(join(folder, "broken", "trial-0000000000000001.json"), '{"tuple": ');
  return folder;
}

interface Synthetic {
  readonly type: string;
  readonly interval: number;
  readonly weight: number;
  readonly seed: number;
}

interface SyntheticTrial extends Synthetic {
  readonly name: string;
  readonly jobs: number;
  readonly random: (spread: number) => number;
  readonly invalid: boolean;
  readonly withoutBurst: boolean;
  readonly fidelity: Fidelity;
}

/** The first numbers after small seeds are much alike. */
function warm(seed: number) {
  const random = xoroshiro128plus(seed);
  for (let i = 0; i < 50; i++) uniformFloat64(random);
  return random;
}

/** Noise that a seed's trials share, and noise of their own: paired runs are more alike than others. */
function generator(own: number, shared: number) {
  const [common, apart] = [warm(shared), warm(own)];
  return (spread: number) => 1 + spread * (uniformFloat64(common) - 0.5) + 0.4 * spread * (uniformFloat64(apart) - 0.5);
}

const valuesOf = ({ type, interval, weight }: Omit<Synthetic, "seed">) => ({
  "scheduler.SchedulerType": type,
  "scheduler.SchedulerParameters.bf_interval": interval,
  "scheduler.PriorityWeightJobSize": weight,
});

const tupleOf = ({ type, interval, weight, seed }: Synthetic, name: string, jobs: number) => ({
  topology: {
    head: { cpus: 1, memoryGiB: 1, diskGiB: 6, profile: "small" },
    compute: [{ name: "cn", count: nodes, cpus: 1, memoryGiB: 1, diskGiB: 6, gpus: 0, gpuPciAddresses: [], profile: "small" }],
    network: { profile: "ethernet-1g", bandwidthGbitPerSecond: 1, latencyMicroseconds: 50, mtu: 1500 },
    hypervisor: { uri: "qemu:///system", acceleration: "auto", imagesDirectory: "/var/lib/libvirt/images" },
  },
  scheduler: {
    kind: "slurm",
    SchedulerType: type,
    SchedulerParameters: { bf_interval: interval },
    PriorityWeightJobSize: weight,
    partitions: [{ name: weight === 0 ? "batch" : name }],
  },
  workloads: [
    { kind: "hpl", order: 512, seed, repetitions: 1 },
    { kind: "burst", jobs: 40, seed, repetitions: 1 },
    { kind: "jobstream", jobs, load: 0.85, timeCompression: 60, seed, repetitions: 1 },
  ],
  image: { backend: "debian", suite: "trixie" },
});

function syntheticRecord(folder: string, own: SyntheticTrial) {
  const { random, invalid, withoutBurst, seed, type, interval, weight } = own;
  const isBackfill = type === "sched/backfill";
  const values: Readonly<Record<ObjectiveKey, number | null>> = {
    responsiveness: (isBackfill ? 6 + interval / 10 : 19) * (weight === 0 ? 1 : 0.8) * random(0.5),
    lossOfCapacity: (isBackfill ? 0.18 : 0.4) * random(0.3) + weight / 10000,
    controlPlaneCost: withoutBurst ? null : ((isBackfill ? 900 : 480) + 4 * interval) * random(0.2),
    deliveredPerformanceLoss: (isBackfill ? 0.02 : 0.03 + interval / 2000) * random(0.6),
  };
  const doubts = invalid ? [{ code: "driver late", severity: "invalid", message: `jobstream seed ${seed}: P99 lateness 7.2 s` }] : [];
  const path = `${own.fidelity}-${type.slice(6)}-${interval}-${weight}-${seed}`;
  const csv = syntheticJobs(own.jobs, seed, isBackfill);
  const tables = join(folder, "tables", `run-${path}`);
  mkdirSync(tables, { recursive: true });
  writeFileSync(join(tables, "jobs.csv"), csv);
  return {
    schemaVersion,
    tuple: tupleOf(own, own.name, own.jobs),
    fidelity: own.fidelity,
    objectives: Object.fromEntries(
      Object.entries(objectives([])).map(([key, { reason: _, ...words }]) => {
        const value = values[key as ObjectiveKey];
        return [key, { ...words, value, ...(value === null ? { reason: "no run of the burst is valid" } : {}) }];
      }),
    ),
    metrics: {},
    validity: {
      valid: !invalid,
      doubts: [...doubts, { code: "cores shared", severity: "caution", message: "5 virtual cores share the hypervisor's 2" }],
    },
    network: { asked: { profile: "ethernet-1g", bandwidthGbitPerSecond: 1, latencyMicroseconds: 50, mtu: 1500 }, paths: [] },
    provenance: {
      program: { version: "0.1.0", sources: sha256("synthetic sources") },
      image: { backend: "debian", digest: `sha256:${sha256("synthetic image")}`, manifest: "manifest.txt" },
      start: "booted",
      scheduler: {
        version: "slurm 24.11.5",
        digest: digestOf([type, interval, weight]),
        effective: { SchedulerType: type, SchedulerParameters: `bf_interval=${interval}`, ClusterName: own.name },
        canary: [],
      },
      hypervisor: {
        cpuModel: "synthetic",
        cpus: 2,
        memoryTotalGiB: 8,
        libvirtVersion: "9.0.0",
        qemuVersion: "7.2.17",
        kvm: own.fidelity === "vm",
      },
    },
    runs: [
      {
        purpose: "stream",
        run: {
          workload: "jobstream",
          mode: "scheduler",
          seed,
          jobs: { submitted: own.jobs, completed: own.jobs, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 },
          metrics: [],
          figures: [],
          doubts: [],
          tables: [{ name: "jobs.csv", path: join("tables", `run-${path}`, "jobs.csv"), sha256: sha256(csv) }],
        },
      },
    ],
  };
}

/** First come, first served on `nodes` nodes; with backfill, jobs of one node may go first. */
function syntheticJobs(count: number, seed: number, isBackfill: boolean): string {
  const random = warm(seed);
  const free = Array<number>(nodes).fill(0);
  let [submit, latest] = [0, 0];
  const rows = Array.from({ length: count }, (_, i) => {
    submit += i === 0 ? 0 : -Math.log(1 - uniformFloat64(random)) * 1.6;
    const size = [1, 1, 2, 4][Math.floor(4 * uniformFloat64(random))] ?? 1;
    const run = 0.5 + 3 * uniformFloat64(random);
    const chosen = [...free.keys()]
      .sort((a, b) => (free[a] ?? 0) - (free[b] ?? 0))
      .slice(0, size)
      .sort((a, b) => a - b);
    const ready = Math.max(submit + 0.2, ...chosen.map((node) => free[node] ?? 0));
    const start = isBackfill ? ready : Math.max(ready, latest);
    latest = start;
    for (const node of chosen) free[node] = start + run;
    const state = i % 17 === 5 ? "COMPLETED_FAILED" : "COMPLETED_SUCCESSFULLY";
    const [s, b, e] = [submit, start, start + run].map((value) => value.toFixed(6));
    return `j${i + 1},jobstream,sleep,${s},${size},60,1,${state},${b},${run.toFixed(6)},${e},,,,${chosen.join(" ")},${i < count / 10 ? 0 : 1}`;
  });
  const header =
    "job_id,workload_name,profile,submission_time,requested_number_of_resources,requested_time,success,final_state,starting_time,execution_time,finish_time,waiting_time,turnaround_time,stretch,allocated_resources,counted";
  return `${[header, ...rows].join("\n")}\n`;
}

interface OfSweep {
  readonly seed: number;
  readonly repetition: number;
  readonly values: Readonly<Record<string, unknown>>;
}

function writeRecord(folder: string, stack: string, record: object, sweep?: OfSweep): void {
  const content = `${JSON.stringify(record, null, 1)}\n`;
  const digest = sha256(content);
  // Tables of all synthetic trials stand in one folder, so their records do, too.
  mkdirSync(join(folder, "tables"), { recursive: true });
  const path = join(folder, "tables", `trial-${digest.slice(0, 16)}.json`);
  writeFileSync(path, content);
  if (sweep === undefined) return;
  const outcome = { kind: "completed", fidelity: "vm-emulated-cpu", objectives: {}, doubts: [], record: { path, sha256: digest } };
  writeSweepTrial(folder, stack, { ...sweep, key: digest, outcome });
}

function writeFailure(folder: string, what: string, own: Synthetic, kind: string, message: string, name: string, jobs: number): void {
  const { workloads, ...rest } = tupleOf(own, name, jobs);
  const key = digestOf([digestOf({ ...rest, workloads: workloads.map(({ seed: _, ...workload }) => workload) }), own.seed]);
  writeSweepTrial(folder, what, { key, seed: own.seed, repetition: 0, values: valuesOf(own), outcome: { kind, at: null, message } });
}

function writeSweepTrial(folder: string, stack: string, { key, outcome, ...rest }: OfSweep & { key: string; outcome: object }): void {
  const id = sha256(stack).slice(0, 16);
  mkdirSync(join(folder, "trials"), { recursive: true });
  const content = {
    schemaVersion,
    id,
    key: { tuple: key, image: "", program: "", repetition: rest.repetition },
    sweep: "synthetic",
    stack,
    ...rest,
    hypervisor: "qemu:///system",
    machine: "synthetic",
    start: "booted",
    started: "",
    ended: "",
    seconds: 1,
    savingSeconds: 0,
    outcome,
  };
  writeFileSync(join(folder, "trials", `${id}.json`), JSON.stringify(content));
}
