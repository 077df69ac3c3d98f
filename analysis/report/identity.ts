import { digestOf } from "../../model/identity.ts";
import type { RecordedTuple } from "../../model/record.ts";
import type { Level } from "../statistics/parameter-effects.ts";

/** What is compared, whatever the seed and the machine that it ran on. */
export interface Identity {
  /** Of the tuple without seeds and hypervisor. */
  readonly digest: string;
  /** Of the tuple without seeds alone; a sweep's trials are known by the digest of this and the seed. */
  readonly tupleDigest: string;
  /** {@link comparedDigest} of the tuple. */
  readonly comparedDigest: string;
  /** `7`, or the seeds of all workloads where they differ. */
  readonly seed: string;
  /** Every scalar of the scheduler and the image by its path in the tuple: `scheduler.SchedulerParameters.bf_interval`. */
  readonly parameters: Readonly<Record<string, Level>>;
  readonly kind: SectionKind;
}

/** Results of different kinds are never compared. Time compression, bodies and load are of the suite. */
export type SectionKind = Readonly<Record<"fidelity" | "backend" | "start" | "topology" | "suite", string>>;

/** @param made what the nodes were, what built their image, and how they came to be */
export function identity(tuple: RecordedTuple, made: Pick<SectionKind, "fidelity" | "backend" | "start">): Identity {
  const { topology, workloads, ...rest } = tuple;
  const { scale, suite } = comparedParts(tuple);
  const seeds = [...new Set(workloads.map(({ seed }) => (seed === undefined ? "none" : String(seed))))];
  return {
    digest: digestOf({ ...rest, backend: made.backend, topology: scale, workloads: suite }),
    tupleDigest: digestOf({ ...rest, topology, workloads: suite }),
    comparedDigest: comparedDigest(tuple),
    seed: seeds.join(" "),
    parameters: Object.fromEntries(Object.entries(rest).flatMap(([name, value]) => scalars(name, value))),
    kind: { ...made, topology: digestOf(scale), suite: digestOf(suite) },
  };
}

/** What of topology and workloads must be the same for two results to be compared. */
function comparedParts({ topology, workloads }: Pick<RecordedTuple, "topology" | "workloads">) {
  const { hypervisor: _, ...machines } = topology;
  // An address says nothing about the machine behind it.
  const { subnet: __, ...network } = machines.network ?? {};
  return { scale: { ...machines, network }, suite: workloads.map(({ seed: ___, ...workload }) => workload) };
}

/** Of a tuple without seeds, hypervisor, addresses and what built the image: known before it has run. */
export function comparedDigest(tuple: RecordedTuple): string {
  const { topology: _, workloads: __, ...rest } = tuple;
  const { scale, suite } = comparedParts(tuple);
  return digestOf({ ...rest, topology: scale, workloads: suite });
}

/** The scalars in a value by path. */
function scalars(path: string, value: unknown): [string, Level][] {
  if (Array.isArray(value)) return value.flatMap((inner, i) => scalars(`${path}[${i}]`, inner));
  if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, inner]) => scalars(`${path}.${key}`, inner));
  return [[path, level(value)]];
}

/** A parameter's value as the report shows it. */
export const level = (value: unknown): Level =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : (JSON.stringify(value) ?? "unset");
