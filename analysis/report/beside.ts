import { mean } from "simple-statistics";
import { launchingShare } from "../../model/metrics/launching.ts";
import type { TrialRecord } from "../../model/record.ts";
import type { Beside, Trial } from "./analysis.ts";

export const nothingBeside: Beside = { launchingShare: null, burstCpuSeconds: null, streamCpuSeconds: null, peakMemoryMiB: null };

/** What a record has beside its objectives: means over its runs. */
export function besideOf({ runs }: Pick<TrialRecord, "runs">): Beside {
  const values = (purpose: string, name: string) =>
    runs.flatMap((own) => (own.purpose === purpose ? (own.run.metrics.find((metric) => metric.name === name)?.value ?? []) : []));
  const [alpha, compressed] = ["meanBoundedSlowdown", "meanBoundedSlowdownWithLaunchingCompressed"].map((name) =>
    meanOrNull(values("stream", name)),
  );
  const peaks = [...values("burst", "controlPlanePeakMemory"), ...values("stream", "controlPlanePeakMemory")];
  return {
    launchingShare: alpha == null || compressed == null ? null : launchingShare(alpha, compressed),
    burstCpuSeconds: meanOrNull(values("burst", "controlPlaneCpu")),
    streamCpuSeconds: meanOrNull(values("stream", "controlPlaneCpu")),
    peakMemoryMiB: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** Over the valid trials of a configuration. */
export function besideIn(trials: readonly Trial[]): Beside {
  const valid = trials.filter(({ status }) => status === "valid").map(({ beside }) => beside);
  const over = (key: keyof Beside) => valid.flatMap((own) => own[key] ?? []);
  return {
    launchingShare: meanOrNull(over("launchingShare")),
    burstCpuSeconds: meanOrNull(over("burstCpuSeconds")),
    streamCpuSeconds: meanOrNull(over("streamCpuSeconds")),
    peakMemoryMiB: over("peakMemoryMiB").length === 0 ? null : Math.max(...over("peakMemoryMiB")),
  };
}

const meanOrNull = (values: readonly number[]) => (values.length === 0 ? null : mean([...values]));
