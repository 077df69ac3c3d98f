import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  differences,
  parseFlags,
  parseMetrics,
  parseNodes,
  parseQueues,
  parseWebhooks,
  unusableReason,
} from "../../agent/schedulers/volcano/configuration.ts";
import type { Lease, Node, Queue, WebhookConfiguration } from "../../agent/schedulers/volcano/objects.ts";
import { flattened, volcano } from "../../model/schedulers/volcano.ts";
import { topology } from "../../model/topology.ts";

const read = (name: string) => readFileSync(`test/agent/fixtures/volcano/${name}`, "utf8");
const items: readonly { readonly kind: string }[] = JSON.parse(read("cluster.json")).items;
const ofKind = <T>(kind: string) => items.filter((item) => item.kind.endsWith(kind)) as unknown as T[];

/** What the cluster of the fixtures was made from. */
const given = volcano.parameters.parse({
  kind: "volcano",
  scheduler: { schedulePeriod: "200ms" },
  queues: [{ name: "default" }, { name: "users", weight: 3, users: ["u1"] }],
});
const machine = topology.parse({ compute: [{ count: 2, cpus: 2 }] });
const variables = volcano.roleVariables(given, machine);

const effective = {
  ...parseFlags("vc-scheduler", read("vc-scheduler.cmdline")),
  ...flattened(JSON.parse(variables.volcano_scheduler_conf), "volcano-scheduler.conf"),
  ...parseMetrics(read("metrics.txt")),
  ...parseQueues(ofKind<Queue>("Queue")),
  ...parseNodes(ofKind<Node>("Node"), ofKind<Lease>("Lease")),
  ...parseWebhooks(ofKind<WebhookConfiguration>("WebhookConfiguration")),
};

/** The fixtures have one daemon's flags. */
const expected = Object.fromEntries(
  Object.entries(volcano.expectedConfiguration(given, machine)).filter(([key]) => !/^(kube|vc-controller|vc-webhook)/.test(key)),
);

describe("what runs is what was asked for", () => {
  test("all of it, on a real control plane", () => {
    expect(Object.keys(expected).length).toBeGreaterThan(30);
    expect(differences(expected, effective)).toEqual([]);
  });

  test.each([
    ["a flag", { "vc-scheduler --schedule-period": "1s" }, 'vc-scheduler --schedule-period: asked "200ms", runs "1s"'],
    ["a plugin that the scheduler did not know", { "plugins run": "gang" }, 'plugins run: asked "binpack,'],
    ["a webhook that is not there", { webhooks: "" }, 'webhooks: asked "mutatejob.volcano.sh,'],
    ["a queue's weight", { "Queue.users.weight": "1" }, 'Queue.users.weight: asked "3", runs "1"'],
    ["a lease", { "Nodes with nodeLeaseDurationSeconds=40": "cn1" }, 'Nodes with nodeLeaseDurationSeconds=40: asked "cn[1-2]", runs "cn1"'],
    ["a node's memory", { "Nodes with memory=921Mi": "cn2" }, 'Nodes with memory=921Mi: asked "cn[1-2]", runs "cn2"'],
  ])("%s that differs is named with both values", (_, other, sentence) => {
    const found = differences(expected, { ...effective, ...(other as Record<string, string>) });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test("what is not reported is named", () => {
    expect(differences({ "Queue.x.weight": "1" }, effective)).toEqual(['Queue.x.weight: asked "1", not reported']);
  });
});

test("flags with and without a value, and given twice", () => {
  expect(parseFlags("d", "/bin/d\0--a=b=c\0-v=2\0--on\0--c=1\0--c=2\0")).toEqual({
    "d --a": "b=c",
    "d --v": "2",
    "d --on": "true",
    "d --c": "1,2",
  });
  expect(parseFlags("d", "")).toEqual({});
});

test("memory is one figure, whatever its unit", () => {
  const node = (memory: string, i: number) => ({ metadata: { name: `n${i}` }, spec: {}, status: { allocatable: { memory } } });
  expect(parseNodes(["943104Ki", "921Mi", "965738496", "1Gi"].map(node), [])).toEqual({
    "Nodes with memory=921Mi": "n[0-2]",
    "Nodes with memory=1024Mi": "n3",
  });
});

describe("nodes", () => {
  const [node] = ofKind<Node>("Node");
  test("one that is ready takes pods", () => {
    expect(unusableReason(node)).toBeNull();
  });

  test.each<[string, Node | undefined, string]>([
    ["nobody knows", undefined, "unknown to kube-apiserver"],
    ["has said nothing", { metadata: { name: "n" }, spec: {} }, "not ready: kubelet has said nothing"],
    [
      "is tainted",
      {
        metadata: { name: "n" },
        spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] },
        status: node?.status ?? {},
      },
      "tainted node.kubernetes.io/not-ready",
    ],
    ["is cordoned", { metadata: { name: "n" }, spec: { unschedulable: true }, status: node?.status ?? {} }, "cordoned"],
  ])("one that %s does not", (_, given, reason) => {
    expect(unusableReason(given)).toBe(reason);
  });
});
