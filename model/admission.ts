import type { Job } from "./job.ts";
import type { Problem } from "./problem.ts";
import { type Scheduler, schedulerKind } from "./schedulers/index.ts";
import type { Topology } from "./topology.ts";
import { jobsOf, type Workload, workloadKind } from "./workloads/index.ts";

interface Parts {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly workloads: readonly Workload[];
}

/** Jobs of a workload that the scheduler, so configured, refuses or never starts. Those of a file are known only once it was read. */
export function admissionProblems(parts: Parts): Problem[] {
  return parts.workloads.flatMap((workload, i) => {
    const kind = workloadKind(workload);
    return kind.reads === undefined ? workloadAdmission(parts, i, jobsOf(workload, parts.topology, workload.seed)) : [];
  });
}

/** Reasons that a message gives. */
const mostReasons = 3;

/** What is wrong with a workload's jobs: too many at once, and those that never run, with the commonest reasons. */
export function workloadAdmission(
  parts: Pick<Parts, "topology" | "scheduler">,
  workload: number,
  jobs: readonly Job[],
  remedy = "",
): Problem[] {
  const path = ["workloads", workload];
  const mostJobs = schedulerKind(parts.scheduler).admission?.(parts.scheduler, parts.topology).mostJobs;
  const refused = neverRun(parts, jobs);
  return [
    ...(mostJobs !== undefined && jobs.length > mostJobs.count
      ? [{ path, message: `${jobs.length} jobs, the scheduler keeps ${mostJobs.count}: raise ${mostJobs.at}` }]
      : []),
    ...(refused.size === 0
      ? []
      : [{ path, message: `${refused.size} of ${jobs.length} jobs would never run: ${reasonsOf(refused)}${remedy}` }]),
  ];
}

/** Ids of the jobs that the scheduler refuses or never starts, each with why. */
export function neverRun({ topology, scheduler }: Pick<Parts, "topology" | "scheduler">, jobs: readonly Job[]): Map<string, string> {
  const admission = schedulerKind(scheduler).admission?.(scheduler, topology);
  if (admission === undefined) return new Map();
  return new Map(
    jobs.flatMap((job) => {
      const why = admission.refusal(job);
      return why === null ? [] : [[job.id, why] as const];
    }),
  );
}

/** The commonest reasons, each with the first job that has it. */
export function reasonsOf(refused: ReadonlyMap<string, string>): string {
  const found = new Map<string, { readonly first: string; count: number }>();
  for (const [id, why] of refused) {
    const own = found.get(why);
    if (own === undefined) found.set(why, { first: id, count: 1 });
    else own.count++;
  }
  const common = [...found].sort(([, a], [, b]) => b.count - a.count).slice(0, mostReasons);
  const more = found.size - common.length;
  return [
    ...common.map(([why, { first, count }]) => `${count === 1 ? first : `${first} and ${count - 1} more`}: ${why}`),
    ...(more > 0 ? [`and for ${more} other reasons`] : []),
  ].join("; ");
}
