import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { describe, expect, test, vi } from "vitest";
import { schedulers } from "../../model/schedulers/index.ts";
import { facts } from "../model/hypervisor-facts.ts";
import { difference, readableText, runProgram, stackFile } from "./program.ts";

/** The project's own; a user's stack files are nobody else's business. */
const stacks = ["slurm-2node", "slurm-4node"];

/** Where Flux comes from, for stacks that do not say it. */
const source = { kind: "oci", repository: "registry.example/flux-sched", digest: `sha256:${"0".repeat(64)}` };
const fluxStack = (stack: string) => ({ ...stackFile(stack), "schedfront:image": { source } });

describe("the example stacks", () => {
  test.each(["slurm-2node", "perlmutter-slurm"])("%s registers exactly these resources", async (stack) => {
    const { registrations } = await runProgram(stack, stackFile(stack));
    await expect(readableText(registrations)).toMatchFileSnapshot(`snapshots/${stack}.txt`);
  });

  // Under the other's name, from which addresses and names are made.
  test.each([
    ["slurm-4node", stackFile("slurm-4node"), "slurm-2node"],
    ["volcano-2node", stackFile("volcano-2node"), "slurm-2node"],
    ["flux-4node", fluxStack("flux-4node"), "slurm-2node"],
    ["perlmutter-volcano", stackFile("perlmutter-volcano"), "perlmutter-slurm"],
    ["perlmutter-flux", fluxStack("perlmutter-flux"), "perlmutter-slurm"],
  ])("%s differs from it by exactly these resources", async (stack, config, other) => {
    const { registrations } = await runProgram(other, config);
    const { registrations: others } = await runProgram(other, stackFile(other));
    await expect(difference(registrations, others)).toMatchFileSnapshot(`snapshots/${stack}.txt`);
  });

  test.each(stacks)("%s exports all four objectives", async (stack) => {
    const { outputs } = await runProgram(stack, stackFile(stack));
    expect(Object.keys(outputs)).toEqual([
      "schemaVersion",
      "fidelity",
      "objectives",
      "metrics",
      "validity",
      "network",
      "provenance",
      "record",
    ]);
    expect(outputs.objectives).toMatchObject({
      responsiveness: { value: 2, unit: "1", better: "lower" },
      lossOfCapacity: { value: 2, unit: "fraction", better: "lower" },
      controlPlaneCost: { value: 2, unit: "ms per job", better: "lower" },
      deliveredPerformanceLoss: { value: expect.closeTo(0.1, 12), unit: "fraction", better: "lower" },
    });
  });
});

test.each([
  ["perlmutter-slurm", stackFile("perlmutter-slurm")],
  ["perlmutter-volcano", stackFile("perlmutter-volcano")],
  ["perlmutter-flux", fluxStack("perlmutter-flux")],
])("512 emulated nodes of %s are one domain, and measure what nodes that only sleep can", async (stack, config) => {
  const { registrations, outputs } = await runProgram(stack, config);
  const domains = registrations.filter(({ type }) => type === "libvirt:index/domain:Domain");
  expect(domains.map(({ inputs }) => inputs.name)).toEqual([`schedfront-${stack}-head`]);
  expect(outputs).toMatchObject({
    fidelity: "emulated-nodes-emulated-cpu",
    network: { paths: [], reason: "emulated nodes have no network" },
    objectives: { controlPlaneCost: { value: 2 }, responsiveness: { value: 2 }, deliveredPerformanceLoss: { value: null } },
  });
});

test("only an image for emulated nodes carries what pretends to be them", async () => {
  const programs = async (stack: string) =>
    [...(await inputs("t", stackFile(stack)))].flatMap(([name, text]) => (text.includes("build-programs") ? [name] : []));
  expect(await programs("perlmutter-volcano")).toEqual(["image-kubernetes", "image-kwok"]);
  expect(await programs("volcano-2node")).toEqual(["image-kubernetes"]);
  expect(await programs("perlmutter-slurm")).toEqual([]);
});

describe.each(["flux-4node", "perlmutter-flux"])("%s", (stack) => {
  test("is refused as it stands, with what to provide", async () => {
    const words =
      /image\.source: is missing: Debian has no Flux; .*kind: oci, repository: docker\.io\/fluxrm\/flux-sched.*kind: archive, path, sha256/;
    await expect(runProgram(stack, stackFile(stack))).rejects.toThrow(words);
  });
});

const small = stackFile("slurm-2node");

