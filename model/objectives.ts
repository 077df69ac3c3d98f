import { mean } from "simple-statistics";
import { type Delivered, deliveredPerformanceLoss } from "./metrics/delivered-performance.ts";
import { isValid, type Run } from "./run.ts";
import type { Purpose } from "./workload.ts";

/** One axis of the Pareto front. */
export interface Objective {
  readonly symbol: "α" | "β" | "γ" | "δ";
  readonly name: string;
  readonly unit: string;
  readonly direction: "minimise";
  /** Null where the suite does not measure it, or no valid run did; `reason` says which. */
  readonly value: number | null;
  readonly reason?: string;
  /** The value is no less than this, and may be more: jobs were cut off before it was known. */
  readonly lowerBound?: true;
}

/** A value, one that is a lower bound, or why there is none. */
type Found = number | { readonly value: number; readonly lowerBound: true } | string;

export type Objectives = Readonly<Record<"responsiveness" | "lossOfCapacity" | "controlPlaneCost" | "deliveredPerformanceLoss", Objective>>;

/** A run with what its workload measures. */
export interface PurposedRun {
  readonly purpose: Purpose;
  /** Tells one kernel from another: runs with the same are compared with each other. Where it is not given, the workload's kind does. */
  readonly kernel?: string;
  readonly run: Run;
}

/**
 * α, β, γ, δ of one trial: means over its runs that are valid, all to be minimised.
 * @param undelivered why the nodes cannot deliver any performance, where they cannot
 */
export function objectives(runs: readonly PurposedRun[], undelivered: string | null = null): Objectives {
  const of = (purpose: Purpose) => runs.filter((given) => given.purpose === purpose).map(({ run }) => run);
  const objective = (symbol: Objective["symbol"], name: string, unit: string, found: Found): Objective => {
    const fixed = { symbol, name, unit, direction: "minimise" } as const;
    if (typeof found === "object") return { ...fixed, ...found };
    return typeof found === "number" ? { ...fixed, value: found } : { ...fixed, value: null, reason: found };
  };
  return {
    responsiveness: objective("α", "mean bounded slowdown", "1", meanOf(of("stream"), "meanBoundedSlowdown", "job stream")),
    lossOfCapacity: objective("β", "loss of capacity", "fraction", lossOfCapacity(of("stream"), of("fill"))),
    controlPlaneCost: objective("γ", "control-plane cost", "ms per job", meanOf(of("burst"), "controlPlaneCost", "burst")),
    deliveredPerformanceLoss: objective(
      "δ",
      "delivered-performance loss",
      "fraction",
      undelivered ?? delivered(runs.filter(({ purpose }) => purpose === "kernel")),
    ),
  };
}

function meanOf(runs: readonly Run[], metric: string, what: string): Found {
  if (runs.length === 0) return `the suite has no ${what}`;
  const valid = runs.filter(({ doubts }) => isValid(doubts));
  const found = valid.flatMap(({ metrics }) => metrics.find(({ name, value }) => name === metric && value !== null) ?? []);
  if (found.length === 0) return `no run of the ${what} is valid`;
  const value = mean(found.flatMap((metric) => metric.value ?? []));
  return found.some(({ lowerBound }) => lowerBound) ? { value, lowerBound: true } : value;
}

/** A backlog is another experiment than a stream, so that the two are never averaged: it counts where there is no stream. */
function lossOfCapacity(streams: readonly Run[], fills: readonly Run[]): Found {
  return streams.length === 0 && fills.length > 0
    ? meanOf(fills, "lossOfCapacity", "backlog")
    : meanOf(streams, "lossOfCapacity", "job stream");
}

/** δ only of all kernels together: one that has no figure on either side would make another δ than that of other trials. */
function delivered(given: readonly PurposedRun[]): number | string {
  if (given.length === 0) return "the suite has no kernel";
  const figures: Delivered[] = [];
  for (const [kernel, runs] of kernelsOf(given)) {
    const valid = runs.filter(({ doubts }) => isValid(doubts));
    const of = (wanted: Run["mode"]) => valid.filter(({ mode }) => mode === wanted).flatMap((run) => run.figures);
    const [scheduled, bare] = [of("scheduler"), of("bare")];
    const label = runs[0]?.workload ?? kernel;
    if (scheduled.length === 0) return `${label} has no valid run with the scheduler`;
    if (bare.length === 0) return `${label} has no valid run without the scheduler`;
    for (const figure of new Set([...scheduled, ...bare].map(({ name }) => name))) {
      const [mine, theirs] = [scheduled, bare].map((all) => all.filter(({ name }) => name === figure));
      if (mine === undefined || theirs === undefined || mine.length === 0 || theirs.length === 0)
        return `${label} has ${figure} only ${mine?.length === 0 ? "without" : "with"} the scheduler`;
      const meanOfAll = (all: typeof mine) => mean(all.map(({ value }) => value));
      figures.push({ kernel, figure, scheduled: meanOfAll(mine), bare: meanOfAll(theirs), better: mine[0]?.better ?? "higher" });
    }
  }
  return deliveredPerformanceLoss(figures) ?? "the suite has no kernel";
}

/** Runs of one kernel, its repetitions and its baseline, in order of their first. */
function kernelsOf(given: readonly PurposedRun[]): Map<string, Run[]> {
  const kernels = new Map<string, Run[]>();
  for (const { kernel, run } of given) kernels.set(kernel ?? run.workload, [...(kernels.get(kernel ?? run.workload) ?? []), run]);
  return kernels;
}
