import { parsePodName } from "./objects.ts";

/**
 * kube-apiserver's audit log (audit.k8s.io/v1, one JSON object a line), as far as the role's policy lets it say what becomes of
 * jobs and their pods. Its times have microseconds.
 */

/** What happened to a job, or to one of its pods. */
export type AuditEvent = { readonly job: string; readonly seconds: number } & (
  | { readonly what: "submitted" }
  /** Bound: the pod has its node. */
  | { readonly what: "bound"; readonly pod: string }
  /** Its first container runs, by kubelet. */
  | { readonly what: "running"; readonly pod: string; readonly isFirst: boolean }
  /** Its node is free of it. */
  | { readonly what: "over"; readonly pod: string; readonly isFirst: boolean }
);

interface Entry {
  readonly verb: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: { readonly status?: { readonly phase?: string }; readonly gracePeriodSeconds?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** The event that one line tells of; null for every other line. */
export function parseAuditLine(line: string): AuditEvent | null {
  if (!line.includes('"stage":"ResponseComplete"')) return null;
  const { verb, objectRef = {}, responseStatus, requestObject, requestReceivedTimestamp, stageTimestamp } = JSON.parse(line) as Entry;
  const { resource, subresource, name } = objectRef;
  if (name === undefined || (responseStatus?.code ?? 0) >= 300) return null;
  if (resource === "jobs" && subresource === undefined && verb === "create")
    return { what: "submitted", job: name, seconds: secondsOf(requestReceivedTimestamp) };
  const owner = resource === "pods" ? parsePodName(name) : null;
  if (owner === null) return null;
  const { job, isFirst } = owner;
  const seconds = secondsOf(stageTimestamp);
  if (subresource === "binding") return { what: "bound", job, pod: name, seconds };
  const phase = subresource === "status" ? requestObject?.status?.phase : undefined;
  if (phase === "Running") return { what: "running", job, pod: name, isFirst, seconds };
  if (phase === "Succeeded" || phase === "Failed") return { what: "over", job, pod: name, isFirst, seconds };
  // kubelet's own deletion comes once the containers are gone; anybody else's only asks for it.
  if (verb === "delete" && subresource === undefined && requestObject?.gracePeriodSeconds === 0)
    return { what: "over", job, pod: name, isFirst, seconds };
  return null;
}

/** `2026-11-25T12:00:00.123456Z`, of which Date keeps milliseconds only. */
export function secondsOf(timestamp: string): number {
  const [whole = "", fraction = "0"] = timestamp.replace("Z", "").split(".");
  return Date.parse(`${whole}Z`) / 1000 + Number(`0.${fraction}`);
}
