import type { JobEnd, JobEvent } from "../../../model/event.ts";
import type { Outcome } from "../../../model/job.ts";
import type { AuditEvent } from "./audit-log.ts";
import { type Condition, type Pod, type PodGroup, parsePodName, type VolcanoJob } from "./objects.ts";

/** What Kubernetes' records say of jobs. */

const precisionSeconds = 1e-6;

/** Events of jobs, of which each is several of their pods': a gang is allocated with its last pod, and gone with its last. */
export function jobEvents(seen: readonly AuditEvent[]): JobEvent[] {
  const byJob = new Map<string, AuditEvent[]>();
  for (const event of seen) {
    const known = byJob.get(event.job);
    if (known === undefined) byJob.set(event.job, [event]);
    else known.push(event);
  }
  return [...byJob].flatMap(([job, events]) => {
    const bound = events.filter(({ what }) => what === "bound");
    const over = new Map<string, number>();
    for (const event of events) if (event.what === "over" && !over.has(event.pod)) over.set(event.pod, event.seconds);
    const isFirst = (what: "running" | "over") => events.find((event) => event.what === what && event.isFirst);
    const times: [JobEvent["event"], number | undefined][] = [
      ["submit", events.find(({ what }) => what === "submitted")?.seconds],
      ["allocated", latest(bound.map(({ seconds }) => seconds))],
      ["started", isFirst("running")?.seconds],
      ["ended", isFirst("over")?.seconds],
      // Until every pod that got a node has left it, the job holds one.
      ["cleaned", over.size >= bound.length ? latest([...over.values()]) : undefined],
    ];
    return times.flatMap(([event, seconds]): JobEvent[] =>
      seconds === undefined ? [] : [{ job, event, seconds, clock: "scheduler", precisionSeconds }],
    );
  });
}

const latest = (seconds: readonly number[]) => (seconds.length === 0 ? undefined : Math.max(...seconds));

/** Phases that a job does not leave any more. */
const finalPhases = new Set(["Completed", "Failed", "Terminated", "Aborted"]);

export const phaseOf = ({ status }: VolcanoJob): string => status?.state?.phase ?? "Pending";
export const hasEnded = (job: VolcanoJob): boolean => finalPhases.has(phaseOf(job));

/** Whether a pod has left its node, or never had one, by its own record. */
export const isOver = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

/** How a job ended, by its phase and by what is known of its pods. */
export function jobEnd(job: string, phase: string, pods: readonly Pod[]): JobEnd {
  const inOrder = [...pods].sort((a, b) => rank(a) - rank(b));
  // A pod that somebody ended fails, too.
  const failed = inOrder.find(({ metadata, status }) => status?.phase === "Failed" && metadata.deletionTimestamp === undefined);
  const ofFirst = inOrder.find(({ metadata }) => parsePodName(metadata.name)?.isFirst);
  const outcome =
    phase === "Completed" ? "completed" : failed !== undefined ? outcomeOf(failed) : phase === "Failed" ? "failed" : "cancelled";
  return {
    job,
    outcome,
    nodes: inOrder.flatMap(({ spec }) => spec.nodeName ?? []),
    exitCode: (ofFirst === undefined ? undefined : terminationOf(ofFirst)?.exitCode) ?? null,
  };
}

/** The first pod, then the others by their numbers. */
const rank = ({ metadata: { name } }: Pod) => (parsePodName(name)?.isFirst ? -1 : Number(/\d+$/.exec(name)?.[0]));

const terminationOf = ({ status }: Pod) => status?.containerStatuses?.[0]?.state?.terminated;

function outcomeOf(failed: Pod): Outcome {
  if (failed.status?.reason === "DeadlineExceeded") return "timeout";
  return terminationOf(failed)?.reason === "OOMKilled" ? "out of memory" : "failed";
}

/** Why a job that has not ended does not run: what kubelet says of its pods, or else what the scheduler says of its gang. */
export function waitingReason(pods: readonly Pod[], gang: PodGroup | undefined): string | null {
  for (const { spec, status } of pods) {
    const waiting = status?.containerStatuses?.[0]?.state?.waiting;
    if (spec.nodeName !== undefined && waiting?.reason !== undefined) return words(waiting);
  }
  const unfit = gang?.status?.conditions?.findLast(({ type, status }) => type === "Unschedulable" && status === "True");
  const unplaced = pods
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type, status }) => type === "PodScheduled" && status === "False");
  const condition = unfit ?? unplaced;
  if (condition !== undefined) return words(condition);
  return gang?.status?.phase === "Pending" ? "the scheduler has not let its gang into the queue yet" : null;
}

const words = ({ reason, message }: Pick<Condition, "reason" | "message">) => [reason, message].filter((part) => part).join(": ");
