import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hostlist } from "../../agent/hostlist.ts";
import { nodeRanges } from "../../model/node-ranges.ts";
import { parse } from "../../model/problem.ts";
import { runSecondsAnnotation, volcano } from "../../model/schedulers/volcano.ts";
import { topology } from "../../model/topology.ts";

const machine = (parts: object = {}) => topology.parse({ compute: [{ count: 2, ...parts }] });
const parameters = (parts: object = {}) => parse("scheduler", volcano.parameters, { kind: "volcano", ...parts });
const complaints = (parts: object, on = machine()) =>
  volcano.problems(parameters(parts), on).map(({ path, message }) => `${path.join(".")}: ${message}`);
const tiers = (...names: string[]) => ({ scheduler: { tiers: [{ plugins: names.map((name) => ({ name })) }] } });

test("the defaults are sound", () => {
  expect(complaints({})).toEqual([]);
});

describe("a wrong configuration is refused, which vc-scheduler would only log", () => {
  test.each<[string, object, string]>([
    ["no gang", tiers("predicates"), "scheduler.scheduler.tiers: have no plugin gang: jobs would start in parts"],
    [
      "proportion with capacity",
      tiers("gang", "predicates", "proportion", "capacity"),
      'scheduler.scheduler.tiers.0.plugins.2: "proportion" does not go with capacity: both would share out the queues',
    ],
    ["a plugin twice", tiers("gang", "predicates", "gang"), 'scheduler.scheduler.tiers.0.plugins.2: "gang" is already there'],
    ["no allocate", { scheduler: { actions: ["enqueue"] } }, "scheduler.scheduler.actions: enqueue lacks allocate: no job would start"],
    [
      "a right that nothing gives",
      { queues: [{ name: "fast", deserved: { cpu: 4 } }] },
      'scheduler.queues.0.deserved: has no meaning for "fast" without the plugin capacity: name it in place of proportion',
    ],
    [
      "a weight of no resource",
      {
        scheduler: {
          tiers: [{ plugins: [{ name: "gang" }, { name: "predicates" }, { name: "binpack", arguments: { "binpack.gpu": 3 } }] }],
        },
      },
      "scheduler.scheduler.tiers.0.plugins.2.arguments.binpack.gpu: is not one of binpack.weight, binpack.cpu, binpack.memory, binpack.resources, binpack.resources.<name>",
    ],
    [
      "a lease that is longer than the patience with it",
      { kubelet: { nodeLeaseDurationSeconds: 400 }, controllerManager: { nodeMonitorGracePeriod: "6m" } },
      "scheduler.controllerManager.nodeMonitorGracePeriod: 6m is less than kubelet.nodeLeaseDurationSeconds, 400: nodes would not be ready while their leases hold",
    ],
    [
      "a user of two queues",
      {
        queues: [
          { name: "q1", users: ["u1"] },
          { name: "q2", users: ["u1"] },
        ],
      },
      'scheduler.queues.1.users: "u1" has a queue already',
    ],
  ])("%s", (_, given, complaint) => {
    expect(complaints(given)).toEqual([complaint]);
  });

  test("hierarchical drf beside proportion", () => {
    const plugins = [{ name: "gang" }, { name: "predicates" }, { name: "proportion" }, { name: "drf", enableHierarchy: true }];
    expect(complaints({ scheduler: { tiers: [{ plugins }] } })).toHaveLength(1);
  });

  test("devices that are passed through", () => {
    const gpus = { count: 1, gpus: 1, gpuPciAddresses: ["0000:01:00.0"] };
    expect(complaints({}, machine(gpus))[0]).toContain("declare GPUs only");
  });

  test.each<[string, object, string]>([
    ["a plugin of no such name", tiers("gangs"), "gangs"],
    [
      "another plugin's argument",
      { scheduler: { tiers: [{ plugins: [{ name: "sla", arguments: { "overcommit-factor": 2 } }] }] } },
      "overcommit-factor: is not one of sla-waiting-time",
    ],
    ["a period without its unit", { scheduler: { schedulePeriod: "5" } }, 'scheduler.schedulePeriod: "5" does not match'],
  ])("%s", (_, given, complaint) => {
    expect(() => parameters(given)).toThrow(complaint);
  });
});

