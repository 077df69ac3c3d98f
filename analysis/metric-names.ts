/** What a metric is called where people read it, in the order in which they do; the names are those of docs/metrics.md. */
const names: Readonly<Record<string, string>> = {
  meanBoundedSlowdown: "bounded slowdown, mean",
  p95BoundedSlowdown: "bounded slowdown, P95",
  fairness: "fairness between users (Jain)",
  medianWait: "wait, median",
  p95Wait: "wait, P95",
  maxWait: "wait, longest",
  meanTurnaround: "turnaround, mean",
  lossOfCapacity: "loss of capacity",
  utilisation: "utilisation",
  controlPlaneCost: "control-plane cost",
  makespan: "makespan",
  throughput: "throughput",
  successRate: "success rate",
  elapsed: "elapsed",
  p50Launch: "allocation to first instruction, P50",
  p95Launch: "allocation to first instruction, P95",
  p50SubmissionTime: "submission, P50",
  p99SubmissionTime: "submission, P99",
  controlPlaneCpu: "control plane, CPU",
  controlPlanePeakMemory: "control plane, peak memory",
  p50DriverLateness: "driver late, P50",
  p99DriverLateness: "driver late, P99",
  maxDriverLateness: "driver late, most",
  maxClockOffset: "clocks apart, most",
  maxSteal: "stolen from a node, most",
  otherHostLoad: "other load on the hypervisor",
};

const order = new Map(Object.keys(names).map((name, i) => [name, i]));
const stem = (name: string) => name.split(".")[0] ?? name;
const place = (name: string) => order.get(stem(name)) ?? -1;

/** `controlPlaneCpu.slurmctld` → `control plane, CPU: slurmctld`; a figure of merit has its own name. */
export function spoken(name: string): string {
  const words = names[stem(name)];
  return words === undefined ? name : words + name.slice(stem(name).length).replace(".", ": ");
}

/** Figures of merit first, then as above, a part after its whole. */
export const asSpoken = (a: string, b: string): number => place(a) - place(b) || (a < b ? -1 : Number(a > b));
