import type { OwnFile } from "../../model/scheduler.ts";
import type { Usability } from "../../model/usability.ts";
import type { DominanceClaim } from "../statistics/dominance-claims.ts";
import type { Estimate } from "../statistics/estimate.ts";
import type { Level, ParameterEffect } from "../statistics/parameter-effects.ts";
import type { SeedPlan } from "../statistics/seed-planning.ts";
import type { Answer } from "./answer/schema.ts";
import type { StreamFigures } from "./answer/stream-figures.ts";

/** What the report knows, as `analysis.json` holds it: everything that page and figures show is in here. */
export interface Analysis {
  /** ISO 8601. */
  readonly generated: string;
  readonly sections: readonly Section[];
  /** Objectives that are drawn against the number of nodes, by key, with the figure's caption. */
  readonly againstNodes: Readonly<Record<string, string>>;
  /** How far emulated nodes agree with machines. */
  readonly agreements: readonly Agreement[];
  /** Files that are no records, with the reason. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** Trials that measured nothing and of which no section is known. */
  readonly unplaced: readonly Unplaced[];
  /** Effective configurations of schedulers by digest. */
  readonly schedulers: Readonly<Record<string, { readonly version: string; readonly effective: Readonly<Record<string, unknown>> }>>;
}

export interface Unplaced {
  readonly file: string;
  readonly sweep: string;
  readonly kind: string;
  readonly message: string;
}

/** Results that may be compared: one fidelity, one scale, one workload suite. */
export interface Section {
  /** `section-1` and so on. */
  readonly id: string;
  readonly fidelity: string;
  /** The machines, in words. */
  readonly scale: string;
  /** The workloads, in words. */
  readonly suite: string;
  /** sha256 of topology and workloads, shortened: what tells sections apart whose words are the same. */
  readonly digest: string;
  readonly nodeCount: number;
  /** The nodes as the scheduler sees them. */
  readonly groups: readonly NodeGroup[];
  readonly backend: string;
  /** Offered load of its job stream; null without one, or with several. */
  readonly load: number | null;
  /** sha256 of all that makes the section but the load: sections with the same are points of one curve over it. */
  readonly loadlessDigest: string;
  /** sha256 of the workloads. */
  readonly suiteDigest: string;
  /** Those that were measured, in the order in which they are declared. */
  readonly objectives: readonly ObjectiveAxis[];
  /** Those that no trial measured, or that are not comparable here, and why. */
  readonly unmeasured: readonly { readonly symbol: string; readonly name: string; readonly reason: string }[];
  readonly configurations: readonly Configuration[];
  /** Names of the parameters that vary, in full. */
  readonly varying: readonly string[];
  /** Null where nothing is ranked. */
  readonly front: FrontSummary | null;
  /** How many seeds all ranked configurations have: every comparison uses these. */
  readonly seeds: number;
  /** Of the ordered pairs of ranked configurations of which one may dominate the other; none with too few common seeds. */
  readonly dominance: readonly DominanceClaim[];
  readonly effects: readonly ParameterEffect[];
  readonly detectable: readonly Detectable[];
  /** For every configuration and objective. */
  readonly planning: readonly Planning[];
  /** What to keep in mind about the whole section. */
  readonly cautions: readonly string[];
  /** Lines of the schedulers' own files, each once: the configurations name them by their place. */
  readonly ownLines: readonly string[];
  readonly answer: Answer;
}

/** One of a scheduler's own files; its lines by their place in {@link Section.ownLines}. */
export interface NumberedFile extends Omit<OwnFile, "lines"> {
  readonly lines: readonly number[];
}

/** Equal nodes. */
export interface NodeGroup {
  readonly count: number;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly gpus: number;
}

export interface ObjectiveAxis {
  readonly key: string;
  readonly symbol: string;
  readonly name: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** On which it is averaged, compared and normalised. */
  readonly scale: "linear" | "log10";
}

export interface FrontSummary {
  readonly anchors: readonly {
    readonly objective: string;
    readonly ideal: number;
    readonly nadir: number;
    readonly scale: "linear" | "log10";
  }[];
  /** Of the front, in normalised units up to the reference point. */
  readonly hypervolume: Estimate;
  readonly reference: number;
  readonly kneeByDistance: string;
  readonly kneeByHyperplane: string;
  readonly plane: "extreme points" | "unit";
}

/** Invalid: measured, and not to be trusted. Infeasible: refused, or beyond a limit. Missing: objectives were not measured. */
export type Standing =
  | { readonly kind: "ranked"; readonly rank: number }
  | { readonly kind: "invalid" | "infeasible" | "missing"; readonly reason: string };

export interface Configuration {
  /** A, B, …, Z, AA: unique within its section. */
  readonly id: string;
  readonly digest: string;
  /** Of the tuple without seeds, hypervisor and what built the image: by which a sweep names its base. */
  readonly comparedDigest: string;
  /** The parameters that vary, in short. */
  readonly label: string;
  readonly parameters: Readonly<Record<string, Level>>;
  readonly standing: Standing;
  /** How far its numbers can be used: what its trials' cautions say of each objective. */
  readonly usability: Usability;
  /** By objective: mean over the common seeds, or over its own where it is not ranked, with its interval; null where it was not measured. */
  readonly estimates: Readonly<Record<string, Estimate | null>>;
  /** In what share of the draws of the true means it is on the front, and each knee; null where that is not known. */
  readonly frontProbability: number | null;
  readonly kneeByDistanceShare: number | null;
  readonly kneeByHyperplaneShare: number | null;
  /** Distance to the front in normalised units: 0 on it. Null where it is not ranked, or a bound is all that is known. */
  readonly epsilon: number | null;
  /** What stands beside the objectives, means over the valid trials. */
  readonly beside: Beside;
  readonly waits: Distribution | null;
  readonly slowdowns: Distribution | null;
  /** The scheduler's own files; none where this version cannot read the record's tuple. */
  readonly files: readonly NumberedFile[];
  readonly trials: readonly Trial[];
}

