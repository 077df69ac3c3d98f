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

/** A value, or why there is none. */
type Found = { readonly value: number; readonly lowerBound?: true } | string;

export type Objectives = Readonly<Record<"responsiveness" | "lossOfCapacity" | "controlPlaneCost" | "deliveredPerformanceLoss", Objective>>;

/** A run with what its workload measures. */
export interface PurposedRun {
  /** Position of the workload in the suite, from 0: two workloads of one kind are two experiments. */
  readonly index: number;
  readonly purpose: Purpose;
  readonly run: Run;
}

/** α, β, γ, δ of one trial: means over its runs that are valid, all to be minimised. */
export function objectives(runs: readonly PurposedRun[]): Objectives {
  const given = (purpose: Purpose) => runs.filter((run) => run.purpose === purpose);
  const of = (purpose: Purpose) => given(purpose).map(({ run }) => run);
  const objective = (symbol: Objective["symbol"], name: string, unit: string, found: Found): Objective => {
    const fixed = { symbol, name, unit, direction: "minimise" } as const;
    return typeof found === "string" ? { ...fixed, value: null, reason: found } : { ...fixed, ...found };
  };
  return {
    responsiveness: objective("α", "mean bounded slowdown", "1", meanOf(of("stream"), "meanBoundedSlowdown", "job stream")),
    lossOfCapacity: objective("β", "loss of capacity", "fraction", meanOf(of("stream"), "lossOfCapacity", "job stream")),
    controlPlaneCost: objective("γ", "control-plane cost", "ms per job", meanOf(of("burst"), "controlPlaneCost", "burst")),
    deliveredPerformanceLoss: objective("δ", "delivered-performance loss", "fraction", delivered(given("kernel"))),
  };
}

function meanOf(runs: readonly Run[], metric: string, what: string): Found {
  if (runs.length === 0) return `the suite has no ${what}`;
  const valid = runs.filter(({ doubts }) => isValid(doubts));
  const found = valid.flatMap(({ metrics }) => metrics.find(({ name, value }) => name === metric && value !== null) ?? []);
  if (found.length === 0) return `no run of the ${what} is valid`;
  const bound = found.some(({ lowerBound }) => lowerBound) ? ({ lowerBound: true } as const) : {};
  return { value: mean(found.flatMap(({ value }) => value ?? [])), ...bound };
}

/** Each figure of each workload is a kernel; its value is the mean over the seeds that are valid. */
function delivered(runs: readonly PurposedRun[]): Found {
  if (runs.length === 0) return "the suite has no kernel";
  const valid = runs.filter(({ run }) => isValid(run.doubts));
  const found = valid.flatMap(({ index, run }) =>
    run.figures.map((figure) => ({ kernel: `${index} ${figure.name}`, mode: run.mode, ...figure })),
  );
  const kernels = [...new Set(found.map(({ kernel }) => kernel))].flatMap((kernel) => {
    const own = found.filter((figure) => figure.kernel === kernel);
    const values = (wanted: Run["mode"]) => own.filter(({ mode }) => mode === wanted).map(({ value }) => value);
    const [scheduled, bare] = [values("scheduler"), values("bare")];
    const better = own[0]?.better ?? "higher";
    return scheduled.length === 0 || bare.length === 0 ? [] : [{ kernel, scheduled: mean(scheduled), bare: mean(bare), better }];
  });
  const value = deliveredPerformanceLoss(kernels);
  return value !== null ? { value } : "no kernel has a valid run both with and without the scheduler";
}
