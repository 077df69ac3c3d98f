import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { libvirtInventory, type Result, Stack } from "./stack.ts";

/** Slurm in virtual time. Two stacks run the same hour side by side, so that each is the load beside which the other must not change. */

const configuration = {
  "schedfront:topology": {
    clock: "virtual",
    head: { cpus: 1, memoryGiB: 2 },
    compute: [{ nodes: "emulated", count: 4, cpus: 8, memoryGiB: 64 }],
  },
  "schedfront:scheduler": { kind: "slurm", TaskPlugin: "task/none", SchedulerParameters: { bf_interval: 30 } },
  "schedfront:workloads": [{ kind: "jobstream", jobs: 12, load: 0.9, runTime: { minSeconds: 60, maxSeconds: 900 } }],
};

const stacks = [new Stack("e2e-virtual-a", configuration), new Stack("e2e-virtual-another", configuration)];
let before: Record<string, string[]>;
let results: Result[] = [];

beforeAll(async () => {
  before = await libvirtInventory();
  for (const stack of stacks) await stack.create();
  results = await Promise.all(stacks.map((stack) => stack.up()));
}, 1_800_000);

afterAll(async () => {
  for (const stack of stacks) await stack.destroy();
}, 600_000);

test("up: every job is accounted for, and neither the other run nor the boot is a reason for doubt", async () => {
  for (const { ok, text } of results) expect(ok, text).toBe(true);
  for (const stack of stacks) {
    const { objectives, validity, fidelity } = await stack.outputs();
    expect(fidelity).toBe("emulated-nodes-virtual-time");
    expect(validity.doubts.filter(({ severity, code }) => severity === "invalid" || code === "host loaded")).toEqual([]);
    expect(objectives.responsiveness?.value).toBeGreaterThanOrEqual(1);
    expect(objectives.lossOfCapacity?.value).toBeGreaterThanOrEqual(0);
  }
});

test("the same tuple gives the same table, to the byte", async () => {
  const [a, b] = await Promise.all(stacks.map(tableOf));
  expect(Papa.parse(a ?? "", { header: true, skipEmptyLines: true }).data).toHaveLength(12);
  expect(a).toBe(b);
});

test("destroy leaves nothing", async () => {
  for (const stack of stacks) {
    const { ok, text } = await stack.destroy();
    expect(ok, text).toBe(true);
  }
  expect(await libvirtInventory()).toEqual(before);
});

async function tableOf(stack: Stack): Promise<string> {
  const { record } = await stack.outputs();
  const { runs } = JSON.parse(readFileSync(record.path, "utf8")) as { runs: { run: { tables: { name: string; path: string }[] } }[] };
  const table = runs.flatMap(({ run }) => run.tables).find(({ name }) => name === "jobs.csv");
  return readFileSync(table?.path ?? "", "utf8");
}
