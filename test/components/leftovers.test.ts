import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-leftovers-"));
  for (const kind of ["domains", "networks", "pools"]) mkdirSync(join(folder, kind));
  return () => rmSync(folder, { recursive: true });
});

/** Runs a script against a hypervisor that is a folder, and a Pulumi whose state is a file: test/components/fakes. */
function run(script: string, args: readonly string[], input: object, environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(script, args, {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, PATH: `${resolve("test/components/fakes")}:${process.env.PATH}`, STATE: join(folder, "state"), ...environment },
  });
  return { status, stdout, stderr };
}

const uri = () => `fake://${folder}`;
const pool = () => ({ pool: "schedfront-a", directory: join(folder, "pools/schedfront-a") });
const claim = () => ({ uri: uri(), prefix: "schedfront-a", stack: "organization/schedfront/a" });
const claimed = (input: object = claim()) => ({
  type: "command:local:Command",
  inputs: { create: "components/libvirt/scripts/claim-names", stdin: JSON.stringify(input) },
});
const resource = (type: string, name: string) => ({ type: `libvirt:index/${type}`, inputs: {}, outputs: { name } });

const seed = (node: string) => ({
  type: "command:local:Command",
  urn: `urn:a::cluster-${node}-cloud-init`,
  inputs: { create: "components/libvirt/scripts/make-seed", stdin: JSON.stringify({ name: `${node}-seed.iso` }) },
});

const image = {
  type: "command:local:Command",
  urn: "urn:a::cluster-image",
  inputs: { create: "components/libvirt/scripts/put-image", stdin: JSON.stringify({ volumes: [{ name: "disk" }, { name: "kernel" }] }) },
};

function isOnHypervisor(...files: readonly string[]) {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
}

const isInState = (resources: readonly object[], pending: readonly object[] = []) =>
  writeFileSync(join(folder, "state"), JSON.stringify({ deployment: { resources, pending_operations: pending } }));

/** What is on the hypervisor, as paths. */
const found = () =>
  ["domains", "networks", "pools"].flatMap((kind) =>
    readdirSync(join(folder, kind), { recursive: true, encoding: "utf8" }).map((name) => `${kind}/${name}`),
  );

