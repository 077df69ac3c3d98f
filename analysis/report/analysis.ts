import type { Estimate } from "../statistics/estimate.ts";
import type { Level, ParameterEffect } from "../statistics/parameter-effects.ts";

/** What the report knows, as `analysis.json` holds it: everything that page and figures show is in here. */
export interface Analysis {
  /** ISO 8601. */
  readonly generated: string;
  readonly sections: readonly Section[];
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
  /** Those that were measured, α first. Every one is to be minimised. */
  readonly objectives: readonly ObjectiveAxis[];
  /** Those that no trial measured, and why. */
  readonly unmeasured: readonly { readonly symbol: string; readonly name: string; readonly reason: string }[];
  readonly configurations: readonly Configuration[];
  /** Names of the parameters that vary, in full. */
  readonly varying: readonly string[];
  /** Null where nothing is ranked. */
  readonly front: FrontSummary | null;
  /** Of every ordered pair of ranked configurations. */
  readonly dominance: readonly {
    readonly configuration: string;
    readonly other: string;
    readonly probability: number | null;
    readonly seeds: number;
  }[];
  readonly effects: readonly ParameterEffect[];
  readonly detectable: readonly Detectable[];
  /** What to keep in mind about the whole section. */
  readonly cautions: readonly string[];
}

export interface ObjectiveAxis {
  readonly key: string;
  readonly symbol: string;
  readonly name: string;
  readonly unit: string;
  /** How it is normalised. */
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
  /** The parameters that vary, in short. */
  readonly label: string;
  readonly parameters: Readonly<Record<string, Level>>;
  readonly standing: Standing;
  /** By objective: mean over seeds with its interval; null where it was not measured. */
  readonly estimates: Readonly<Record<string, Estimate | null>>;
  /** How often it is on the front, and each knee, among the resamples; null where that is not known. */
  readonly frontProbability: number | null;
  readonly kneeByDistanceShare: number | null;
  readonly kneeByHyperplaneShare: number | null;
  /** Additive ε to the front, normalised: 0 on a front of one. Null where it is not ranked. */
  readonly epsilon: number | null;
  readonly waits: Distribution | null;
  readonly slowdowns: Distribution | null;
  readonly trials: readonly Trial[];
}

/** Of the steady jobs of all valid trials. Quantiles at 0, 1 … 100 %. */
export interface Distribution {
  readonly unit: string;
  readonly jobs: number;
  readonly censored: number;
  readonly quantiles: readonly number[];
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
  readonly doubts: readonly { readonly severity: string; readonly code: string; readonly message: string }[];
  readonly provenance: Provenance | null;
  readonly sweep: { readonly name: string; readonly stack: string; readonly repetition: number } | null;
  readonly runs: readonly TrialRun[];
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

/** A run whose jobs can be drawn, or why they cannot. */
export interface TrialRun {
  /** Unique within the report: `t1-r0`. */
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly table: string;
  readonly problem: string | null;
}

/** The smallest difference that the rig tells from none, by trials that were run twice. */
export interface Detectable {
  readonly objective: string;
  readonly configuration: string;
  /** In the objective's unit; null where too little was repeated. */
  readonly minimum: number | null;
  readonly reason: string | null;
  readonly difference: Estimate | null;
  readonly pairs: number;
}

/** Times in seconds after the first submission; null: it did not happen. */
export interface JobRow {
  readonly id: string;
  readonly submit: number;
  readonly start: number | null;
  readonly end: number | null;
  /** Nominal run time; the measured one, or the limit, where the table has none. */
  readonly runSeconds: number | null;
  /** How many nodes it asked for. */
  readonly nodes: number;
  /** Nodes that it ran on, numbered from 0: `0-2 5`. */
  readonly on: string;
  readonly state: string;
}

/** Jobs of runs by the run's id: kept beside the analysis, for they are long. */
export type Jobs = Readonly<Record<string, readonly JobRow[]>>;