/** Of the steady jobs of all valid trials. Quantiles at 0, 1 … 100 %. */
export interface Distribution {
  readonly unit: string;
  readonly jobs: number;
  readonly censored: number;
  readonly quantiles: readonly number[];
}

/** What qualifies α and γ; null where it was not measured. */
export interface Beside {
  /** The share of α that is launching, which time compression multiplies; null without compression. */
  readonly launchingShare: number | null;
  /** CPU seconds of the control plane per job: of a burst, and under the stream's load. */
  readonly burstCpuSeconds: number | null;
  readonly streamCpuSeconds: number | null;
  /** The most memory that the control plane held. */
  readonly peakMemoryMiB: number | null;
}

/** How many seeds find a difference in an objective of one configuration. */
export interface Planning {
  readonly configuration: string;
  readonly objective: string;
  /** The configuration that it is compared with, seed by seed; null where there is none, and its mean stands alone. */
  readonly against: string | null;
  readonly seeds: number;
  /** Null below three seeds, or without a number; `reason` says which. */
  readonly plan: SeedPlan | null;
  readonly reason?: string;
}

export interface Trial {
  /** Unique within the report: `t1` and so on. */
  readonly id: string;
  readonly file: string;
  readonly sha256: string | null;
  readonly seed: string;
  /** Valid: complete and to be used. */
  readonly status: "valid" | "invalid" | "infeasible" | "missing";
  readonly reason: string | null;
  readonly objectives: Readonly<Record<string, number | null>>;
  /** Objectives of which only a lower bound is known, by key. */
  readonly lowerBounds: readonly string[];
  /** On what objectives rest, by key: results of different bases are not compared. */
  readonly bases: Readonly<Record<string, string>>;
  readonly beside: Beside;
  readonly doubts: readonly { readonly severity: string; readonly code: string; readonly message: string }[];
  readonly provenance: Provenance | null;
  readonly sweep: { readonly name: string; readonly stack: string; readonly repetition: number } | null;
  readonly runs: readonly TrialRun[];
  /** Of its job streams; null without a table of their jobs. */
  readonly stream: StreamFigures | null;
}

export interface Provenance {
  readonly program: string;
  readonly sources: string;
  readonly image: string;
  readonly scheduler: string;
  readonly schedulerDigest: string;
  readonly hypervisor: string;
  readonly connection: string;
}

/** One objective of a configuration that ran on machines, and on nodes that only pretended to be these. */
export interface Agreement {
  readonly objective: string;
  readonly configuration: string;
  readonly machines: Measured;
  readonly emulated: Measured;
  /** Mean over the seeds that both have of emulated minus machines, a ratio on a logarithmic scale; null where they share none. */
  readonly difference: Estimate | null;
  /** Of the difference. */
  readonly scale: "linear" | "log10";
  readonly pairs: number;
}

/** Where a mean comes from. */
export interface Measured {
  readonly section: string;
  readonly configuration: string;
  readonly fidelity: string;
  readonly estimate: Estimate | null;
}

/** A run whose jobs can be drawn, or why they cannot. */
export interface TrialRun {
  /** Unique within the report: `t1-r0`. */
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly table: string;
  readonly problem: string | null;
}

/** What the rig can tell from nothing, by trials that were run twice: two runs of the same thing, seed by seed. */
export interface Detectable {
  readonly objective: string;
  readonly configuration: string;
  /** Second minus first, a ratio on a logarithmic scale: its interval should hold no change, or the rig drifts. */
  readonly difference: Estimate | null;
  /** What so many seeds detect, and how many are needed; null with fewer than two. */
  readonly plan: SeedPlan | null;
  readonly pairs: number;
}

/** Times in seconds after the first submission; null: it did not happen. */
export interface JobRow {
  readonly id: string;
  /** When it was to be submitted. */
  readonly due: number;
  readonly submit: number;
  /** Whether it is in per-job figures; the warm-up is not. */
  readonly isCounted: boolean;
  readonly start: number | null;
  readonly end: number | null;
  /** Nominal run time; the measured one, or the limit, where the table has none. */
  readonly runSeconds: number | null;
  /** How many nodes it asked for. */
  readonly nodes: number;
  /** Cores that it asked for on each of them; null where the table has none. */
  readonly coresPerNode: number | null;
  /** Nodes that it ran on, numbered from 0: `0-2 5`. */
  readonly on: string;
  readonly state: string;
  /** Account that submitted it, and the partition or queue that it named; absent where the table does not say. */
  readonly user?: string;
  readonly queue?: string;
}

/** Jobs of runs by the run's id: kept beside the analysis, for they are long. */
export type Jobs = Readonly<Record<string, readonly JobRow[]>>;