describe("what the hypervisor has and the state has not", () => {
  const others = [
    "domains/schedfront-a-b-cn1",
    "domains/somebody-elses",
    "networks/schedfront-a-b",
    "networks/schedfront-ab",
    "pools/schedfront-a-b/cn1.qcow2",
  ];
  const ours = ["domains/schedfront-a-head", "domains/schedfront-a-probe", "networks/schedfront-a", "pools/schedfront-a/cn2.qcow2"];

  const settle = (input: object = claim()) => {
    const { status, stdout, stderr } = run("components/libvirt/scripts/settle-leftovers", [], input);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  test("goes, and nothing that the state knows or another stack has", () => {
    const kept = [
      "domains/schedfront-a-head",
      ...["cn1.qcow2", "cn1-seed.iso", "disk", "kernel"].map((name) => `pools/schedfront-a/${name}`),
    ];
    isOnHypervisor(...others, ...ours, ...kept);
    isInState([
      claimed(),
      resource("pool:Pool", "schedfront-a"),
      resource("volume:Volume", "cn1.qcow2"),
      seed("cn1"),
      image,
      resource("domain:Domain", "schedfront-a-head"),
    ]);
    expect(settle()).toEqual({ removed: ["domain schedfront-a-probe", "network schedfront-a", "volume cn2.qcow2"] });
    expect(found().sort()).toEqual([...others, ...kept, "pools/schedfront-a", "pools/schedfront-a-b"].sort());
  });

  test("goes with its pool, where the state does not know that", () => {
    isOnHypervisor(...others, ...ours);
    isInState([claimed()]);
    expect(settle().removed).toHaveLength(5);
    expect(found().sort()).toEqual([...others, "pools/schedfront-a-b"].sort());
  });

  test("is seen in a pool that a destroy has stopped, too, and the pool is started", () => {
    isOnHypervisor("pools/schedfront-a/cn1-seed.iso", "stopped");
    writeFileSync(join(folder, "stopped"), "schedfront-a\n");
    isInState([claimed(), resource("pool:Pool", "schedfront-a")]);
    expect(settle()).toEqual({ removed: ["volume cn1-seed.iso"] });
    expect(readFileSync(join(folder, "changes"), "utf8").split("\n")[0]).toBe("pool-start schedfront-a");
  });

  test.each([
    ["without a claim", () => []],
    ["with a claim on another hypervisor", () => [claimed({ ...claim(), uri: "fake:///elsewhere" })]],
    ["with a claim to another name", () => [claimed({ ...claim(), prefix: "schedfront-b" })]],
  ])("stays %s", (_, resources) => {
    isOnHypervisor(...ours);
    writeFileSync(join(folder, "stopped"), "schedfront-a\n");
    isInState(resources());
    expect(settle()).toEqual({ removed: [] });
    expect(existsSync(join(folder, "changes"))).toBe(false);
  });
});

describe("the pool's contents", () => {
  const empty = () => run("components/libvirt/scripts/empty-pool", [], { uri: uri(), pool: "schedfront-a" });

  test("go, whatever made them, and no other pool's", () => {
    isOnHypervisor("pools/schedfront-a/head-seed.iso", "pools/schedfront-a-b/cn1.qcow2");
    expect(empty()).toMatchObject({
      status: 0,
      stdout: "{}\n",
      stderr: "removed head-seed.iso, which an earlier run left in pool schedfront-a\n",
    });
    expect(found().sort()).toEqual(["pools/schedfront-a", "pools/schedfront-a-b", "pools/schedfront-a-b/cn1.qcow2"]);
  });

  test("are none where the pool is not there", () => {
    expect(empty()).toMatchObject({ status: 0, stdout: "{}\n", stderr: "" });
  });
});

describe("a cloud-init disk", () => {
  const userData = "#cloud-config of a test that nothing else has: PRIVATE\n";
  const input = () => ({ uri: uri(), ...pool(), name: "cn1-seed.iso", metaData: '{"local-hostname":"cn1"}' });
  const make = () => run("components/libvirt/scripts/make-seed", [], input(), { SCHEDFRONT_SECRETS: JSON.stringify({ userData }) });
  const content = (name: string) =>
    execFileSync("isoinfo", ["-R", "-i", join(folder, "pools/schedfront-a/cn1-seed.iso"), "-x", `/${name}`], { encoding: "utf8" });

  test("holds what cloud-init reads, in the place of half a one, and nothing of it stays elsewhere", () => {
    isOnHypervisor("pools/schedfront-a/cn1-seed.iso");
    const { status, stdout, stderr } = make();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({ volume: join(folder, "pools/schedfront-a/cn1-seed.iso") });
    expect([content("user-data").trim(), content("meta-data").trim()]).toEqual([userData.trim(), input().metaData]);
    expect(spawnSync("grep", ["--recursive", "--quiet", userData.trim(), "/dev/shm"]).status).toBe(1);
    expect(readFileSync(join(folder, "changes"), "utf8")).not.toContain("PRIVATE");
  });

  test("goes, and one that is gone is no error", () => {
    isOnHypervisor("pools/schedfront-a/cn2-seed.iso");
    make();
    for (const _ of [1, 2])
      expect(run("components/libvirt/scripts/remove-volumes", [], input())).toMatchObject({ status: 0, stdout: "{}\n" });
    expect(found()).toEqual(["pools/schedfront-a", "pools/schedfront-a/cn2-seed.iso"]);
  });
});

describe("an image", () => {
  const source = (name: string) => join(folder, "it's here", name);
  const input = (hypervisor: string, ...names: readonly string[]) => ({
    uri: hypervisor,
    ...pool(),
    volumes: names.map((name) => ({ name, format: "raw", source: source(name) })),
  });

  test.each([
    ["by hand into a folder of this machine's", () => `qemu://${folder}`, ["pool-refresh schedfront-a"]],
    ["through libvirt elsewhere", uri, ["vol-delete disk", "vol-create-as schedfront-a disk 15B", "vol-upload disk"]],
  ])("is put in the place of half a one %s, and goes", (_, hypervisor, changes) => {
    isOnHypervisor("pools/schedfront-a/disk", "pools/schedfront-a/cn1.qcow2");
    mkdirSync(dirname(source("disk")));
    for (const name of ["disk", "kernel"]) writeFileSync(source(name), `content of ${name}`);
    const asked = input(hypervisor(), "disk", "kernel");
    const { status, stdout, stderr } = run("components/libvirt/scripts/put-image", [], asked);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { directory } = pool();
    expect(JSON.parse(stdout)).toEqual({ disk: join(directory, "disk"), kernel: join(directory, "kernel") });
    expect(readFileSync(join(directory, "disk"), "utf8")).toBe("content of disk");
    expect(readFileSync(join(folder, "changes"), "utf8").split("\n").slice(0, changes.length)).toEqual(changes);
    expect(run("components/libvirt/scripts/remove-volumes", [], asked)).toMatchObject({ status: 0, stdout: "{}\n" });
    expect(readdirSync(directory)).toEqual(["cn1.qcow2"]);
  });

  test("that cannot be put fails with virsh's words", () => {
    isOnHypervisor("pools/schedfront-a/cn1.qcow2", "it's here/disk");
    const { status, stdout, stderr } = run("components/libvirt/scripts/put-image", [], { ...input(uri(), "disk"), pool: "elsewhere" });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("pools/elsewhere/disk");
  });
});

describe("a claim to names", () => {
  const ask = (...labels: readonly string[]) => {
    const models = labels.map((label) => `    <secmodel>\n${label}\n    </secmodel>\n`).join("");
    writeFileSync(join(folder, "capabilities.xml"), `<capabilities>\n  <host>\n${models}  </host>\n</capabilities>\n`);
    return run("components/libvirt/scripts/claim-names", [], claim());
  };

  test("is refused where somebody has them, with what is there", () => {
    isOnHypervisor("networks/schedfront-a", "domains/schedfront-a-cn1", "domains/schedfront-a-b-cn1");
    isInState([]);
    const { status, stderr } = ask();
    expect(status).toBe(1);
    expect(stderr).toBe(
      `domain schedfront-a-cn1, network schedfront-a: already on ${uri()} but not in this stack's state; "make gc" shows which stack owns it, and removes leftovers\n`,
    );
  });

  test("fails with virsh's words where the hypervisor answers nothing, or not all", () => {
    rmSync(join(folder, "networks"), { recursive: true });
    expect(ask()).toMatchObject({ status: 1, stderr: expect.stringContaining("error: net-list") });
    const { status, stderr } = run("components/libvirt/scripts/claim-names", [], { ...claim(), uri: `fake://${folder}/nowhere` });
    expect(status).toBe(1);
    expect(stderr).toContain("error: pool-list");
  });

  test.each([
    ["where nobody has them", [], []],
    ["where the state has them", ["networks/schedfront-a"], [resource("network:Network", "schedfront-a")]],
  ])("stands %s", (_, files, resources) => {
    isOnHypervisor("domains/schedfront-a-b-cn1", ...files);
    isInState(resources);
    expect(ask()).toMatchObject({ status: 0, stdout: '{"qemu":null}\n' });
  });

  test("says as whom QEMU runs", () => {
    isInState([]);
    // virsh capabilities of libvirt 9.0 on Debian 12.
    const dac = [
      "<model>dac</model>",
      "<doi>0</doi>",
      "<baselabel type='kvm'>+64055:+104</baselabel>",
      "<baselabel type='qemu'>+64055:+104</baselabel>",
    ];
    const { stdout } = ask("<model>none</model>", dac.join("\n"));
    expect(JSON.parse(stdout)).toEqual({ qemu: { user: 64055, group: 104 } });
  });
});

describe("settle-stack", () => {
  const settle = (environment: NodeJS.ProcessEnv = {}) => run("toolchain/settle-stack", ["a"], {}, environment);
  const commands = () => (existsSync(join(folder, "state.commands")) ? readFileSync(join(folder, "state.commands"), "utf8") : "");
  const refresh = "refresh --yes --skip-preview --clear-pending-creates --stack a\n";

  test("does nothing where state and hypervisor agree", () => {
    isOnHypervisor("networks/schedfront-a");
    isInState([claimed(), resource("network:Network", "schedfront-a")]);
    expect(settle()).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(commands()).toBe("");
  });

  test("names what has no end, and refreshes", () => {
    isInState(
      [claimed()],
      [{ type: "creating", resource: { urn: "urn:pulumi:a::schedfront::libvirt:index/network:Network::cluster-network" } }],
    );
    const { status, stderr } = settle();
    expect(status).toBe(0);
    expect(stderr).toContain("stack a: creating cluster-network is still pending\n");
    expect(commands()).toBe(refresh);
  });

  test("names what is gone, and refreshes", () => {
    isInState([claimed(), resource("network:Network", "schedfront-a")]);
    const { stderr } = settle();
    expect(stderr).toContain(`stack a: network schedfront-a is missing on ${uri()}\n`);
    expect(commands()).toBe(refresh);
  });

  test("names a machine of the stack that is off, and has the next update start it and play on it again", () => {
    isOnHypervisor("domains/schedfront-a-cn1", "domains/schedfront-b-cn1");
    writeFileSync(join(folder, "off"), "schedfront-a-cn1\nschedfront-b-cn1\n");
    const play = { type: "command:local:Command", inputs: { create: "components/scripts/play" } };
    const plays = ["urn:a::nodes", "urn:a::scheduler"];
    isInState([claimed(), resource("domain:Domain", "schedfront-a-cn1"), ...plays.map((urn) => ({ ...play, urn }))]);
    const { stderr } = settle();
    expect(stderr).toContain("stack a: domain schedfront-a-cn1 is shut off\n");
    expect(stderr).not.toContain("schedfront-b-cn1");
    expect(commands()).toBe(`${refresh}state taint --yes --stack a ${plays.join(" ")}\n`);
  });

  test("has a machine go on that an I/O error stopped, and none that somebody paused or has elsewhere", () => {
    const paused = ["schedfront-a-cn1 paused (I/O error)", "schedfront-a-cn2 paused (user)", "schedfront-b-cn1 paused (I/O error)"];
    const machines = ["schedfront-a-cn1", "schedfront-a-cn2"];
    isOnHypervisor("domains/schedfront-b-cn1", ...machines.map((name) => `domains/${name}`));
    writeFileSync(join(folder, "paused"), `${paused.join("\n")}\n`);
    isInState([claimed(), ...machines.map((name) => resource("domain:Domain", name))]);
    expect(settle().stderr).toBe("stack a: resumed domain schedfront-a-cn1, which libvirt had paused on an I/O error\n");
    expect(readFileSync(join(folder, "changes"), "utf8")).toBe("resume schedfront-a-cn1\n");
    expect(commands()).toBe("");
  });

  test("has the next update make what a script put there and is gone, which a refresh does not see", () => {
    isOnHypervisor("pools/schedfront-a/head-seed.iso", "pools/schedfront-a/kernel");
    isInState([claimed(), resource("pool:Pool", "schedfront-a"), seed("head"), seed("cn1"), image]);
    const { stderr } = settle();
    for (const name of ["cn1-seed.iso", "disk"]) expect(stderr).toContain(`stack a: volume ${name} is missing on`);
    expect(commands()).toBe(`${refresh}state taint --yes --stack a urn:a::cluster-cn1-cloud-init urn:a::cluster-image\n`);
  });

  test("fails where Pulumi refuses, as it does while another update runs", () => {
    isInState([claimed(), resource("network:Network", "schedfront-a")]);
    expect(settle({ PULUMI_EXIT: "255" }).status).toBe(255);
  });
});