/** Inputs of every registered resource, by name. */
async function inputs(stack: string, config: Record<string, unknown>) {
  const { registrations } = await runProgram(stack, config);
  return new Map(registrations.map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
}

/** Names of the resources that differ between two configurations of one stack. */
async function changed(one: Record<string, unknown>, other: Record<string, unknown>) {
  const [before, after] = [await inputs("t", one), await inputs("t", other)];
  return [...after.keys()].filter((name) => before.get(name) !== after.get(name));
}

test("a scheduler's parameter changes the scheduler and what runs through it: no image, no domain, no baseline", async () => {
  const other = { ...small, "schedfront:scheduler": { kind: "slurm", SchedulerParameters: { bf_interval: 20 } } };
  expect(await changed(small, other)).toEqual([
    "provisioning-scheduler",
    "provisioning-verify",
    "suite-0-hpl-0",
    "suite-1-burst-0",
    "suite-2-jobstream-0",
    "record-file",
  ]);
});

describe("a kernel's baseline", () => {
  const hpl = { kind: "hpl", nodes: 2, order: 1024, blockSize: 64 };
  const suite = (...workloads: object[]) => ({ ...small, "schedfront:workloads": workloads });
  const baselines = async (config: Record<string, unknown>) =>
    [...(await inputs("t", config))].filter(([name]) => name.endsWith("-bare")).map(([name, text]) => [name, text]);

  test("stays through seeds, repetitions, and whatever else the suite runs", async () => {
    const alone = await baselines(suite(hpl));
    expect(alone).toHaveLength(1);
    expect(await baselines(suite({ kind: "burst", jobs: 3 }, { ...hpl, seed: 7, repetitions: 2 }))).toEqual(alone);
  });

  test("is shared by workloads that are the same kernel, and not by others", async () => {
    const alone = await baselines(suite(hpl));
    expect(await baselines(suite(hpl, { ...hpl, seed: 9 }))).toEqual(alone);
    const both = await baselines(suite(hpl, { ...hpl, order: 512 }));
    expect(both).toHaveLength(2);
    expect(both[0]).toEqual(alone[0]);
  });

  test("two sizes of one kernel are two kernels of δ", async () => {
    const { outputs } = await runProgram("t", suite(hpl, { ...hpl, order: 512 }));
    expect(outputs.objectives).toMatchObject({ deliveredPerformanceLoss: { value: expect.closeTo(0.1, 12) } });
    expect(Object.keys(outputs.metrics as object)).toEqual(["hpl seed 1 bare", "hpl seed 1", "hpl seed 1 bare (2)", "hpl seed 1 (2)"]);
  });
});

test("an update may leave out what never ran", async () => {
  const { registrations } = await runProgram("t", small, {}, undefined, {}, ["cluster-ssh", "suite-1-burst-0"]);
  expect(registrations.map(({ name }) => name)).toContain("record-file");
});

test("another seed changes that workload's runs", async () => {
  const workloads = small["schedfront:workloads"] as object[];
  const other = {
    ...small,
    "schedfront:workloads": workloads.map((given) => ("jobs" in given && given.jobs === 20 ? { ...given, seed: 2 } : given)),
  };
  expect(await changed(small, other)).toEqual(["suite-2-jobstream-0", "record-file"]);
});

test("two stacks share no name, address or bridge on the hypervisor", async () => {
  const names = async (stack: string) => {
    const { registrations } = await runProgram(stack, small);
    const network = registrations.find(({ type }) => type === "libvirt:index/network:Network")?.inputs as {
      addresses: string[];
      bridge: string;
    };
    const domains = registrations.filter(({ type }) => type === "libvirt:index/domain:Domain").map(({ inputs }) => inputs);
    const own = domains.flatMap(({ name, networkInterfaces }) => [name, (networkInterfaces as { mac: string }[])[0]?.mac]);
    return [...network.addresses, network.bridge, ...own];
  };
  const [one, other] = [await names("one"), await names("two")];
  expect(one.filter((name) => other.includes(name))).toEqual([]);
  expect(new Set(one).size).toBe(one.length);
});

describe("bad input creates nothing", () => {
  const refused = async (config: Record<string, unknown>, hypervisor = {}) => {
    const outcome = runProgram("t", config, hypervisor);
    return outcome.then(
      ({ registrations }) => registrations.map(({ name }) => name),
      (error: Error) => error.message,
    );
  };

  test("a tuple that does not parse", async () => {
    expect(await refused({ ...small, "schedfront:scheduler": { kind: "slrum" } })).toBe(
      `invalid tuple\n  scheduler.kind: "slrum" is not one of ${Object.keys(schedulers).join(", ")}`,
    );
  });

  test("a key that the program does not know", async () => {
    expect(await refused({ ...small, "schedfront:topologie": { a: 1 } })).toBe(
      "invalid tuple\n  topologie: is not one of topology, scheduler, workloads, image, fresh",
    );
  });

  test("text where a mapping belongs", async () => {
    expect(await refused({ ...small, "schedfront:topology": "big" })).toBe('invalid tuple\n  topology: "big" is not a mapping');
  });

  test("a program that is not there, or is not what the tuple says", async () => {
    const suite = (binary: object) => ({ ...small, "schedfront:workloads": [{ kind: "hpcg", binary }] });
    const sha256 = "0".repeat(64);
    expect(await refused(suite({ path: "no/such/xhpcg", sha256 }))).toBe(
      'invalid tuple\n  workloads[0].binary.path: "no/such/xhpcg" is not a readable file',
    );
    expect(await refused(suite({ path: "LICENSE", sha256 }))).toMatch(
      /^invalid tuple\n {2}workloads\[0\]\.binary\.sha256: "0{64}" does not match LICENSE, whose sha256 is [0-9a-f]{64}$/,
    );
    expect(await refused(suite({ path: "LICENSE", sha256: createHash("sha256").update(readFileSync("LICENSE")).digest("hex") }))).toContain(
      "image-build",
    );
  });

  test("a topology that the hypervisor's memory does not hold, with what is needed and what there is", async () => {
    expect(await refused(small, { memoryAvailableGiB: 2 })).toBe(
      "invalid tuple\n  topology: 3 machines need 3.4 GiB of memory, the hypervisor has 2.0 GiB free",
    );
  });

  test("a disk that is too full", async () => {
    expect(await refused(small, { diskAvailableGiB: 0.5 })).toBe(
      'invalid tuple\n  topology.hypervisor.imagesDirectory: "/var/lib/libvirt/images" has 0.5 GiB free, 3 machines need 2.5 GiB',
    );
  });

  test("kvm where there is none", async () => {
    const topology = { ...(small["schedfront:topology"] as object), hypervisor: { acceleration: "kvm" } };
    expect(await refused({ ...small, "schedfront:topology": topology }, { ...facts, kvm: false })).toBe(
      'invalid tuple\n  topology.hypervisor.acceleration: "kvm" is not offered by the hypervisor; use auto or tcg',
    );
  });

  test("a hypervisor that does not answer", async () => {
    expect(await refused(small, { error: { kind: "refused", message: 'libvirt at "qemu:///system" does not answer' } })).toBe(
      'libvirt at "qemu:///system" does not answer',
    );
  });
});

describe("machines that other stacks saved", () => {
  const stack = stackFile("slurm-2node");
  const from = (savedBy: string) => ({ ...stack, "restore:from": savedBy, "restore:machines": "k" });
  const ran = (name: string, config: Record<string, unknown>, entry: "index.ts" | "saved-cluster.ts") =>
    runProgram(name, config, {}, undefined, {}, [], entry);
  type Ran = Awaited<ReturnType<typeof ran>>;
  /** Names of the scripts that run, in order of registration. */
  const scriptsOf = ({ registrations }: Ran) =>
    registrations.flatMap(({ type, inputs }) => (type === "command:local:Command" ? [String(inputs.create).split("/").at(-1)] : []));
  /** What a script is asked, each time. */
  const asked = ({ registrations }: Ran, script: string) =>
    registrations.flatMap(({ inputs }) => (String(inputs.create).endsWith(`/${script}`) ? [JSON.parse(String(inputs.stdin))] : []));
  const machines = ["head", "cn1", "cn2"].map((node) => `schedfront-k-${node}`);

  test("are saved under the name of their own stack once they are ready, with no scheduler", async () => {
    const saved = await ran("k", stack, "saved-cluster.ts");
    expect(asked(saved, "save-machines")).toMatchObject([{ domains: machines, snapshot: "k" }]);
    expect(asked(saved, "play").map(({ playbook }) => playbook)).toEqual(["nodes"]);
  });

  test("are saved once more by another, with the scheduler that it started on them", async () => {
    const saved = await ran("r", from("k"), "saved-cluster.ts");
    expect(asked(saved, "restore-machines")).toMatchObject([{ domains: machines, snapshot: "k", clocks: "set" }]);
    expect(asked(saved, "save-machines")).toMatchObject([{ domains: machines, snapshot: "r" }]);
    expect(scriptsOf(saved).slice(-3)).toEqual(["play", "ask-agent", "save-machines"]);
  });

  test("get a trial's scheduler where they have none", async () => {
    const trial = await ran("t", from("k"), "index.ts");
    expect(asked(trial, "restore-machines")).toMatchObject([{ domains: machines, snapshot: "k", clocks: "set" }]);
    expect(asked(trial, "play").map(({ playbook }) => playbook)).toEqual(["scheduler"]);
    expect(trial.outputs).toMatchObject({ provenance: { start: "restored" } });
  });

  test("have theirs verified, and no more, where they have one; their clocks go on from where they stood", async () => {
    const trial = await ran("t", from("r"), "index.ts");
    expect(asked(trial, "restore-machines")).toMatchObject([{ domains: machines, snapshot: "r", clocks: "kept" }]);
    expect(scriptsOf(trial).filter((name) => name !== "ask-agent")).toEqual(["restore-machines", "write-record"]);
    expect(asked(trial, "ask-agent").map(({ request }) => request.verb)).toEqual(["verify", "run", "run", "run", "run"]);
    expect(trial.outputs).toMatchObject({ provenance: { start: "restored running", scheduler: { digest: "d" } } });
  });
});

test("a preview shows what each script is asked, and no key", async () => {
  const { registrations } = await runProgram("t", small);
  const commands = registrations.filter(({ type }) => type === "command:local:Command");
  for (const { inputs } of commands) expect(inputs.stdin).not.toMatch(/PRIVATE|SECRET/);
  const withKey = commands.filter(({ inputs }) => JSON.stringify(inputs.environment ?? {}).includes("PRIVATE")).map(({ name }) => name);
  expect(withKey).toContain("provisioning-scheduler");
});

test("private keys and secrets go by the environment to scripts; nowhere else", async () => {
  const { registrations, outputs } = await runProgram("t", small);
  const scripts = registrations.filter(({ inputs }) => /PRIVATE|SECRET(?!S)/.test(JSON.stringify(inputs)));
  expect(scripts.length).toBeGreaterThan(3);
  expect(new Set(scripts.map(({ type }) => type))).toEqual(new Set(["command:local:Command"]));
  for (const { inputs } of scripts) {
    const { environment, ...shown } = inputs;
    // Under mocks a secret stands in an object that says so.
    expect(environment).toMatchObject({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
    expect(JSON.stringify(shown)).not.toMatch(/PRIVATE|SECRET/);
  }
  expect(JSON.stringify(outputs)).not.toMatch(/PRIVATE|SECRET/);
});

/** What the program asks of Pulumi's engine for a stack of Slurm's. */
async function requests() {
  const registered = vi.spyOn(MockMonitor.prototype, "registerResource");
  await runProgram("slurm-2node", stackFile("slurm-2node"));
  const calls = registered.mock.calls.map(([request]) => request);
  registered.mockRestore();
  return calls;
}

test("a machine's disk is made once every file is in the pool, for libvirt looks through none in which one is being made", async () => {
  const asked = await requests();
  const urn = (name: string) => `urn:pulumi:slurm-2node::schedfront::schedfront:index:Cluster$command:local:Command::${name}`;
  const files = asked.map((request) => request.getName()).filter((name) => /^cluster-(image|.*-cloud-init)$/.test(name));
  expect(files).toHaveLength(4);
  const disks = asked.filter((request) => request.getType().startsWith("libvirt:index/volume"));
  expect(disks).toHaveLength(3);
  for (const disk of disks) expect(disk.getDependenciesList(), disk.getName()).toEqual(expect.arrayContaining(files.map(urn)));
});

test("what has a name on the hypervisor is deleted before it is made anew, for no two can have that name", async () => {
  const named = (await requests()).filter(
    (request) => request.getType().startsWith("libvirt:index/") || /^cluster-(image|.*-cloud-init)$/.test(request.getName()),
  );
  const kinds = ["pool", "network", "head", "image", "head-cloud-init"].map((part) => `cluster-${part}`);
  expect(named.map((request) => request.getName())).toEqual(expect.arrayContaining(kinds));
  expect(named.filter((request) => !request.getDeletebeforereplace()).map((request) => request.getName())).toEqual([]);
});

test("a machine that was made anew has all done again that was done on it", async () => {
  const { registrations } = await runProgram("slurm-2node", stackFile("slurm-2node"));
  const asked = registrations.filter(({ inputs }) => inputs.environment !== undefined && /play|ask-agent/.test(String(inputs.create)));
  expect(asked.length).toBeGreaterThan(4);
  for (const { name, inputs } of asked)
    expect(
      JSON.parse(String(inputs.stdin)).connection.hosts.map(({ instance }: { instance: string }) => instance),
      name,
    ).toEqual(["cluster-head-id", "cluster-cn1-id", "cluster-cn2-id"]);
});
