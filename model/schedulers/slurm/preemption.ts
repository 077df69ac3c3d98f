/** Which PreemptMode goes with which PreemptType: slurmctld does not start with any other pair (slurm.conf(5), PreemptMode). */

export const preemptTypes = ["preempt/none", "preempt/partition_prio", "preempt/qos"] as const;

/** What is done to a preempted job; GANG time-slices beside it, WITHIN preempts within a partition or a QOS. */
export const preemptModes = [
  "OFF",
  "GANG",
  "CANCEL",
  "CANCEL,GANG",
  "REQUEUE",
  "REQUEUE,GANG",
  "SUSPEND,GANG",
  "WITHIN,CANCEL",
  "WITHIN,REQUEUE",
] as const;

const preempts = (mode: string) => /CANCEL|REQUEUE|SUSPEND/.test(mode);

/** Why slurmctld would not start, or null. */
export function preemptionProblem(type: (typeof preemptTypes)[number], mode: (typeof preemptModes)[number]): string | null {
  const fitting = preemptModes.filter((one) => preempts(one) === (type !== "preempt/none"));
  return fitting.includes(mode)
    ? null
    : `"${mode}" does not go with PreemptType ${type}: use one of ${fitting.map((one) => `"${one}"`).join(", ")}`;
}
