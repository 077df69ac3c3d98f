import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setAllConfig, setMocks } from "@pulumi/pulumi/runtime/index.js";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { machinesOrigin, readTuple } from "../../components/configuration.ts";
import { jumpHost } from "../../components/connection.ts";
import { hypervisorUri } from "../../model/hypervisor-uri.ts";
import { parseSaved } from "../../model/saved-machines.ts";
import { parseStackName } from "../../model/stack-configuration.ts";
import { Claims } from "../../sweep/store/claims.ts";
import { hostileTexts } from "./mutations.ts";

/** Keys beside the tuple's, and other places where a name from outside would reach another program's language. */

let folder: string;
let canary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-canary-"));
  canary = join(folder, "canary");
  return () => rmSync(folder, { recursive: true });
});

beforeAll(() => setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) }, "schedfront", "t"));

const small = {
  "schedfront:topology": JSON.stringify({ compute: [{ count: 1 }] }),
  "schedfront:scheduler": JSON.stringify({ kind: "slurm" }),
  "schedfront:workloads": JSON.stringify([{ kind: "burst" }]),
};

function complaintOf(read: () => unknown): string {
  try {
    return `taken: ${JSON.stringify(read())}`;
  } catch (error) {
    return (error as Error).message;
  }
}

const withKeys = (keys: Readonly<Record<string, string>>) => {
  setAllConfig({ ...small, ...keys });
  return { tuple: complaintOf(readTuple), origin: complaintOf(machinesOrigin) };
};

describe("a key of a stack's configuration", () => {
  test.each([
    ["libvirt:uri", "qemu+ssh://h/system?command=/tmp/x"],
    ["command:anything", "x"],
    ["pulumi:disable-default-providers", '["*"]'],
    ["pulumi:autonaming", "{}"],
    ["restore:form", "k"],
    ["aws:region", "eu-west-1"],
    ["constructor:name", "x"],
    ["__proto__:x", "x"],
    ["no-namespace", "x"],
    ["schedfront2:topology", "{}"],
    ["a\nb:\u001b[31m", "x"],
  ])("that is not the program's is refused by name, value and what is allowed: %j", (key, value) => {
    for (const complaint of Object.values(withKeys({ [key]: value }))) {
      expect(complaint).toMatch(/^invalid configuration\n {2}/);
      expect(complaint).toContain(JSON.stringify(value));
      expect(complaint).toContain("the keys are schedfront:topology, ");
      expect(complaint).toContain("restore:from, restore:machines, pulumi:tags");
      expect(complaint).not.toMatch(/(?!\n)\p{Cc}/u);
    }
  });

  test("of the tuple, of a restored stack and of Pulumi's tags is taken", () => {
    const keys = { "restore:from": "saved.1", "restore:machines": "k-2_x", "pulumi:tags": '{"team":"hpc"}' };
    const { tuple, origin } = withKeys(keys);
    expect(tuple).toMatch(/^taken: /);
    expect(origin).toBe('taken: {"owner":"k-2_x","savedBy":"saved.1"}');
  });

  const strange = [...hostileTexts, "a; create /tmp/d.xml", "-x", "--help", ".", "..", "../k", "a/b", "a b", "a\n", "'a'", "k".repeat(101)];
  test.each(["restore:from", "restore:machines"])("%s takes no name that Pulumi, virsh or a path would take for more", (key) => {
    for (const name of strange.filter((text) => !/^[a-z_]+$/.test(text))) {
      const { tuple, origin } = withKeys({ "restore:from": "k", "restore:machines": "k", [key]: name });
      for (const complaint of [tuple, origin]) expect(complaint).toMatch(new RegExp(`^invalid configuration\n  ${key}: `));
    }
  });

  test.each(["restore:from", "restore:machines"])("%s alone is refused", (key) => {
    expect(withKeys({ [key]: "k" }).origin).toMatch(/^invalid configuration\n {2}restore:(from|machines): is missing beside restore:/);
  });

  test("pulumi:tags is a mapping of short texts", () => {
    expect(withKeys({ "pulumi:tags": "x" }).tuple).toBe('invalid configuration\n  pulumi:tags: "x" is not a mapping');
    expect(withKeys({ "pulumi:tags": `{"a":${JSON.stringify("x".repeat(300))}}` }).tuple).toContain("pulumi:tags.a: ");
  });

  test.each(["-x", "..", ".hidden", "a;b", ""])(
    "a stack that is called %j is refused, for folders and machines are named after it",
    (name) => {
      expect(complaintOf(() => parseStackName(name))).toMatch(/^invalid stack name\n {2}/);
    },
  );
});

