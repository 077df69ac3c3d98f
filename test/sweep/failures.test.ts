import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KnownFailure, kindOf } from "../../agent/failure.ts";
import type { SchedulerAdapter } from "../../agent/scheduler.ts";
import { verify } from "../../agent/verify.ts";
import { refusal } from "../../components/refusal.ts";
import { type FailureKind, failureIn, failureKinds, failureLine } from "../../model/failure.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { TrialFile } from "../../model/trial-file.ts";
import { parseTuple } from "../../model/tuple.ts";
import { statusText } from "../../sweep/cli/status.ts";
import { standings } from "../../sweep/plan/plan.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { failureOutcome } from "../../sweep/run/failure-outcome.ts";
import { noFailure, note } from "../../sweep/run/pulumi-stacks.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { base, trialsOf, unmeasured } from "./fixtures.ts";

/** From what a script says of its failure to what `sweep status` shows, one kind after another. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-failures-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [trial] = trialsOf({}) as [PlannedTrial];

/** Programs that a script finds in place of the machine's own. */
function programs(texts: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  return { ...process.env, PATH: `${folder}:${process.env.PATH}` };
}

/** The events of a script that fails, as the command plugin and the engine make them (toolchain/pulumi/resource-command/run.go). */
function failing(resource: string, file: string, input: object, env: NodeJS.ProcessEnv, ...within: string[]): EngineEvent[] {
  const [program = "", ...words] = [...within, `components/${file}`];
  const { status, stdout, stderr } = spawnSync(program, words, { input: JSON.stringify(input), encoding: "utf8", env, timeout: 60_000 });
  expect(status, stdout + stderr).toBeGreaterThan(0);
  return failed(resource, "command:local:Command", `exit status ${status}: running "components/${file}":\n${stderr}${stdout}`);
}

function failed(resource: string, type: string, message: string): EngineEvent[] {
  const urn = `urn:pulumi:t::schedfront::schedfront:index:Cluster$${type}::${resource}`;
  const metadata = { urn, type, op: "create" as const, provider: "" };
  return [...diagnosed(message, urn), { sequence: 2, timestamp: 0, resOpFailedEvent: { metadata, status: 1, steps: 1 } }];
}

const diagnosed = (message: string, urn = ""): EngineEvent[] => [
  { sequence: 1, timestamp: 0, diagnosticEvent: { urn, message: `<{%reset%}>${message}<{%reset%}>\n`, color: "never", severity: "error" } },
];

/** What the sweep keeps of it, and what status says of it. */
function outcomeOf(events: readonly EngineEvent[]) {
  const failure = noFailure();
  for (const event of events) note(event, failure);
  const store = new TrialStore(join(folder, "trials"));
  store.write({ ...unmeasured(trial), outcome: failureOutcome(failure) });
  const { trials } = store.list();
  const { outcome } = trials[0] as TrialFile;
  const status = statusText("s", standings([trial], trials, false), { held: [], left: [] });
  const lines = status.split("\n");
  const line = lines.slice(lines.findIndex((text) => text.includes(trial.stack))).join("\n");
  return { kind: outcome.kind, at: "at" in outcome ? outcome.at : null, line };
}

