import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { machines } from "../../sweep/run/machine-host.ts";
import { PulumiStacks } from "../../sweep/run/pulumi-stacks.ts";
import { runTrial } from "../../sweep/run/run-trial.ts";
import { Claims } from "../../sweep/store/claims.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { base, sources, trialsOf } from "../sweep/fixtures.ts";
import { until } from "../toolchain/project.ts";
import { libvirtInventory } from "./stack.ts";

/** A sweep's trials by the real Pulumi on the real libvirt, as far as they go without a machine that boots. */

const uri = "qemu:///system";
const virsh = (...args: readonly string[]) => execFileSync("virsh", ["--quiet", "--connect", uri, ...args], { encoding: "utf8" });
const define = (verb: string, xml: string) => {
  writeFileSync(join(folder, "defined.xml"), xml);
  virsh(verb, join(folder, "defined.xml"));
};

const folder = mkdtempSync(join(tmpdir(), "schedfront-sweep-"));
/** Stacks' folders are below the project's. */
const stacks = new PulumiStacks(`results/sweeps/e2e-${process.pid}`);
const store = new TrialStore(join(folder, "trials"));
const claims = new Claims(join(folder, "claims"));

beforeAll(() => {
  mkdirSync(join(folder, "backend"));
  process.env.PULUMI_BACKEND_URL = `file://${folder}/backend`;
  process.env.PULUMI_CONFIG_PASSPHRASE = "end to end";
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(`results/sweeps/e2e-${process.pid}`, { recursive: true, force: true });
});

const run = (trial: PlannedTrial, stop = new AbortController().signal, onStep = (_: string) => {}) =>
  runTrial(trial, { infrastructure: stacks, store, claims, limitMinutes: 10, stop, onStep });

test("two trials side by side, which the hypervisor is too small for, are refused and leave nothing", async () => {
  const giant = { ...base, topology: { compute: [{ count: 2, memoryGiB: 4096 }] } };
  const trials = trialsOf({ seeds: [1, 2] }, sources, giant);
  const ends = await Promise.all(trials.map((trial) => run(trial)));
  for (const end of ends) {
    expect(end).toMatchObject({ kind: "ended", trial: { outcome: { kind: "refused" } } });
    expect(end).not.toHaveProperty("left");
  }
  expect(store.read(trials[0]?.id ?? "")?.outcome).toMatchObject({
    message: expect.stringMatching(/^invalid tuple\n {2}topology: 3 machines need 8193\.\d GiB of memory/),
  });
  expect(await stacks.list()).toEqual([]);
  expect(
    readdirSync(`${folder}/backend`, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name.includes("sweep-s"),
    ),
  ).toEqual([]);
  expect(claims.list("s")).toEqual({ held: [], left: [] });
});

test("a trial that is interrupted while it makes things takes them away", async () => {
  const before = await libvirtInventory();
  const [trial] = trialsOf({}) as [PlannedTrial];
  const stop = new AbortController();
  const end = run(trial, stop.signal);
  // Its pool and network need no image, so they are there first.
  await until(() => virsh("net-list", "--all", "--name").includes(trial.stack), 120);
  stop.abort();
  expect(await end).toEqual({ kind: "interrupted" });
  expect(await libvirtInventory()).toEqual(before);
  expect([await stacks.list(), store.read(trial.id), claims.list("s").held]).toEqual([[], undefined, []]);
});

test("what Pulumi knows nothing of is found by its name and removed", async () => {
  const before = await libvirtInventory();
  const stack = "sweep-s-00000000000a";
  const others = "schedfront-sweep-other-00000000000a";
  const path = `/var/lib/libvirt/images/schedfront-${stack}`;
  const network = (name: string) => `<network><name>${name}</name></network>`;
  define("define", `<domain type="qemu"><name>schedfront-${stack}-head</name><memory>65536</memory><os><type>hvm</type></os></domain>`);
  define("net-define", network(`schedfront-${stack}`));
  define("net-define", network(others));
  virsh("pool-define-as", `schedfront-${stack}`, "dir", "--target", path);
  virsh("pool-build", `schedfront-${stack}`);
  virsh("pool-start", `schedfront-${stack}`);
  virsh("vol-create-as", `schedfront-${stack}`, "head.qcow2", "1M", "--format", "qcow2");
  const found = [
    { stack, kind: "domain", name: `schedfront-${stack}-head` },
    { stack, kind: "network", name: `schedfront-${stack}` },
    { stack, kind: "pool", name: `schedfront-${stack}` },
  ];
  const ours = async () => (await machines.inventory(uri)).filter((holding) => holding.stack === stack);
  try {
    expect(await ours()).toEqual(found);
    expect(await machines.remove(uri, [stack])).toEqual(found);
    expect(await ours()).toEqual([]);
    expect(existsSync(path)).toBe(false);
  } finally {
    virsh("net-undefine", others);
  }
  expect(await libvirtInventory()).toEqual(before);
});
