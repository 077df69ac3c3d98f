import { geometricMean } from "simple-statistics";

/** One figure of merit of one kernel, with and without the scheduler, on the same hosts. */
export interface Delivered {
  readonly kernel: string;
  readonly figure: string;
  readonly scheduled: number;
  readonly bare: number;
  readonly better: "higher" | "lower";
}

/**
 * δ, delivered-performance loss, a fraction: 1 − geometric mean over kernels of what each is given, which is the geometric
 * mean over the kernel's own figures of (figure under the scheduler ÷ figure by plain mpirun), inverted where lower is better.
 * So every kernel weighs the same, however many figures it has. Below 0 where the scheduler's runs were faster, which is noise
 * or placement. Null without kernels. Ratios are averaged as in Fleming and Wallace, "How not to lie with statistics",
 * CACM 29(3), 1986.
 */
export function deliveredPerformanceLoss(figures: readonly Delivered[]): number | null {
  if (figures.length === 0) return null;
  const kernels = new Map<string, number[]>();
  for (const { kernel, scheduled, bare, better } of figures) {
    const ratio = better === "higher" ? scheduled / bare : bare / scheduled;
    kernels.set(kernel, [...(kernels.get(kernel) ?? []), ratio]);
  }
  return 1 - geometricMean([...kernels.values()].map((ratios) => geometricMean(ratios)));
}
