import { mean } from "simple-statistics";
import { deliveredPerformanceLoss } from "./metrics/delivered-performance.ts";
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
  readonly run: Run;
}

/** α, β, γ, δ of one trial: means over its runs that are valid, all to be minimised. */
export function objectives(runs: readonly PurposedRun[]): Objectives {
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
    deliveredPerformanceLoss: objective("δ", "delivered-performance loss", "fraction", delivered(of("kernel"))),
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

function delivered(runs: readonly Run[]): Found {
  if (runs.length === 0) return "the suite has no kernel";
  const best = runs.filter(({ doubts }) => isValid(doubts)).flatMap(({ mode, figures }) => figures.map((figure) => ({ mode, ...figure })));
  const kernels = [...new Set(best.map(({ name }) => name))].flatMap((kernel) => {
    const values = (wanted: Run["mode"]) => best.filter(({ name, mode }) => name === kernel && mode === wanted).map(({ value }) => value);
    const [scheduled, bare] = [values("scheduler"), values("bare")];
    const better = best.find(({ name }) => name === kernel)?.better ?? "higher";
    return scheduled.length === 0 || bare.length === 0 ? [] : [{ kernel, scheduled: mean(scheduled), bare: mean(bare), better }];
  });
  return deliveredPerformanceLoss(kernels) ?? "no kernel has a valid run both with and without the scheduler";
}
