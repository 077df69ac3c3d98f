import { geometricMean } from "simple-statistics";

/** One kernel's figure of merit, with and without the scheduler, on the same hosts. */
export interface Delivered {
  readonly kernel: string;
  readonly scheduled: number;
  readonly bare: number;
  readonly better: "higher" | "lower";
}

/**
 * δ, delivered-performance loss, a fraction: 1 − geometric mean over kernels of (figure under the scheduler ÷ figure by
 * plain mpirun). Below 0 where the scheduler's runs were faster, which is noise or placement. Null without kernels.
 */
export function deliveredPerformanceLoss(kernels: readonly Delivered[]): number | null {
  if (kernels.length === 0) return null;
  return 1 - geometricMean(kernels.map(({ scheduled, bare, better }) => (better === "higher" ? scheduled / bare : bare / scheduled)));
}