test("the role gets the flags by their daemons, and vc-scheduler's configuration as YAML that is JSON", () => {
  const given = parameters({
    scheduler: { schedulePeriod: "200ms", actions: ["allocate", "backfill"] },
    controllers: { workerThreads: 5 },
  });
  const { volcano_flags, volcano_scheduler_conf } = volcano.roleVariables(given, machine());
  expect(volcano_flags["vc-scheduler"]).toContain("--schedule-period=200ms");
  expect(volcano_flags["vc-controller-manager"]).toEqual([
    "--kube-api-qps=50",
    "--kube-api-burst=100",
    "--worker-threads=5",
    "--worker-threads-for-podgroup=5",
    "--worker-threads-for-gc=1",
  ]);
  expect(JSON.parse(volcano_scheduler_conf)).toMatchObject({
    actions: "allocate, backfill",
    tiers: [{ plugins: [{ name: "priority" }, { name: "gang", enablePreemptable: false }, { name: "conformance" }] }, {}],
  });
});

test("whatever flag the role gets is expected of the running daemon", () => {
  const given = parameters();
  const expected = volcano.expectedConfiguration(given, machine());
  for (const [daemon, flags] of Object.entries(volcano.roleVariables(given, machine()).volcano_flags))
    for (const flag of flags) {
      const [name, value] = flag.split("=");
      expect(expected[`${daemon} ${name}`]).toBe(value);
    }
});

test("each node has a certificate that RBAC knows it by, and the apiserver the head's name", () => {
  const { certificates } = volcano.secrets(machine()).volcano_certificates;
  expect(certificates.cn2).toEqual({ subject: "/O=system:nodes/CN=system:node:cn2", hosts: ["cn2"] });
  expect(certificates["kube-apiserver"]?.hosts).toContain("head");
});

describe("emulated nodes", () => {
  const groups = topology.parse({
    head: { memoryGiB: 8 },
    compute: [
      { name: "cpu", count: 384, profile: "perlmutter-cpu", nodes: "emulated" },
      { name: "gpu", count: 128, profile: "perlmutter-gpu", nodes: "emulated" },
    ],
  });

  test("are groups to the role, which has no kubelet to set up", () => {
    expect(volcano.roleVariables(parameters(), groups)).toMatchObject({
      volcano_nodes: [],
      volcano_emulated_groups: [
        { name: "cpu", count: 384, cpus: 64, gpus: 0, memoryMiB: 471859 },
        { name: "gpu", count: 128, cpus: 64, gpus: 4, memoryMiB: 235929 },
      ],
    });
    expect(volcano.roleVariables(parameters(), machine()).volcano_emulated_groups).toEqual([]);
  });

  test("share one certificate, that of what pretends to be them", () => {
    const { certificates } = volcano.secrets(groups).volcano_certificates;
    expect(certificates.kwok).toEqual({ subject: "/CN=schedfront:kwok", hosts: [] });
    expect(certificates).not.toHaveProperty("cpu1");
    expect(volcano.secrets(machine()).volcano_certificates.certificates).not.toHaveProperty("kwok");
  });

  test("are expected by what they offer, thousands of them in a few lines", () => {
    const ofNodes = Object.entries(volcano.expectedConfiguration(parameters(), groups)).filter(([key]) => key.startsWith("Nodes"));
    expect(Object.fromEntries(ofNodes)).toEqual({
      "Nodes with cpu=64": "cpu[1-384],gpu[1-128]",
      "Nodes with nodeLeaseDurationSeconds=40": "cpu[1-384],gpu[1-128]",
      "Nodes with memory=471859Mi": "cpu[1-384]",
      "Nodes with memory=235929Mi": "gpu[1-128]",
      "Nodes with nvidia.com/gpu=4": "gpu[1-128]",
    });
  });
});

test.each([
  [["cn1", "cn3", "cn2"], "cn[1-3]"],
  [["b10", "b9", "a1", "b12"], "a1,b[9-10,12]"],
  [[], ""],
])("%s is %s, and comes back from it", (names, ranges) => {
  expect(nodeRanges(names)).toBe(ranges);
  expect(hostlist(ranges).toSorted()).toEqual(names.toSorted());
});

test("what becomes of an emulated pod hangs on what the agent writes on it, and on what the role calls its user", () => {
  const role = "ansible/roles/scheduler_volcano";
  const stages = readFileSync(`${role}/files/kwok.yaml`, "utf8");
  expect(stages.match(/schedfront\/run-seconds/g)).toHaveLength(2);
  expect(runSecondsAnnotation).toBe("schedfront/run-seconds");
  expect(readFileSync(`${role}/templates/objects.json.j2`, "utf8")).toContain("'kind': 'User', 'name': 'schedfront:kwok'");
});
