import { flattened, leaseSetting, offers } from "../../../model/schedulers/volcano.ts";
import type { Lease, Node, Queue, WebhookConfiguration } from "./objects.ts";

/** Volcano's configuration as it runs: flags of processes, the file that one of them names, and objects of the apiserver. */

/** `kube-apiserver\0--a=b\0--c\0` → `kube-apiserver --a`: b, `kube-apiserver --c`: true. A flag that is given twice has its values in order. */
export function parseFlags(daemon: string, commandLine: string): Record<string, string> {
  const found: Record<string, string> = {};
  const words = commandLine.split("\0").slice(1);
  for (const word of words) {
    const [, name, value = "true"] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) continue;
    const key = `${daemon} --${name}`;
    found[key] = found[key] === undefined ? value : `${found[key]},${value}`;
  }
  return found;
}

/** Which actions and plugins the scheduler has run since it started, from its own metrics (Prometheus' text format). */
export function parseMetrics(text: string): Record<string, string> {
  const run = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort().join(",");
  return {
    "actions run": run(/^volcano_action_scheduling_latency_milliseconds_count\{action="([^"]+)"\}/gm),
    "plugins run": run(/^volcano_plugin_scheduling_latency_milliseconds_count\{[^}]*plugin="([^"]+)"[^}]*\}/gm),
  };
}

export const parseQueues = (queues: readonly Queue[]): Record<string, string> =>
  Object.assign({}, ...queues.map(({ metadata, spec }) => flattened(spec, `Queue.${metadata.name}`)));

export const parseWebhooks = (configurations: readonly WebhookConfiguration[]): Record<string, string> => ({
  webhooks: configurations
    .flatMap(({ webhooks }) => webhooks?.map(({ name }) => name) ?? [])
    .sort()
    .join(","),
});

/** What nodes offer to pods, memory in MiB, whatever unit kubelet has it in; and how long the lease of each holds. */
export function parseNodes(nodes: readonly Node[], leases: readonly Lease[]): Record<string, string> {
  const ofNode = new Map(leases.map(({ metadata: { name }, spec }) => [name, { [leaseSetting]: String(spec.leaseDurationSeconds) }]));
  return offers(
    nodes.map(({ metadata: { name }, status: { allocatable = {} } = {} }) => ({
      name,
      amounts: { ...allocatable, memory: mebibytes(allocatable.memory ?? "0"), ...ofNode.get(name) },
    })),
  );
}

const factors: Readonly<Record<string, number>> = { "": 2 ** -20, Ki: 2 ** -10, Mi: 1, Gi: 2 ** 10 };

/** `943104Ki` → `921Mi`. */
function mebibytes(quantity: string): string {
  const [, number, unit = ""] = /^(\d+)(Ki|Mi|Gi|)$/.exec(quantity) ?? [];
  const factor = factors[unit];
  return number === undefined || factor === undefined ? quantity : `${Math.floor(Number(number) * factor)}Mi`;
}

/** What was asked for and runs differently, or is not reported: one sentence each. */
export const differences = (expected: Readonly<Record<string, string>>, effective: Readonly<Record<string, string>>): string[] =>
  Object.entries(expected).flatMap(([key, asked]) => {
    const runs = effective[key];
    if (runs === undefined) return [`${key}: asked "${asked}", not reported`];
    return runs === asked ? [] : [`${key}: asked "${asked}", runs "${runs}"`];
  });

/** Why a node takes no pods; null where it does. */
export function unusableReason(node: Node | undefined): string | null {
  if (node === undefined) return "unknown to kube-apiserver";
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") return `not ready: ${ready?.message ?? "kubelet has said nothing"}`;
  if (node.spec.unschedulable) return "cordoned";
  const taint = node.spec.taints?.find(({ effect }) => effect !== "PreferNoSchedule");
  return taint === undefined ? null : `tainted ${taint.key}`;
}