const head = { name: "head", role: "head", address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA", instance: "dead" };
const connection = { hosts: [head], privateKey: "", jump: null };
const uri = "test:///default";
const noAnswer = 'echo "ssh: connect to host 10.0.0.1 port 22: No route to host" >&2; exit 255';

describe("boot", () => {
  test("a machine that does not answer", () => {
    const env = { ...programs({ ssh: noAnswer, virsh: "true" }), SCHEDFRONT_BOOT_SECONDS: "1" };
    expect(outcomeOf(failing("cluster-ssh", "libvirt/scripts/await-hosts", { connection, uri }, env))).toEqual({
      kind: "boot",
      at: "cluster-ssh",
      line: expect.stringMatching(/^boot: .*: head did not answer ssh within 1 s$/),
    });
  });

  test("a machine that was restored, and does not answer", () => {
    const env = { ...programs({ ssh: noAnswer, virsh: "true" }), SCHEDFRONT_RESTORE_SECONDS: "1" };
    const input = { connection, uri, domains: ["d"], snapshot: "s", clocks: "kept" };
    expect(outcomeOf(failing("cluster-restore", "libvirt/scripts/restore-machines", input, env)).kind).toBe("boot");
  });

  test("a machine that the provider cannot make", () => {
    const events = failed("cluster-cn1", "libvirt:index/domain:Domain", "error creating libvirt domain: internal error");
    expect(outcomeOf(events)).toMatchObject({ kind: "boot", at: "cluster-cn1" });
  });
});

describe("disk full", () => {
  const stopped = (domblkerror: string) =>
    `case "$*" in *" list --all --uuid "*) echo dead ;; *domstate*) echo "paused (I/O error)" ;; *domblkerror*) echo "${domblkerror}" ;; esac`;

  test.each<[string, string, FailureKind]>([
    ["has no room for its disk", "vda: no space", "disk full"],
    ["cannot read its disk", "vda: unspecified error", "boot"],
  ])("a hypervisor that %s", (_, cause, kind) => {
    const env = programs({ ssh: noAnswer, virsh: stopped(cause) });
    expect(outcomeOf(failing("cluster-ssh", "libvirt/scripts/await-hosts", { connection, uri }, env)).kind).toBe(kind);
  });

  test.each([
    ["512", "disk full"],
    ["1073741824", "failed"],
  ])("a pool that does not take an image, with %s bytes left", (left, kind) => {
    const virsh = `case "$*" in *vol-upload*) echo "error: cannot send data" >&2; exit 1 ;; *pool-info*) echo "Available:      ${left}" ;; esac`;
    const volumes = [{ name: "base", format: "qcow2", source: "package.json" }];
    const input = { uri: "qemu+ssh://host/system", pool: "p", directory: "/pool", volumes };
    expect(outcomeOf(failing("cluster-image", "libvirt/scripts/put-image", input, programs({ virsh }))).kind).toBe(kind);
  });

  /** Where there may be a file system of 64 KiB, in a mount namespace. */
  const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;

  test.skipIf(!mayMount).each<[string, object]>([
    ["scripts/write-record", { content: { fidelity: "vm" } }],
    ["scripts/build-image", { backend: "debian" }],
  ])("%s on a disk without room", (file, input) => {
    const full = join(folder, "full");
    mkdirSync(full);
    const mount = `mount -t tmpfs -o size=64k tmpfs ${full} && { cat /dev/zero >${full}/all || true; } 2>/dev/null; exec "$0"`;
    const env = { ...process.env, SCHEDFRONT_CACHE: full };
    const events = failing("record-file", file, { results: full, ...input }, env, "unshare", "--mount", "bash", "-c", mount);
    expect(outcomeOf(events).kind).toBe("disk full");
  });
});

describe("refused", () => {
  test("kvm that was asked for, and boots no guest", () => {
    const virsh = `case "$*" in *capabilities*) echo "<domain type='kvm'>" ;; *domstate*) echo running ;; esac`;
    const env = { ...programs({ virsh }), SCHEDFRONT_KVM_SECONDS: "1" };
    const input = { uri, acceleration: "kvm", domain: "d", kernel: "/k", initrd: "/i" };
    expect(outcomeOf(failing("cluster-acceleration", "libvirt/scripts/prove-acceleration", input, env))).toMatchObject({
      kind: "refused",
      line: expect.stringContaining('"kvm" was requested'),
    });
  });

  test("names that somebody else has", () => {
    const virsh = `case "$*" in *"net-list --all"*) printf 'network/schedfront-x\\npool/' ;; esac`;
    const pulumi = `while [[ $1 != --file ]]; do shift; done; echo '{"deployment": {"resources": []}}' >"$2"`;
    const input = { uri, prefix: "schedfront-x", stack: "organization/schedfront/x" };
    expect(outcomeOf(failing("cluster-names", "libvirt/scripts/claim-names", input, programs({ virsh, pulumi }))).kind).toBe("refused");
  });

  test("a tuple, or a hypervisor that it does not fit, where a sweep asks the program", () => {
    const words = new InvalidInput("tuple", [{ path: ["topology"], message: "3 machines need 9 GiB" }]).message;
    expect(refusal(words).message).toBe(words);
    process.env.SCHEDFRONT_ERRORS = "json";
    try {
      expect(outcomeOf(diagnosed(refusal(words).message))).toEqual({
        kind: "refused",
        at: null,
        line: expect.stringContaining("3 machines need 9 GiB"),
      });
    } finally {
      delete process.env.SCHEDFRONT_ERRORS;
    }
  });

  test("libvirt that does not answer, as the script says to the program", () => {
    const env = programs({ virsh: 'echo "error: failed to connect" >&2; exit 1' });
    const input = JSON.stringify({ uri, imagesDirectory: "/tmp", prefix: "schedfront-x" });
    const { stdout } = spawnSync("components/libvirt/scripts/probe-hypervisor", { input, encoding: "utf8", env });
    expect(failureIn(stdout)).toMatchObject({ kind: "refused", message: expect.stringContaining("failed to connect") });
  });
});

describe("what the agent says", () => {
  /** ask-agent, whose ssh answers so to the agent's command, and with how many processes the kernel ended before and after it. */
  const asked = (agent: string, oomKills = 0) =>
    failing(
      "suite-0-hpl-0",
      "scripts/ask-agent",
      { connection, request: { verb: "verify" } },
      programs({ ssh: `case "$*" in *agent.mjs*) cat >/dev/null; ${agent} ;; *vmstat*) printf '1\\n%s\\n' ${1 + oomKills} ;; esac` }),
    );
  const answering = (error: unknown) => {
    writeFileSync(join(folder, "answer"), `${failureLine(kindOf(error), (error as Error).message)}\n`);
    return asked(`cat ${folder}/answer; exit 1`);
  };

  test("configuration differs: the scheduler does not run as it was told", async () => {
    const adapter: Partial<SchedulerAdapter> = {
      unusable: async () => new Map(),
      effectiveConfiguration: async () => ({ version: "slurm 1", effective: {} }),
      differences: () => ['SchedulerTimeSlice: asked "30", runs "7"'],
    };
    const { topology, scheduler } = parseTuple(base);
    const request = { verb: "verify" as const, topology, scheduler, timeoutSeconds: 1 };
    const error = await verify(adapter as SchedulerAdapter, request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KnownFailure);
    expect(outcomeOf(answering(error))).toMatchObject({
      kind: "configuration differs",
      at: "suite-0-hpl-0",
      line: expect.stringContaining("the scheduler does not run as configured"),
    });
  });

  test.each<[string, unknown, FailureKind]>([
    [
      "disk full: the head has no room",
      Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
      "disk full",
    ],
    ["refused: a request that is none", new InvalidInput("request", [{ path: ["verb"], message: "is missing" }]), "refused"],
    ["failed: anything else, whatever its words", new Error("did not answer ssh within 600 s: out of memory"), "failed"],
  ])("%s", (_, error, kind) => {
    expect(outcomeOf(answering(error)).kind).toBe(kind);
  });

  test.each<[string, number, FailureKind]>([
    ["out of memory: the kernel has ended the agent", 2, "out of memory"],
    ["failed: the connection broke", 0, "failed"],
  ])("%s", (_, oomKills, kind) => {
    expect(outcomeOf(asked("exit 255", oomKills)).kind).toBe(kind);
  });
});

describe("nobody's answer", () => {
  test.each<[string, EngineEvent[]]>([
    [
      "a script that broke",
      failed("suite-1-burst-0", "command:local:Command", "exit status 1: running x:\nOut of memory, refused, no space left"),
    ],
    ["a network", failed("cluster-network", "libvirt:index/network:Network", "error creating libvirt network: already exists")],
    ["a line that only looks like one", diagnosed('{"error": {"kind": "boo", "message": "x"}}\n{"error": "boot"}')],
    ["nothing at all", []],
  ])("%s has failed, and no word of it is read", (_, events) => {
    expect(outcomeOf(events).kind).toBe("failed");
  });

  test("of several answers, the first that knows more counts", () => {
    const lines = [failureLine("failed", "a"), failureLine("disk full", "b"), failureLine("boot", "c")];
    expect(outcomeOf(lines.flatMap((line) => diagnosed(line)))).toMatchObject({ kind: "disk full", line: expect.stringMatching(/: b$/) });
  });
});

test("every kind has its line in docs/sweeps.md", () => {
  const rows = [...readFileSync("docs/sweeps.md", "utf8").matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
  expect(rows).toEqual(expect.arrayContaining([...failureKinds]));
});
