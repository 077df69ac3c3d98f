import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationOf, differences, type Reading, troubledSince, unusableNodes } from "../../agent/schedulers/flux/reading.ts";
import { schedulers } from "../../model/schedulers/index.ts";
import { topology } from "../../model/topology.ts";

const reading = JSON.parse(readFileSync("test/agent/fixtures/flux/reading.json", "utf8")) as Reading;
const effective = configurationOf(reading);

test("the configuration by dotted names, with the module that schedules and its nodes", () => {
  expect(effective).toEqual({
    "exec.imp": "/usr/libexec/flux/flux-imp",
    "access.allow-guest-user": "true",
    "access.allow-root-owner": "true",
    "resource.exclude": "head",
    "resource.noverify": "true",
    "resource.config": '[{"hosts":"head,cn[1-2]","cores":"0-1"}]',
    "module.sched": "sched-simple",
    nodes: "cn1,cn2",
  });
});

test("what Fluxion's modules report stands under their names", () => {
  const parameters = { "sched-fluxion-resource": { params: { policy: "first" } } };
  expect(configurationOf({ ...reading, parameters })).toMatchObject({ "sched-fluxion-resource.params.policy": "first" });
});

test("a scheduler that was not loaded, and a setting that is not there, are differences", () => {
  const given = schedulers.flux.parameters.parse({ kind: "flux", "queue-policy": "easy" });
  const expected = schedulers.flux.expectedConfiguration(given, topology.parse({ compute: [{ count: 2, cpus: 2 }] }));
  const found = differences(expected, effective);
  expect(found).toContain('module.sched: asked "sched-fluxion-qmanager", runs "sched-simple"');
  expect(found).toContain('sched-fluxion-qmanager.params.queue-policy: asked "easy", not reported');
  expect(found.some((words) => words.startsWith("nodes:"))).toBe(false);
});

test("a drained node takes no jobs, with Flux's reason", () => {
  expect(unusableNodes(reading)).toEqual(new Map([["cn2", "drained: a bad fan"]]));
});

test("nodes that were drained or went offline, since a time", () => {
  expect(troubledSince(reading, 1795611700)).toEqual(new Map([["cn2", "drained: a bad fan"]]));
  expect(troubledSince(reading, 1795611900)).toEqual(new Map());
  const events = [{ name: "offline", timestamp: 2e9, context: { idset: "1-2" } }];
  expect([...troubledSince({ ...reading, events }, 1.9e9)]).toEqual([
    ["cn1", "went offline"],
    ["cn2", "went offline"],
  ]);
});
