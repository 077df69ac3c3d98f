import type { HypervisorFacts } from "./capacity.ts";
import { otherLoadLimit } from "./host-load.ts";
import type { ImageBackend } from "./image.ts";
import { type DeclaredObjective, objectiveList, objectives, type PurposedRun } from "./objectives.ts";
import {
  type Fidelity,
  type NetworkMeasurement,
  parseRecord,
  type Start,
  schemaVersion,
  type TrialRecord,
  type Verified,
} from "./record.ts";
import { type Doubt, isValid, type Metric, type Run } from "./run.ts";
import { areEmulated, machines } from "./topology.ts";
import type { Tuple } from "./tuple.ts";
import { countedInInstructions, hasVirtualClock } from "./virtual-time.ts";

/** What an image backend hands on. Paths are on the machine that runs Pulumi. */
export interface ImageFiles {
  /** What built it: part of a result's identity, for the programs in it are others. */
  readonly backend: ImageBackend;
  /** Root file system, qcow2. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Kernel command line. */
  readonly commandLine: string;
  /** sha256 over what made the image and the versions of its packages. */
  readonly digest: string;
  /** Text file with a line for each package, which starts with `package=version`, and `path=sha256:digest` for each file of the user's. */
  readonly manifest: string;
}

export interface TrialParts {
  readonly tuple: Tuple;
  readonly runs: readonly PurposedRun[];
  readonly image: ImageFiles;
  readonly hypervisor: HypervisorFacts;
  /** libvirt's domain type: hardware virtualisation, or QEMU's own emulation. */
  readonly domainType: "kvm" | "qemu";
  /** How the machines came to be. */
  readonly start: Start;
  readonly network: NetworkMeasurement;
  readonly verified: Verified;
  /** The program's version and the digest of its sources. */
  readonly program: { readonly version: string; readonly sources: string };
}

/** One tuple's trial as its record has it. What is too long to keep, or was never to be, is cut or refused here. */
export function trial(parts: TrialParts, declared: readonly DeclaredObjective[] = objectiveList): TrialRecord {
  const { tuple, image, hypervisor, domainType, start, network, verified, program } = parts;
  const runs = hasVirtualClock(tuple.topology)
    ? parts.runs.map((purposed) => ({ ...purposed, run: countedInInstructions(purposed.run) }))
    : parts.runs;
  const labels = labelsOf(runs);
  const ofRuns = runs.flatMap(({ run }, i) => doubtsOf(run, hypervisor, labels[i]));
  const doubts = [...ofRuns, ...hostDoubts(tuple, hypervisor), ...networkDoubts(network)];
  const { cpus, cpuModel, memoryTotalGiB, libvirtVersion, qemuVersion, kvm } = hypervisor;
  const record = {
    schemaVersion,
    tuple,
    fidelity: fidelityOf(tuple, domainType),
    objectives: objectives(runs, areEmulated(tuple.topology) ? "emulated nodes deliver no performance" : null, declared),
    metrics: Object.fromEntries(runs.map((given, i) => [labels[i], metricsOf(given)])),
    validity: { valid: isValid(doubts), doubts },
    network,
    provenance: {
      program,
      image: { backend: image.backend, digest: image.digest, manifest: image.manifest },
      start,
      scheduler: verified,
      // Without what changes from minute to minute.
      hypervisor: { cpus, cpuModel, memoryTotalGiB, libvirtVersion, qemuVersion, kvm },
    },
    runs,
  };
  return parseRecord(record, declared);
}

function fidelityOf({ topology }: Tuple, domainType: TrialParts["domainType"]): Fidelity {
  if (hasVirtualClock(topology)) return "emulated-nodes-virtual-time";
  return `${areEmulated(topology) ? "emulated-nodes" : "vm"}${domainType === "kvm" ? "" : "-emulated-cpu"}`;
}

/** What tells a run from the others; of several that look alike the later ones are counted. */
function labelsOf(runs: readonly PurposedRun[]): string[] {
  const seen = new Map<string, number>();
  return runs.map(({ run }) => {
    const label = `${run.workload} seed ${run.seed}${run.mode === "bare" ? " bare" : ""}`;
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}

const metricsOf = ({ run }: PurposedRun): Record<string, Omit<Metric, "name">> => {
  const figures = run.figures.map(({ name, value, unit }): Metric => ({ name, value, unit }));
  return Object.fromEntries([...run.metrics, ...figures].map(({ name, ...rest }) => [name, rest]));
};

const doubtsOf = (run: Run, hypervisor: HypervisorFacts, label = run.workload): Doubt[] =>
  [...run.doubts, ...loadDoubts(run, hypervisor)].map((doubt) => ({ ...doubt, message: `${label}: ${doubt.message}` }));

/** What ask-agent measured beside the run: whether the hypervisor was busy with something else. */
function loadDoubts({ metrics }: Run, { cpus }: HypervisorFacts): Doubt[] {
  const load = metrics.find(({ name }) => name === "otherHostLoad")?.value ?? 0;
  const message = `other work took ${load.toFixed(2)} of the hypervisor's ${cpus} cores; the most is ${100 * otherLoadLimit} %, above which times are no result`;
  return load > otherLoadLimit * cpus ? [{ code: "host loaded", severity: "caution", message }] : [];
}

/** More virtual cores than real ones: the nodes disturb each other. */
function hostDoubts({ topology }: Tuple, { cpus }: HypervisorFacts): Doubt[] {
  const asked = machines(topology).reduce((sum, node) => sum + node.cpus, 0);
  return asked <= cpus
    ? []
    : [{ code: "cores shared", severity: "caution", message: `${asked} virtual cores share the hypervisor's ${cpus}` }];
}

/** A link counts as shaped as asked within a tenth of the rate, and a fifth of the round trip beyond what the bare link takes. */
function networkDoubts({ asked, paths }: NetworkMeasurement): Doubt[] {
  return paths.flatMap(({ from, to, bandwidthGbitPerSecond: measured, roundTripMicroseconds: { min } }) => {
    const rate = asked.bandwidthGbitPerSecond;
    const roundTrip = 2 * asked.latencyMicroseconds;
    const off: string[] = [];
    if (rate !== null && (measured < 0.9 * rate || measured > 1.05 * rate)) off.push(`${measured.toFixed(3)} Gbit/s, asked ${rate}`);
    if (roundTrip > 0 && (min < roundTrip || min > 1.2 * roundTrip)) off.push(`round trip ${Math.round(min)} µs, asked ${roundTrip}`);
    return off.map((message) => ({
      code: "network differs" as const,
      severity: "caution" as const,
      message: `${from} to ${to}: ${message}`,
    }));
  });
}