/** Names that reach virsh: its test driver's `screenshot` writes a file. */
describe("a name in virsh's own command language", () => {
  const screenshot = () => `schedfront-a; screenshot test ${canary}`;
  const scripts: readonly [string, () => object][] = [
    ["components/libvirt/scripts/probe-hypervisor", () => ({ uri: "test:///default", imagesDirectory: "/", prefix: screenshot() })],
    ["components/libvirt/scripts/claim-names", () => ({ uri: "test:///default", prefix: screenshot(), stack: "s" })],
    ["components/libvirt/scripts/settle-leftovers", () => ({ uri: "test:///default", prefix: screenshot(), stack: "s" })],
    ["components/libvirt/scripts/empty-pool", () => ({ uri: "test:///default", pool: `default-pool'; screenshot test ${canary}; '` })],
    [
      "components/libvirt/scripts/put-image",
      () => ({
        uri: "test:///default",
        pool: `default-pool'; screenshot test ${canary}; '`,
        directory: folder,
        volumes: [{ name: `x'; screenshot test ${canary}; '`, format: `raw; screenshot test ${canary};`, source: "/dev/null" }],
      }),
    ],
    [
      "components/libvirt/scripts/remove-volumes",
      () => ({ uri: "test:///default", pool: screenshot(), volumes: [{ name: screenshot() }] }),
    ],
    ["components/libvirt/scripts/stop-machines", () => ({ uri: "test:///default", domains: [`test; screenshot test ${canary}`] })],
    ["components/libvirt/scripts/save-machines", () => ({ uri: "test:///default", domains: [screenshot()], snapshot: screenshot() })],
    [
      "components/libvirt/scripts/remove",
      () => ({ uri: "test:///default", held: ["domain", "network", "pool"].map((kind) => ({ kind, name: screenshot() })) }),
    ],
  ];
  test.each(scripts)("%s takes it for a name", (script, input) => {
    spawnSync(script, { input: JSON.stringify(input()), encoding: "utf8" });
    expect(existsSync(canary)).toBe(false);
  });
});

