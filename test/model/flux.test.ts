import { describe, expect, test } from "vitest";
import { schedulers } from "../../model/schedulers/index.ts";
import { topology as topologySchema } from "../../model/topology.ts";
import { parseTuple } from "../../model/tuple.ts";

const { flux } = schedulers;
const compute = [
  { name: "cn", count: 4, cpus: 2 },
  { name: "gpu", count: 1, cpus: 8, gpus: 4 },
];
const topology = topologySchema.parse({ compute });
const given = (parts: object) => flux.parameters.parse({ kind: "flux", ...parts });
const settings = (parts: object) => flux.roleVariables(given(parts), topology).flux_settings;
const problems = (parts: object) => flux.problems(given(parts), topology).map(({ path, message }) => `${path.join(".")}: ${message}`);

const debug = { name: "debug", groups: ["gpu"], "queue-policy": "fcfs", "queue-params": { "queue-depth": 8 }, limits: { duration: "30m" } };
const batch = { name: "batch", groups: ["cn"], default: true };

test("stock Flux with Fluxion", () => {
  expect(settings({})).toEqual({
    "modules.alternatives.sched": "sched-fluxion-qmanager",
    "modules.alternatives.feasibility": "sched-fluxion-feasibility",
    "sched-fluxion-qmanager.queue-policy": "fcfs",
    "sched-fluxion-resource.match-policy": "first",
    "sched-fluxion-resource.match-format": "rv1_nosched",
  });
});

test("queues: nodes by property, policies in Fluxion's form, limits of their own", () => {
  expect(settings({ "queue-policy": "hybrid", "policy-params": { "reservation-depth": 4 }, queues: [debug, batch] })).toMatchObject({
    "sched-fluxion-qmanager.queue-policy": "hybrid",
    "sched-fluxion-qmanager.policy-params.reservation-depth": 4,
    "sched-fluxion-qmanager.queue-policy-per-queue": "debug:fcfs",
    "sched-fluxion-qmanager.queue-params-per-queue": "debug:queue-depth=8",
    "policy.jobspec.defaults.system.queue": "batch",
    "queues.debug.requires": ["queue-debug"],
    "queues.debug.policy.limits.duration": "30m",
    "queues.batch.requires": ["queue-batch"],
  });
});

test("flux-core's own schedulers take their depth as an argument, and nothing of Fluxion's", () => {
  expect(settings({ scheduler: "sched-backfill", "queue-params": { "queue-depth": 8 } })).toEqual({
    "modules.alternatives.sched": "sched-backfill",
    "modules.alternatives.feasibility": "sched-backfill",
    "modules.sched-backfill.args": ["queue-depth=8"],
  });
});

test("resources: the head's first, then each group's with its cores, GPUs and queues", () => {
  expect(flux.roleVariables(given({ queues: [debug, batch] }), topology).flux_resources).toEqual([
    { hosts: "head", cores: "0" },
    { hosts: "cn[1-4]", cores: "0-1", properties: ["queue-batch"] },
    { hosts: "gpu1", cores: "0-7", gpus: "0-3", properties: ["queue-debug"] },
  ]);
});

test("on emulated nodes one broker answers for all, and pretends guests' jobs; the rest is as on machines", () => {
  const emulated = topologySchema.parse({ head: { memoryGiB: 2 }, compute: compute.map((group) => ({ ...group, nodes: "emulated" })) });
  const own = { "modules.resource.args": ["monitor-force-up"], "exec.testexec.allow-guests": true };
  const parts = given({ "queue-policy": "easy", queues: [debug, batch], limits: { duration: "1h" } });
  const [pretended, real] = [emulated, topology].map((of) => flux.roleVariables(parts, of));
  expect(pretended).toEqual({ ...real, flux_settings: { ...(real?.flux_settings as object), ...own } });
  expect(flux.expectedConfiguration(parts, emulated)).toMatchObject({
    "modules.resource.args": '["monitor-force-up"]',
    "exec.testexec.allow-guests": "true",
    "policy.limits.duration": "1h",
    nodes: "cn1,cn2,cn3,cn4,gpu1",
  });
});

