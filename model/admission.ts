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

/** The first job of each that is refused for another reason, with how many are. */
export function workloadAdmission(
  { topology, scheduler }: Pick<Parts, "topology" | "scheduler">,
  workload: number,
  jobs: readonly Job[],
): Problem[] {
  const { admission } = schedulerKind(scheduler);
  if (admission === undefined) return [];
  const { mostJobs, refusal } = admission(scheduler, topology);
  const refused = new Map<string, number>();
  for (const job of jobs) {
    const why = refusal(job);
    if (why !== null) refused.set(why, (refused.get(why) ?? 0) + 1);
  }
  const path = ["workloads", workload];
  const [first] = refused;
  return [
    ...(mostJobs !== undefined && jobs.length > mostJobs.count
      ? [{ path, message: `${jobs.length} jobs, the scheduler keeps ${mostJobs.count}: raise ${mostJobs.at}` }]
      : []),
    ...(first === undefined ? [] : [{ path, message: `${first[1]} of ${jobs.length} jobs would never run: ${first[0]}` }]),
  ];
}
