import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stackFile } from "../components/program.ts";
import { libvirtInventory, outputOf, Stack } from "./stack.ts";

/**
 * One tuple on real virtual machines, from nothing to nothing. The steps build on each other, in order; each takes
 * minutes without hardware virtualisation. Runs in the sandbox: make e2e.
 */

const small = stackFile("slurm-2node");
const slurm = (parameters: object) => ({ ...small, "schedfront:scheduler": { kind: "slurm", ...parameters } });

const one = new Stack("e2e-one", small);
const two = new Stack("e2e-two", {
  "schedfront:topology": { compute: [{ name: "node", count: 1 }] },
  "schedfront:scheduler": { kind: "slurm", SchedulerType: "sched/builtin", accounting: true },
  "schedfront:workloads": [{ kind: "burst", jobs: 10 }],
});

let before: Record<string, string[]>;
beforeAll(async () => {
  before = await libvirtInventory();
  await one.create();
  await two.create();
});

// Whatever failed above, nothing may stay.
afterAll(async () => {
  await one.destroy();
  await two.destroy();
});

const identities = async (stack: string) =>
  outputOf("virsh", "--quiet", "--connect", "qemu:///system", "domstats", "--raw", "--state", `schedfront-${stack}-head`);
const domainIds = async () =>
  (await outputOf("virsh", "--quiet", "--connect", "qemu:///system", "list", "--uuid")).split("\n").filter(Boolean).sort();

test("up: every objective has a value, every job is accounted for", async () => {
  const result = await one.up();
  expect(result.text).not.toContain("PRIVATE KEY");
  expect(result.ok, result.text).toBe(true);
  const { objectives, metrics, validity, network, provenance, record, fidelity } = await one.outputs();
  expect(validity.doubts.filter(({ severity }) => severity === "invalid")).toEqual([]);
  expect(["vm", "vm-emulated-cpu"]).toContain(fidelity);
  expect(objectives.responsiveness?.value).toBeGreaterThanOrEqual(1);
  expect(objectives.lossOfCapacity?.value).toBeGreaterThanOrEqual(0);
  expect(objectives.lossOfCapacity?.value).toBeLessThanOrEqual(1);
  expect(objectives.controlPlaneCost?.value).toBeGreaterThan(0);
  expect(objectives.deliveredPerformanceLoss?.value).toBeLessThan(1);
  expect(metrics["hpl seed 1"]?.hpl?.value).toBeGreaterThan(0);
  expect(metrics["hpl seed 1 bare"]?.hpl?.value).toBeGreaterThan(0);
  expect(network.paths.map(({ from, to }) => [from, to])).toEqual([
    ["head", "cn1"],
    ["cn1", "cn2"],
  ]);
  for (const { bandwidthGbitPerSecond, roundTripMicroseconds } of network.paths) {
    expect(bandwidthGbitPerSecond).toBeLessThan(0.53);
    expect(roundTripMicroseconds.min).toBeGreaterThan(500);
  }
  expect(provenance.scheduler.effective.SchedulerParameters).toBe("bf_interval=10");
  expect(provenance.image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const text = readFileSync(record.path);
  expect(createHash("sha256").update(text).digest("hex")).toBe(record.sha256);
  const { runs } = JSON.parse(text.toString()) as {
    runs: { run: { jobs: Record<string, number>; tables: { path: string; sha256: string }[] } }[];
  };
  for (const { jobs, tables } of runs.map(({ run }) => run)) {
    const { submitted, ...ended } = jobs;
    expect(Object.values(ended).reduce((sum, count) => sum + count, 0)).toBe(submitted);
    for (const { path, sha256 } of tables) expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
  }
});

test("a second up has nothing to do", async () => {
  expect(await one.steps()).toEqual([]);
});

test("a changed parameter re-configures and re-runs, on the same machines and image", async () => {
  one.configure(slurm({ SchedulerParameters: { bf_interval: 20 } }));
  const scheduled = ["suite-0-hpl-0", "suite-1-burst-0", "suite-2-jobstream-0"];
  const expected = ["provisioning-scheduler", "provisioning-verify", ...scheduled, "record-file"];
  expect((await one.steps()).map(({ op, name }) => `${op} ${name}`).sort()).toEqual(expected.map((name) => `update ${name}`).sort());
  const machines = await domainIds();
  const { metrics: earlier } = await one.outputs();
  const result = await one.up();
  expect(result.ok, result.text).toBe(true);
  expect(await domainIds()).toEqual(machines);
  const { provenance, metrics } = await one.outputs();
  expect(provenance.scheduler.effective.SchedulerParameters).toBe("bf_interval=20");
  expect(metrics["hpl seed 1 bare"]).toEqual(earlier["hpl seed 1 bare"]);
});

test("a parameter that Slurm does not know fails with Slurm's own words, and the next up goes on", async () => {
  one.configure(slurm({ extra: { BackfillIntervall: 3 } }));
  const { ok, text } = await one.up();
  expect(ok).toBe(false);
  expect(text).toContain("Parsing error at unrecognized key: BackfillIntervall");
  expect(text).toContain("Write slurm.conf, if Slurm itself takes it");
  one.configure(slurm({ SchedulerParameters: { bf_interval: 20 } }));
  expect((await one.steps()).map(({ name }) => name)).not.toContain("cluster-head");
});

test("a topology that is too large is refused at preview, and nothing is touched", async () => {
  one.configure({ ...small, "schedfront:topology": { compute: [{ count: 200, memoryGiB: 100 }] } });
  const { ok, text } = await one.preview();
  expect(ok).toBe(false);
  expect(text).toMatch(/201 machines need 20\d{3}\.\d GiB of memory, the hypervisor has [\d.]+ GiB free/);
  one.configure(slurm({ SchedulerParameters: { bf_interval: 20 } }));
});

test("a second stack comes up beside the first, with accounting, and leaves it alone", async () => {
  const first = await identities("e2e-one");
  const result = await two.up();
  expect(result.ok, result.text).toBe(true);
  const { objectives, provenance } = await two.outputs();
  expect(objectives.controlPlaneCost?.value).toBeGreaterThan(0);
  expect(objectives.responsiveness).toMatchObject({ value: null, reason: "the suite has no job stream" });
  expect(provenance.scheduler.effective).toMatchObject({
    AccountingStorageType: "accounting_storage/slurmdbd",
    SchedulerType: "sched/builtin",
  });
  expect(await identities("e2e-one")).toBe(first);
});

test("destroy leaves nothing: no domain, network, pool, volume or file", async () => {
  const results = [await one.destroy(), await two.destroy()];
  for (const { ok, text } of results) expect(ok, text).toBe(true);
  expect(await libvirtInventory()).toEqual(before);
});
