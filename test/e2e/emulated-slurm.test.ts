import { afterAll, beforeAll, expect, test } from "vitest";
import { libvirtInventory, outputOf, Stack } from "./stack.ts";

/** Slurm on nodes that one machine pretends to be: its start script is systemd's and bash's together, which no smaller test runs. */

const stack = new Stack("e2e-emulated", {
  "schedfront:topology": { head: { cpus: 2, memoryGiB: 2 }, compute: [{ nodes: "emulated", count: 3, cpus: 8, memoryGiB: 64, gpus: 2 }] },
  "schedfront:scheduler": { kind: "slurm", TaskPlugin: "task/none" },
  "schedfront:workloads": [
    { kind: "burst", jobs: 10 },
    {
      kind: "jobstream",
      jobs: 10,
      sizes: [{ nodes: 1 }, { nodes: 3 }],
      gpus: [{ gpusPerNode: 0 }, { gpusPerNode: 2 }],
      runTime: { minSeconds: 2, maxSeconds: 8 },
    },
  ],
});

let before: Record<string, string[]>;
beforeAll(async () => {
  before = await libvirtInventory();
  await stack.create();
});

// Whatever failed above, nothing may stay.
afterAll(() => stack.destroy());

test("up: one machine is all nodes, and every job on them is accounted for", async () => {
  const result = await stack.up();
  expect(result.ok, result.text).toBe(true);
  const domains = await outputOf("virsh", "--quiet", "--connect", "qemu:///system", "list", "--name");
  expect(domains.split("\n").filter((name) => name.startsWith("schedfront-e2e-emulated-"))).toEqual(["schedfront-e2e-emulated-head"]);
  const { objectives, validity, fidelity, metrics } = await stack.outputs();
  expect(validity.doubts.filter(({ severity }) => severity === "invalid")).toEqual([]);
  expect(["emulated-nodes", "emulated-nodes-emulated-cpu"]).toContain(fidelity);
  expect(objectives.responsiveness?.value).toBeGreaterThanOrEqual(1);
  expect(objectives.lossOfCapacity?.value).toBeGreaterThanOrEqual(0);
  expect(objectives.controlPlaneCost?.value).toBeGreaterThan(0);
  expect(objectives.deliveredPerformanceLoss?.value).toBeNull();
  expect(Object.keys(metrics)).toEqual(["burst seed 1", "jobstream seed 1"]);
});

test("destroy leaves nothing", async () => {
  const { ok, text } = await stack.destroy();
  expect(ok, text).toBe(true);
  expect(await libvirtInventory()).toEqual(before);
});