describe("a connection to a hypervisor", () => {
  test.each([
    ["qemu:///system", null],
    ["qemu:///system?socket=/run/libvirt/libvirt-sock", null],
    ["qemu+ssh://host/system", "host"],
    ["qemu+ssh://me@host.example.org:2222/system?keyfile=/home/me/.ssh/id_ed25519&sshauth=privkey", "me@host.example.org:2222"],
    ["qemu+ssh://me@10.0.0.1/system?mode=legacy&knownhosts=/home/me/known_hosts", "me@10.0.0.1"],
    ["qemu+ssh://[fd00::1]:22/system", "[fd00::1]:22"],
    ["qemu+ssh://n_1/system", "n_1"],
  ])("%s is taken", (uri, jump) => {
    expect(hypervisorUri.safeParse(uri).success).toBe(true);
    expect(jumpHost({ uri })).toBe(jump);
  });

  test.each([
    "qemu+ssh://a@-F.x:1/system",
    "qemu+ssh://-F.x/system",
    "qemu+ssh://-oProxyCommand=x@h/system",
    "qemu+ssh://a@b@c/system",
    "qemu+ssh://a:b@host/system",
    "qemu+ssh://a.-F/system",
    "qemu+ssh://h..x/system",
    "qemu+ssh://h./system",
    "qemu+ssh:///system",
    "qemu+ssh://@h/system",
    "qemu+ssh://h:/system",
    "qemu+ssh://h:0/system",
    "qemu+ssh://h:65536/system",
    "qemu+ssh://h:22:33/system",
    "qemu+ssh://h%2D/system",
    "qemu+ssh://%2DF.x/system",
    "qemu+ssh://h/system%3Fcommand=x",
    "qemu+ssh://[-F]/system",
    "qemu+ssh://[::1/system",
    "qemu+ssh://[fe80::1%25eth0]/system",
    "qemu+ssh://[12345]/system",
    "qemu+ssh://h/session",
    "qemu+ssh://h//system",
    "qemu+ssh://h/system/",
    "qemu+ssh://h/system#x",
    "qemu+ssh://h/system?",
    "qemu+ssh://h/system?mode",
    "qemu+ssh://h/system?command=/bin/sh",
    "qemu+ssh://h/system?Command=/bin/sh",
    "qemu+ssh://h/system?netcat=/bin/sh",
    "qemu+ssh://h/system?proxy=netcat",
    "qemu+ssh://h/system?no_verify=1",
    "qemu+ssh://h/system?known_hosts_verify=ignore",
    "qemu+ssh://h/system?mode=auto&mode=legacy",
    "qemu+ssh://h/system?mode=auto&command=/bin/sh",
    "qemu+ssh://h/system?mode=auto;command=/bin/sh",
    "qemu+ssh://h/system?keyfile=-oProxyCommand",
    "qemu+ssh://h/system?keyfile=relative",
    "qemu+ssh://h/system?keyfile=~/.ssh/id",
    "qemu+ssh://h/system?keyfile=/a%0Ab",
    "qemu+ssh://h/system?keyfile=/$HOME/x",
    "qemu+ssh://h/system?sshauth=ssh-password",
    "qemu+ssh://h/system?socket=/run/a;b",
    "qemu+ssh://h/system?constructor=x",
    "qemu+ssh://h/system\n",
    "qemu+ssh://h\n/system",
    "QEMU+SSH://h/system",
    "qemu+tcp://h/system",
    "qemu+ext:///system?command=/bin/sh",
    "qemu+unix:///system",
    "qemu+libssh2://h/system",
    "test:///default",
    "lxc:///",
    "",
  ])("%j is refused", (uri) => {
    const found = hypervisorUri.safeParse(uri);
    expect(found.success).toBe(false);
    expect(found.error?.issues[0]?.message).toContain("is not qemu:///system, or qemu+ssh://[user@]host[:port]/system");
  });
});

describe("what another stack saved", () => {
  const host = { name: "head", role: "head", group: "head", address: "10.1.2.3", hostKey: "ssh-ed25519 AAAA head", instance: "4a-5b" };
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
  const prepared = (parts: object) => ({ hosts: [host], privateKey: key, jump: null, ...parts });

  test("is taken as this program writes it", () => {
    expect(parseSaved("k", "prepared")(prepared({}))).toEqual(prepared({}));
  });

  test.each([
    ["a host's name", { hosts: [{ ...host, name: "head\n  ProxyCommand touch x" }] }],
    ["a host that is an option", { hosts: [{ ...host, name: "-oProxyCommand=x" }] }],
    ["an address", { hosts: [{ ...host, address: "10.1.2.3\n  ProxyCommand x" }] }],
    ["a host key", { hosts: [{ ...host, hostKey: "ssh-ed25519 AAAA\n* ssh-ed25519 BBBB" }] }],
    ["a way there", { jump: "me@-oProxyCommand" }],
    ["a way there with more", { jump: "h\n  ProxyCommand x" }],
    ["an instance", { hosts: [{ ...host, instance: "{{ lookup('pipe','x') }}" }] }],
    ["no machines", { hosts: [] }],
    ["a key that nobody knows", { command: "x" }],
  ])("%s of another form is refused", (_, parts) => {
    expect(complaintOf(() => parseSaved("k", "prepared")(prepared(parts)))).toMatch(/^invalid output prepared of stack k\n {2}/);
  });

  test("no complaint shows the key", () => {
    const complaint = complaintOf(() => parseSaved("k", "prepared")(prepared({ privateKey: "SECRET\0" })));
    expect(complaint).toContain("privateKey: is not a private key in OpenSSH's format");
    expect(complaint).not.toContain("SECRET");
  });

  test("goes into ssh's configuration by scripts that check it once more", () => {
    const proxied = { ...host, address: `10.1.2.3\n  ProxyCommand touch ${canary}` };
    const { status, stderr } = spawnSync("components/scripts/ask-agent", {
      input: JSON.stringify({ connection: { hosts: [proxied], privateKey: key, jump: null }, request: {} }),
      encoding: "utf8",
    });
    expect([status === 0, existsSync(canary)]).toEqual([false, false]);
    expect(stderr).toContain("connection: ");
  });
});

