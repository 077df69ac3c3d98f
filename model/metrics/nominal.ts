import type { JobTimes } from "../timeline.ts";

/**
 * Nominal run time p of a job, in seconds. Where nobody knew it before, the measured run time stands for it, and else the
 * walltime limit, for which a slowdown is least.
 */
export function nominalSeconds({ job, started, ended }: JobTimes): number {
  const measured = started === null || ended === null ? null : ended - started;
  return job.runSeconds ?? measured ?? job.walltimeSeconds;
}
