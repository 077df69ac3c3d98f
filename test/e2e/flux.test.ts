import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stackFile } from "../components/program.ts";
import { libvirtInventory, Stack } from "./stack.ts";

/** Flux on real virtual machines, where SCHEDFRONT_FLUX_ROOTFS names an archive of a root file system that has it. */

const archive = process.env.SCHEDFRONT_FLUX_ROOTFS;
if (archive === undefined) console.warn("skipped: SCHEDFRONT_FLUX_ROOTFS names no archive of a root file system with Flux (docs/flux.md)");

async function sha256(path: string) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

describe.skipIf(archive === undefined)("Flux", () => {
  const path = resolve(archive ?? "");
  const small = stackFile("slurm-2node");
  const flux = (source: object, parameters: object) => ({
    ...small,
    "schedfront:image": { source },
    "schedfront:scheduler": { kind: "flux", ...parameters },
  });
  let source: object;
  let stack: Stack;
  let before: Record<string, string[]>;
  beforeAll(async () => {
    before = await libvirtInventory();
    source = { kind: "archive", path, sha256: await sha256(path) };
    stack = new Stack("e2e-flux", flux(source, {}));
    await stack.create();
  });
  afterAll(async () => {
    await stack.destroy();
  });

  test("up: every objective has a value, and Fluxion is what schedules", async () => {
    const result = await stack.up();
    expect(result.ok, result.text).toBe(true);
    const { objectives, validity, provenance } = await stack.outputs();
    expect(validity.doubts.filter(({ severity }) => severity === "invalid")).toEqual([]);
    for (const objective of ["responsiveness", "lossOfCapacity", "controlPlaneCost", "deliveredPerformanceLoss"] as const)
      expect(objectives[objective]?.value).toEqual(expect.any(Number));
    expect(provenance.scheduler.effective).toMatchObject({
      "module.sched": "sched-fluxion-qmanager",
      "sched-fluxion-qmanager.params.queue-policy": "fcfs",
    });
  });

  test("another policy is what Fluxion then has, on the same machines", async () => {
    stack.configure(flux(source, { "queue-policy": "easy" }));
    const result = await stack.up();
    expect(result.ok, result.text).toBe(true);
    expect((await stack.outputs()).provenance.scheduler.effective["sched-fluxion-qmanager.params.queue-policy"]).toBe("easy");
  });

  test("destroy leaves nothing", async () => {
    expect((await stack.destroy()).ok).toBe(true);
    expect(await libvirtInventory()).toEqual(before);
  });
});
