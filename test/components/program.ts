import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import { parse } from "yaml";
import type { HypervisorFacts } from "../../model/capacity.ts";
import type { FailureAnswer } from "../../model/failure.ts";
import { facts } from "../model/hypervisor-facts.ts";

/** Runs the whole program under Pulumi's mocks: no engine, no hypervisor, no process. */

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

export interface Outcome {
  readonly registrations: readonly Registration[];
  readonly outputs: Record<string, unknown>;
}

/** Each resource in order, "type name", and below it a line "path = value" for each of its inputs. */
export const readableText = (registrations: readonly Registration[]) =>
  registrations
    .flatMap((each) => [title(each), ...inputLines(each)])
    .map((line) => `${line}\n`)
    .join("");

/**
 * What differs from another list, as a patch of its resources: those that are only here (+) or only there (-) and, of those that are
 * in both, the inputs that differ (~). Those that came in another order are not told apart.
 */
export function difference(registrations: readonly Registration[], from: readonly Registration[]): string {
  const here = new Map(registrations.map((each) => [title(each), inputLines(each)]));
  const there = new Map(from.map((each) => [title(each), inputLines(each)]));
  const added = [...here].flatMap(([name, lines]) => {
    const old = there.get(name);
    if (old === undefined) return [`+ ${name}`, ...lines.map((line) => `+ ${line}`)];
    const changes = [
      ...old.filter((line) => !lines.includes(line)).map((line) => `- ${line}`),
      ...lines.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
    ];
    return changes.length === 0 ? [] : [`~ ${name}`, ...changes];
  });
  const removed = [...there.keys()].filter((name) => !here.has(name)).map((name) => `- ${name}`);
  return [...removed, ...added].map((line) => `${line}\n`).join("");
}

const title = ({ type, name }: Registration) => `${type} ${name}`;

const inputLines = ({ inputs }: Registration): string[] =>
  leaves("stdin" in inputs ? { ...inputs, stdin: JSON.parse(String(inputs.stdin)) } : inputs).map(
    ([path, value]) => `  ${path} = ${value}`,
  );

/** Lists of plain values are one line. */
function leaves(value: unknown, path = ""): [path: string, json: string][] {
  // Digests of the program's own sources change with every edit.
  if (/(^|\.)sources$/.test(path)) return [[path, "<digest>"]];
  const isPlain = (each: unknown) => typeof each !== "object" || each === null;
  if (isPlain(value) || (Array.isArray(value) && value.every(isPlain))) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value as object);
  if (entries.length === 0) return path === "" ? [] : [[path, "{}"]];
  return entries.flatMap(([key, each]) => leaves(each, path === "" ? key : `${path}.${key}`));
}

/** Configuration of a stack file at the project's top, or of a test's own. */
export const stackFile = (stack: string): Record<string, unknown> => parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")).config;

const keyPair = { privateKey: "PRIVATE", publicKey: "ssh-ed25519 AAAA" };

/** What each script would reply. */
const replies: Record<
  string,
  (input: {
    backend?: string;
    programs?: string;
    directory?: string;
    name?: string;
    volumes?: { name: string }[];
    request?: { verb: string; workload: { kind: string }; mode: string; seed: number };
  }) => unknown
> = {
  "probe-hypervisor": () => facts,
  "build-image": ({ backend }) => ({
    backend,
    disk: "/c/disk.qcow2",
    kernel: "/c/vmlinuz",
    initrd: "/c/initrd.img",
    commandLine: "root=/dev/vda rw quiet",
    digest: "sha256:1",
    manifest: "/c/m",
  }),
  "build-programs": ({ programs }) => [
    { source: `/c/${programs}`, sha256: "0".repeat(64), destination: `/usr/local/bin/${programs}`, mode: "0755" },
  ],
  "claim-names": () => ({ qemu: { user: 64055, group: 104 } }),
  "keep-choice": (choice) => choice,
  "make-seed": ({ directory, name }) => ({ volume: `${directory}/${name}` }),
  "generate-key": () => keyPair,
  "generate-secret": () => "SECRET",
  "put-image": ({ directory, volumes = [] }) => Object.fromEntries(volumes.map(({ name }) => [name, `${directory}/${name}`])),
  "prove-acceleration": () => ({ type: "qemu" }),
  "await-hosts": () => ({}),
  "empty-pool": () => ({}),
  "restore-machines": () => ({}),
  "save-machines": () => ({}),
  play: () => ({ digest: "p" }),
  "write-record": () => ({ path: "results/t/trial-1.json", sha256: "1" }),
  "ask-agent": ({ request }) => {
    if (request?.verb === "network") return { asked: { bandwidthGbitPerSecond: null, latencyMicroseconds: 0, mtu: 1500 }, paths: [] };
    if (request?.verb === "verify")
      return { version: "slurm 24.11.5", effective: { SchedulerType: "sched/backfill" }, digest: "d", canary: [] };
    return runReply(request?.workload.kind ?? "", request?.mode ?? "", request?.seed ?? 0);
  },
};

