import type { KubernetesObject } from "./api-server.ts";

/** What is read of Kubernetes' and Volcano's objects. */

/** https://volcano.sh/en/docs/vcjob/, "status". */
export interface VolcanoJob extends KubernetesObject {
  readonly status?: { readonly state?: { readonly phase?: string; readonly message?: string } };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface PodGroup extends KubernetesObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

export interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly reason?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly waiting?: { readonly reason?: string; readonly message?: string };
        readonly terminated?: { readonly exitCode: number; readonly reason?: string };
      };
    }[];
  };
}

export interface Node extends KubernetesObject {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly allocatable?: Readonly<Record<string, string>> };
}

/** Has the name of its node. */
export interface Lease extends KubernetesObject {
  readonly spec: { readonly leaseDurationSeconds?: number };
}

export interface Queue extends KubernetesObject {
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks?: readonly { readonly name: string }[];
}

/** Volcano's name of a pod: job, task and number. A job's tasks are its first pod, and the others. */
export function parsePodName(name: string): { readonly job: string; readonly isFirst: boolean } | null {
  const [, job, task] = /^(.+)-(first|others)-\d+$/.exec(name) ?? [];
  return job === undefined ? null : { job, isFirst: task === "first" };
}