test("a claim that no sweep wrote is refused by its file, and nothing that it names is touched", () => {
  const claims = join(folder, "claims");
  mkdirSync(claims);
  const id = "0123456789abcdef";
  const claim = {
    id,
    sweep: "s",
    stack: "sweep-s-0123456789ab",
    hypervisor: "qemu:///system",
    machine: "m",
    pid: 1,
    started: new Date(0).toISOString(),
  };
  for (const change of [
    { stack: "../../victim" },
    { stack: "other" },
    { id: "fedcba9876543210" },
    { hypervisor: "qemu+ssh://h/system?command=x" },
    { pid: -1 },
  ]) {
    writeFileSync(join(claims, `${id}.json`), JSON.stringify({ ...claim, ...change }));
    expect(complaintOf(() => new Claims(claims).list("s"))).toContain(`${id}.json: is not a claim that a sweep wrote: remove it`);
    expect(complaintOf(() => new Claims(claims).take(claim, "qemu:///system"))).toContain("is not a claim that a sweep wrote");
  }
  expect(readdirSync(claims)).toEqual([`${id}.json`]);
});

describe("an environment variable", () => {
  test.each([
    ["SCHEDFRONT_BOOT_SECONDS", "await-hosts"],
    ["SCHEDFRONT_RESTORE_SECONDS", "restore-machines"],
    ["SCHEDFRONT_KVM_SECONDS", "prove-acceleration"],
  ])("%s is a whole number, not an expression of bash's", (variable, script) => {
    const host = { name: "head", role: "head", address: "127.0.0.1", hostKey: "", instance: "test" };
    const input = {
      uri: "test:///default",
      acceleration: "auto",
      domain: "d",
      kernel: "k",
      initrd: "i",
      domains: ["test"],
      snapshot: "s",
      clocks: "set",
    };
    const { status, stderr } = spawnSync(`components/libvirt/scripts/${script}`, {
      input: JSON.stringify({ ...input, connection: { hosts: [host], privateKey: "", jump: null } }),
      encoding: "utf8",
      env: { ...process.env, [variable]: `a[$(touch ${canary})]` },
    });
    expect([status === 0, existsSync(canary)]).toEqual([false, false]);
    expect(stderr).toContain(`${variable}: `);
    expect(stderr).toContain("is not a whole number of seconds");
  });

  test("that make is given on its command line is text", () => {
    spawnSync("make", ["help", `STACK=a$(shell touch ${canary})`]);
    expect(existsSync(canary)).toBe(false);
  });
});

test("a package's name ends where it ends, not at a line's end", () => {
  const { status, stderr } = spawnSync("images/debian/build", ["--look"], {
    input: JSON.stringify({ suite: "trixie", packages: ["vim\n", "reboot"], files: [] }),
    encoding: "utf8",
    env: { ...process.env, SCHEDFRONT_CACHE: folder },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('packages: ["vim\\n","reboot"] is not a list of Debian package names');
});

test("restore-machines leaves a machine as it is that the stack did not save", () => {
  writeFileSync(join(folder, "virsh"), `#!/bin/bash\necho "$*" >>${folder}/asked\n[[ $* != *snapshot-info* ]]\n`, { mode: 0o755 });
  const host = { name: "head", role: "head", address: "127.0.0.1", hostKey: "" };
  const input = { uri: "qemu:///system", domains: ["schedfront-victim-head"], snapshot: "k", clocks: "set" };
  const { status, stderr } = spawnSync("components/libvirt/scripts/restore-machines", {
    input: JSON.stringify({ ...input, connection: { hosts: [host], privateKey: "", jump: null } }),
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  expect(status).toBe(1);
  expect(stderr).toContain("schedfront-victim-head was not saved by stack k: left unchanged");
  expect(readFileSync(join(folder, "asked"), "utf8")).not.toContain("destroy");
});