test("flux-core's own schedulers keep their depth on emulated nodes", () => {
  const emulated = topologySchema.parse({ head: { memoryGiB: 2 }, compute: [{ count: 2, nodes: "emulated" }] });
  expect(flux.roleVariables(given({ scheduler: "sched-fifo", "queue-params": { "queue-depth": 8 } }), emulated).flux_settings).toEqual({
    "modules.alternatives.sched": "sched-fifo",
    "modules.alternatives.feasibility": "sched-fifo",
    "modules.sched-fifo.args": ["queue-depth=8"],
    "modules.resource.args": ["monitor-force-up"],
    "exec.testexec.allow-guests": true,
  });
});

test("what must be read back has the modules' own parameters in it", () => {
  expect(flux.expectedConfiguration(given({ "queue-policy": "easy", queues: [debug, batch] }), topology)).toMatchObject({
    "sched-fluxion-qmanager.queue-policy": "easy",
    "sched-fluxion-qmanager.params.queue-policy": "easy",
    "sched-fluxion-qmanager.params.debug.queue-policy": "fcfs",
    "sched-fluxion-qmanager.params.batch.queue-policy": "easy",
    "sched-fluxion-resource.params.policy": "first",
    "queues.debug.requires": '["queue-debug"]',
    "module.sched": "sched-fluxion-qmanager",
    nodes: "cn1,cn2,cn3,cn4,gpu1",
  });
});

test.each([
  ["first", "core"],
  ["low", "core"],
  ["firstnodex", "node"],
  ["lonodex", "node"],
  ["policy=high node_exclusive=true", "node"],
])("under match-policy %s a job gets its %ss", (policy, unit) => {
  expect(flux.allocation(given({ "match-policy": policy }))).toEqual({ unit, memory: false });
});

test("the largest job of the suite is what the default queue allows, else what all do", () => {
  const max = (nnodes: number, ncores = -1) => ({ "job-size": { max: { nnodes, ncores } } });
  const most = (parts: object) => flux.mostNodesOfCanary(given(parts));
  expect(most({})).toBe(Number.POSITIVE_INFINITY);
  expect(most({ limits: max(8), queues: [{ ...debug, limits: max(2) }, batch] })).toBe(8);
  expect(most({ limits: max(8), queues: [{ ...batch, limits: max(16) }] })).toBe(16);
  expect(most({ limits: max(8), queues: [{ ...batch, limits: max(-1, 12) }] })).toBe(12);
});

describe("is refused", () => {
  test.each([
    [
      { scheduler: "sched-simple", "queue-policy": "easy" },
      'scheduler.queue-policy: "easy" needs Fluxion, but scheduler is "sched-simple"',
    ],
    [
      { scheduler: "sched-simple", queues: [debug, batch] },
      'scheduler.queues.0.queue-policy: needs Fluxion, but scheduler is "sched-simple"',
    ],
    [{ queues: [batch] }, 'scheduler.queues: group "gpu" is in none of them, so its nodes would stay idle'],
    [{ queues: [debug] }, "scheduler.queues: 0 queues have default: true, exactly one must"],
    [{ queues: [batch, { ...batch, default: false }] }, 'scheduler.queues.1.name: "batch" is already taken'],
    [
      { queues: [batch, { ...debug, groups: ["cn"] }] },
      'scheduler.queues.1.groups: "cn" is already in queue "batch", and queues may not overlap',
    ],
    [{ queues: [{ ...batch, groups: ["big"] }] }, 'scheduler.queues.0.groups: "big" is not one of the topology\'s groups cn, gpu'],
  ])("%j", (parts, words) => {
    expect(problems(parts)).toContain(words);
  });

  test("without a word of where Flux comes from", () => {
    const tuple = { topology: { compute }, scheduler: { kind: "flux" }, workloads: [{ kind: "burst" }] };
    expect(() => parseTuple(tuple)).toThrow("image.source: is missing: Debian has no Flux");
    expect(() => parseTuple({ ...tuple, image: { backend: "nixos" } })).toThrow('"flux" is on no NixOS image: nixpkgs has no Flux');
    const source = { kind: "archive", path: "flux.tar", sha256: "0".repeat(64) };
    expect(parseTuple({ ...tuple, image: { source } }).scheduler.kind).toBe("flux");
  });
});