function runReply(workload: string, mode: string, seed: number) {
  const jobs = { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 };
  const value = mode === "bare" ? 10 : 9;
  const metrics = ["meanBoundedSlowdown", "lossOfCapacity", "controlPlaneCost"].map((name) => ({ name, value: 2, unit: "1" }));
  return {
    workload,
    mode,
    seed,
    jobs,
    metrics,
    figures: workload === "hpl" ? [{ name: "hpl", value, unit: "GFLOP/s", better: "higher" }] : [],
    doubts: [],
    tables: [],
  };
}

const script = (path: string) => path.split("/").at(-1) ?? "";

/** What stacks that saved machines hand on. */
const savedOutputs = {
  image: replies["build-image"]?.({ backend: "debian" }),
  domainType: "qemu",
  network: replies["ask-agent"]?.({ request: { verb: "network", workload: { kind: "" }, mode: "", seed: 0 } }),
  prepared: {
    hosts: [{ name: "head", role: "head", address: "10.0.0.2", hostKey: "K", instance: "D" }],
    jump: null,
    privateKey: keyPair.privateKey,
  },
};

/**
 * The program's resources in order of registration, and the stack's outputs. Rejects as the program would.
 * @param entry the program's file
 * @param leftOut commands that never ran, as under `pulumi up --exclude`; there are no outputs then
 */
export async function runProgram(
  stack: string,
  config: Record<string, unknown>,
  hypervisor: Partial<HypervisorFacts> | FailureAnswer = {},
  nix: { nix: string | null; reason: string } = { nix: null, reason: "there is no nix on this machine" },
  source: Partial<FailureAnswer> = {},
  leftOut: readonly string[] = [],
  entry: "index.ts" | "saved-cluster.ts" = "index.ts",
): Promise<Outcome> {
  const registrations: Registration[] = [];
  const found: Record<string, unknown> = {
    "probe-hypervisor": "error" in hypervisor ? hypervisor : { ...facts, ...hypervisor },
    "probe-nix": nix,
    "settle-leftovers": { removed: [] },
    "probe-image": source,
  };
  const reply = (file: string, stdin: unknown) => JSON.stringify(replies[file]?.(JSON.parse(String(stdin))));
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { name: inputs.name, outputs: savedOutputs, secretOutputNames: ["prepared"] } };
        registrations.push({ type, name, inputs });
        if (type !== "command:local:Command") return { id: `${name}-id`, state: inputs };
        // Pulumi leaves out with it what would need its output.
        if (leftOut.includes(name) || inputs.stdin === undefined) return { id: "", state: inputs };
        const file = script(inputs.create);
        const stdout = reply(file, inputs.stdin);
        // What the engine does with the output of a resource that calls it secret.
        return { id: `${name}-id`, state: { ...inputs, stdout: file.startsWith("generate-") ? pulumi.secret(stdout) : stdout } };
      },
      call: ({ inputs }) => ({ stdout: JSON.stringify(found[script(inputs.command)]) }),
    },
    "schedfront",
    stack,
    false,
    "organization",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])),
  );
  const exported = pulumi.output(await program(entry)());
  // `pulumi stack output` shows stars instead of a secret; saved machines are for other stacks, and their key is one.
  if (entry === "index.ts" && (await pulumi.isSecret(exported))) throw new Error("the program's outputs are secret");
  const outputs = leftOut.length > 0 ? {} : await known(exported);
  // The next run brings mocks of its own: what this one still has to say must have been said.
  await pulumi.runtime.disconnect();
  return { registrations, outputs };
}

/** The file as Pulumi loads it: a CommonJS module whose export is a function. */
function program(entry: string): () => Promise<Record<string, unknown>> {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    write: false,
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(module, module.exports, createRequire(resolve(entry)));
  return module.exports as () => Promise<Record<string, unknown>>;
}

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((settle) => output.apply(settle));
