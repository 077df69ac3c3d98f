import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { failureIn } from "../../model/failure.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-scripts-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Runs one of the scripts as the program does: JSON in, JSON out. */
function ask(file: string, input: unknown, environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(`components/${file}`, {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stderr, reply: stdout === "" ? undefined : JSON.parse(stdout) };
}

/** Where there may be a file system of 64 KiB, in a mount namespace. */
const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;

test.skipIf(!mayMount)("write-record: a full disk is told of by folder, with what to do, and leaves no part of a record", () => {
  const script = `mount -t tmpfs -o size=64k tmpfs "$1" && { cat /dev/zero >"$1/full" || true; } 2>/dev/null
    components/scripts/write-record; status=$?; ls -A "$1"; exit $status`;
  const { status, stdout, stderr } = spawnSync("unshare", ["--mount", "bash", "-c", script, "full-disk", folder], {
    input: JSON.stringify({ results: folder, content: { fidelity: "vm" } }),
    encoding: "utf8",
  });
  const [answer = "", ...left] = stdout.split("\n");
  expect({ status, left }).toEqual({ status: 1, left: ["full", ""] });
  expect(failureIn(answer)?.kind).toBe("disk full");
  expect(stderr).toContain("No space left on device");
  expect(stderr).toContain(`record: ${folder}: no space left on device (0 B free); free some room, or replace it by a link`);
});

test("generate-key: the public key is the private one's", () => {
  const { reply } = ask("scripts/generate-key", { comment: "cn1" });
  writeFileSync(join(folder, "key"), reply.privateKey, { mode: 0o600 });
  const derived = execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], { encoding: "utf8" }).trim();
  expect(reply.publicKey).toBe(`${derived} cn1`);
  expect(derived).toMatch(/^ssh-ed25519 \S+$/);
  expect(ask("scripts/generate-key", { comment: "cn1" }).reply.publicKey).not.toBe(reply.publicKey);
});

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

test.skipIf(!hasStrace).each([
  ["scripts/generate-key", { comment: "c" }],
  ["scripts/generate-secret", { curve: "Z85" }],
  ["scripts/generate-secret", { certificates: { c: { subject: "/CN=c", hosts: [] } } }],
])("%s writes no file, and starts no program that could (%j)", (file, input) => {
  const trace = join(folder, "trace");
  const calls = "trace=execve,open,openat,creat,mkdir,memfd_create";
  const { status } = spawnSync("strace", ["-f", "-qq", "-e", calls, "-o", trace, `components/${file}`], {
    input: JSON.stringify(input),
  });
  expect(status).toBe(0);
  const lines = readFileSync(trace, "utf8").split("\n");
  expect(lines.filter((line) => /O_(CREAT|TMPFILE)|creat\(|mkdir\(|memfd_create\(/.test(line))).toEqual([]);
  expect(lines.filter((line) => / execve\(.* = 0$/.test(line)).length).toBe(2);
});

test("generate-key: a comment is data, whatever it says", () => {
  const bait = join(folder, "bait");
  const { reply } = ask("scripts/generate-key", { comment: `$(touch ${bait}) ; touch ${bait}` });
  expect(reply.publicKey).toContain("$(touch");
  expect(existsSync(bait)).toBe(false);
});

test("generate-secret: as many bytes as asked, never the same twice", () => {
  const secret = () => Buffer.from(ask("scripts/generate-secret", { bytes: 128 }).reply, "base64");
  expect(secret()).toHaveLength(128);
  expect(secret().equals(secret())).toBe(false);
});

test("generate-secret: certificates that their authority signed, for the subject and the hosts asked, each with its key", () => {
  const { reply } = ask("scripts/generate-secret", {
    certificates: { server: { subject: "/O=machines/CN=s", hosts: ["head", "localhost"] }, client: { subject: "/CN=c", hosts: [] } },
  });
  const authority = new X509Certificate(reply.authority);
  const [server, client] = [new X509Certificate(reply.server.certificate), new X509Certificate(reply.client.certificate)];
  expect([server, client].map((certificate) => certificate.verify(authority.publicKey))).toEqual([true, true]);
  expect([server.subject, server.subjectAltName]).toEqual(["O=machines\nCN=s", "DNS:head, DNS:localhost"]);
  expect([client.subject, client.subjectAltName]).toEqual(["CN=c", undefined]);
  expect(server.checkPrivateKey(createPrivateKey(reply.server.key))).toBe(true);
  expect(client.checkPrivateKey(createPrivateKey(reply.server.key))).toBe(false);
  expect(Object.keys(reply).sort()).toEqual(["authority", "client", "server"]);

  // openssl is another's reading of the same standards.
  for (const [name, text] of Object.entries({
    authority: reply.authority,
    server: reply.server.certificate,
    client: reply.client.certificate,
  }))
    writeFileSync(join(folder, name), text);
  const verify = (purpose: string, name: string) =>
    spawnSync("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", join(folder, "authority"), join(folder, name)]).status;
  expect([verify("sslserver", "server"), verify("sslclient", "server"), verify("sslclient", "client")]).toEqual([0, 0, 0]);
  expect(verify("crlsign", "server")).not.toBe(0);
});

test("generate-secret: of a pair of CurveZMQ keys, the public one is the secret one's", () => {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  const bytes = (z85: string) => {
    const words = z85.match(/.{5}/g)?.map((word) => [...word].reduce((sum, digit) => sum * 85 + digits.indexOf(digit), 0)) ?? [];
    const buffer = Buffer.alloc(4 * words.length);
    for (const [i, word] of words.entries()) buffer.writeUInt32BE(word, 4 * i);
    return buffer;
  };
  // https://rfc.zeromq.org/spec/32: the test string.
  expect(bytes("HelloWorld").toString("hex")).toBe("864fd26fb559f75b");
  const { reply } = ask("scripts/generate-secret", { curve: "Z85" });
  // RFC 8410: what comes before the 32 bytes of a secret key of Curve25519.
  const der = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), bytes(reply.secret)]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({ format: "jwk" });
  expect(bytes(reply.public).toString("base64url")).toBe(x);
});

test("generate-secret: a recipe that it does not know", () => {
  const { status, stderr } = ask("scripts/generate-secret", { password: "short" });
  expect(status).toBe(1);
  expect(stderr).toBe('the recipe {"password":"short"} is not one of {bytes}, {certificates}, {curve}\n');
});

test("build-programs: names what it can build", () => {
  const { status, stderr } = ask("scripts/build-programs", { programs: "../images" });
  expect(status).toBe(1);
  expect(stderr).toBe('programs: "../images" is not one of kubernetes, kwok\n');
});

describe("write-record", () => {
  const write = (content: object) => ask("scripts/write-record", { results: join(folder, "results"), content }).reply;

  test("the file is what its sha256 says, and is named after it", () => {
    const { path, sha256 } = write({ b: 1, a: 2 });
    expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
    expect(path).toBe(join(folder, "results", `trial-${sha256.slice(0, 16)}.json`));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ a: 2, b: 1 });
  });

  test("the same trial is the same file, another is another, and nothing else is left", () => {
    expect(write({ a: 1, b: 2 })).toEqual(write({ b: 2, a: 1 }));
    write({ a: 2 });
    expect(readdirSync(join(folder, "results"))).toHaveLength(2);
  });
});

describe("probe-hypervisor", () => {
  const probe = (uri: string) =>
    ask("libvirt/scripts/probe-hypervisor", { uri, imagesDirectory: "/var/lib/libvirt/images", prefix: "schedfront-t" }).reply;

  test("a hypervisor that does not answer is named, with libvirt's own words and what to do", () => {
    const { kind, message: error } = probe("qemu+ssh://nobody@127.0.0.1:1/system").error;
    expect(kind).toBe("refused");
    expect(error).toMatch(/^topology\.hypervisor\.uri: libvirt at "qemu\+ssh:\/\/nobody@127\.0\.0\.1:1\/system" does not answer: /);
    expect(error).toContain("Connection refused");
    expect(error).toContain("make doctor");
  });
});

/** A virsh with an answer to each command that holds one of these words, and to no other; several commands may come as one argument. */
function answeringVirsh(answers: Record<string, string>) {
  const cases = Object.entries(answers).map(
    ([command, text]) => `*" ${command}"*) printf '%s\\n' '${text.replaceAll("'", "'\\''")}'; status=0 ;;`,
  );
  const each = `while IFS= read -r -d ';' command; do case " $command" in\n${cases.join("\n")}\nesac; done <<<"$*;"`;
  writeFileSync(join(folder, "virsh"), `#!/bin/bash\nstatus=1\n${each}\nexit $status\n`, { mode: 0o755 });
}

describe("a hypervisor that has the stack's machines already", () => {
  const free = (prefix: string) => {
    const answers = {
      version: "Running hypervisor: QEMU 7.2.22\nRunning against daemon: 9.0.0",
      capabilities: "<model>EPYC</model>",
      nodememstats: "total  : 4194304 KiB\nfree   : 2097152 KiB\nbuffers: 0 KiB\ncached : 0 KiB",
      nodeinfo: "CPU(s):              2",
      "vol-list --details -- schedfront-t":
        " base.qcow2   /p/base.qcow2   file   6.00 GiB   1.00 GiB\n cn1.qcow2    /p/cn1.qcow2    file   6.00 GiB   1024.00 MiB",
      domstats: "Domain: 'schedfront-t-cn1'\n  balloon.current=1048576\n\nDomain: 'other'\n  balloon.current=1048576",
    };
    answeringVirsh(answers);
    writeFileSync(join(folder, "df"), `#!/bin/bash\necho Avail\necho ${2 ** 29}\n`, { mode: 0o755 });
    const input = { uri: "qemu:///system", imagesDirectory: folder, prefix };
    return ask("libvirt/scripts/probe-hypervisor", input, { PATH: `${folder}:${process.env.PATH}` }).reply;
  };

  test("has room for them: their memory and disks are not needed a second time", () => {
    expect(free("schedfront-t")).toMatchObject({ memoryAvailableGiB: 2, memoryOfStackGiB: 1, diskAvailableGiB: 2.5 });
    expect(free("schedfront-u")).toMatchObject({ memoryAvailableGiB: 2, memoryOfStackGiB: 0, diskAvailableGiB: 0.5 });
  });
});

describe("what else the hypervisor does", () => {
  /** A virsh whose machines are ours and another's. CPU seconds: the hypervisor's user and system, and ours. */
  const virsh = (user: number, system: number, own: number) => {
    const answers = {
      nodecpustats: `user: ${user * 1e9}\nsystem: ${system * 1e9}\nidle: 77000000000\niowait: 5000000000`,
      list: "schedfront-t-cn1\nschedfront-t-cn2\nschedfront-t-b-cn1\nother",
      dominfo: `Name: x\nCPU time:       ${own}s\nState: running`,
    };
    answeringVirsh(answers);
  };
  const bash = (command: string) => {
    const text = execFileSync("bash", ["-euo", "pipefail", "-c", `source components/libvirt/scripts/host-load.bash; ${command}`], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    return JSON.parse(text);
  };
  const read = () => bash("read_host qemu:///system schedfront-t");

  test("a reading adds up the hypervisor's work and that of the stack's two machines, not those of stack t-b", () => {
    virsh(100, 20, 30.5);
    expect(read()).toEqual({ seconds: expect.any(Number), busy: 120, own: 61 });
  });

  test("the load is what others took: (50 − 30) CPU seconds in 10 s", () => {
    const reading = (seconds: number, busy: number, own: number) => JSON.stringify({ seconds, busy, own });
    expect(bash(`host_load '${reading(1000, 120, 61)}' '${reading(1010, 170, 91)}'`)).toEqual({
      name: "otherHostLoad",
      unit: "cores",
      value: 2,
    });
    expect(bash(`host_load '${reading(1000, 120, 61)}' '${reading(1010, 130, 91)}'`).value).toBe(0);
  });

  test("ask-agent adds it to the reply's metrics, where it is told which hypervisor", () => {
    virsh(100, 20, 30.5);
    const reply = { metrics: [{ name: "elapsed", value: 1, unit: "s" }], tables: [] };
    writeFileSync(join(folder, "ssh"), `#!/bin/bash\ncat >/dev/null\necho '${JSON.stringify(reply)}'\n`, { mode: 0o755 });
    const secrets = { SCHEDFRONT_SECRETS: JSON.stringify({ connection: { privateKey: "" } }), PATH: `${folder}:${process.env.PATH}` };
    const connection = { hosts: [{ name: "head", role: "head", address: "127.0.0.1", hostKey: "" }], jump: null };
    const hypervisor = { uri: "qemu:///system", prefix: "schedfront-t" };
    expect(ask("scripts/ask-agent", { connection, request: { verb: "run" }, hypervisor }, secrets).reply.metrics).toEqual([
      ...reply.metrics,
      { name: "otherHostLoad", unit: "cores", value: 0 },
    ]);
    expect(ask("scripts/ask-agent", { connection, request: { verb: "run" } }, secrets).reply).toEqual(reply);
  });

  test("a hypervisor that does not say is no reason to fail", () => {
    writeFileSync(join(folder, "virsh"), "#!/bin/bash\nexit 1\n", { mode: 0o755 });
    expect(read()).toBeNull();
    expect(bash("host_load null null")).toEqual({
      name: "otherHostLoad",
      unit: "cores",
      value: null,
      reason: "the hypervisor does not say",
    });
  });
});

describe("build-image: a file of the user's", () => {
  const refusal = (file: object) => {
    const request = {
      backend: "debian",
      suite: "trixie",
      packages: [],
      files: [{ source: join(folder, "program"), mode: "0755", ...file }],
    };
    const { status, stderr } = ask("scripts/build-image", request, { SCHEDFRONT_CACHE: join(folder, "cache") });
    expect(status).not.toBe(0);
    return stderr;
  };
  const destination = "/usr/local/lib/program";
  const sha256 = "0".repeat(64);

  test("that is not there is named", () => {
    expect(refusal({ destination, sha256 })).toContain(`files: "${join(folder, "program")}" is not a readable file`);
  });

  test("that is another than asked is refused with both digests, and nothing is kept", () => {
    writeFileSync(join(folder, "program"), "echo\n");
    const found = createHash("sha256").update("echo\n").digest("hex");
    expect(refusal({ destination, sha256 })).toContain(`files: the sha256 of "${join(folder, "program")}" is ${found}, not ${sha256}`);
    expect(readdirSync(join(folder, "cache", "images")).filter((name) => !name.startsWith(".lock-"))).toEqual([]);
  });

  test.each([
    ["a destination out of the image", { destination: "/usr/../../etc/passwd", sha256 }, "files: destination: "],
    ["a digest that is none", { destination, sha256: "abc" }, 'files: sha256: "abc" is not a sha256, 64 hexadecimal digits'],
    ["permissions that are none", { destination, sha256, mode: "rwx" }, 'files: mode: "rwx" is not permissions such as "0755"'],
    ["a source of two lines", { destination, sha256, source: "a\nb" }, "files: source: "],
  ])("with %s is refused", (_, file, message) => {
    expect(refusal(file)).toContain(message);
  });
});

test("ask-agent: a head that cannot be reached is an error, and no key stays on disk", () => {
  const key = ask("scripts/generate-key", { comment: "t" }).reply;
  const head = { name: "head", role: "head", address: "127.0.0.1", hostKey: key.publicKey };
  const secrets = { SCHEDFRONT_SECRETS: JSON.stringify({ connection: { privateKey: key.privateKey } }) };
  // Nothing listens on port 1 of this machine.
  const { status, stderr } = ask(
    "scripts/ask-agent",
    { connection: { hosts: [{ ...head, address: "127.0.0.1" }], jump: "127.0.0.1:1" }, request: {} },
    secrets,
  );
  expect(status).not.toBe(0);
  expect(stderr).toContain("Connection refused");
  expect(stderr).toContain("head: ssh did not connect, was cut off");
  expect(stderr).not.toContain(key.privateKey.split("\n")[1]);
  const keys = readdirSync("/dev/shm").map((name) => join("/dev/shm", name, "key"));
  expect(keys.filter((path) => existsSync(path) && readFileSync(path, "utf8").trim() === key.privateKey.trim())).toEqual([]);
});

describe("connection.bash", () => {
  /** What ssh makes of the configuration that the script writes, for one host. */
  function settings(host: string, jump: string | null) {
    const key = ask("scripts/generate-key", { comment: "t" }).reply;
    const connection = { hosts: [{ name: "head", address: "10.1.2.3", hostKey: key.publicKey }], privateKey: key.privateKey, jump };
    const script = 'source components/scripts/connection.bash; open_connection "$1"; ssh -G -F "$connection/config" "$2"';
    const text = execFileSync("bash", ["-euc", script, "bash", JSON.stringify({ connection }), host], { encoding: "utf8" });
    const lines = text.trim().split("\n");
    return (name: string) => lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  }

  test("a machine is known by its own pinned key only, and entered by the cluster's", () => {
    const of = settings("head", "me@hypervisor:2222");
    expect(of("hostname")).toEqual(["10.1.2.3"]);
    expect(of("userknownhostsfile")[0]).toMatch(/schedfront\.[\w.]+\/known_hosts$/);
    expect(of("identityfile")).toEqual([expect.stringMatching(/schedfront\.[\w.]+\/key$/)]);
    expect(of("stricthostkeychecking")).toEqual(["true"]);
    expect(of("proxyjump")).toEqual(["me@hypervisor:2222"]);
  });

  test("a machine that was only just started again is waited for", () => {
    expect(settings("head", null)("connectionattempts")).toEqual(["90"]);
    expect(settings("hypervisor", "hypervisor")("connectionattempts")).toEqual(["1"]);
  });

  test("the hypervisor on the way is known and entered as the user's own ssh does it", () => {
    const of = settings("hypervisor", "me@hypervisor:2222");
    expect(of("userknownhostsfile")[0]).not.toContain("schedfront.");
    expect(of("identityfile").join()).not.toContain("schedfront.");
    expect(of("stricthostkeychecking")).toEqual(["true"]);
    expect(of("proxyjump")).toEqual([]);
  });
});

describe("ask-agent: an excerpt", () => {
  const head = { name: "head", role: "head", address: "127.0.0.1", hostKey: "ssh-ed25519 AAAA" };

  /** With an ssh in front of the real one that keeps what it is sent. */
  function send(request: object, excerpt?: string) {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "ssh"), `#!/bin/sh\ncat >"${folder}/sent"\necho '{"tables":[]}'\n`, { mode: 0o755 });
    const secrets = { SCHEDFRONT_SECRETS: JSON.stringify({ connection: { privateKey: "" } }), PATH: `${bin}:${process.env.PATH}` };
    const { status, stderr } = ask("scripts/ask-agent", { connection: { hosts: [head] }, request, excerpt }, secrets);
    return { status, stderr, sent: existsSync(join(folder, "sent")) ? JSON.parse(readFileSync(join(folder, "sent"), "utf8")) : undefined };
  }

  const text = `; "quoted" $(true)\n${"1 2 3\n".repeat(200_000)}`;
  const digest = createHash("sha256").update(text).digest("hex");

  test("takes its digest's place in the request, whatever its length", () => {
    writeFileSync(join(folder, "excerpt.txt"), text);
    const { sent } = send({ verb: "run", excerpt: digest }, join(folder, "excerpt.txt"));
    expect(sent).toEqual({ verb: "run", excerpt: text, id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  test("that is another one than was meant is not sent", () => {
    writeFileSync(join(folder, "excerpt.txt"), `${text}4`);
    const { status, stderr, sent } = send({ verb: "run", excerpt: digest }, join(folder, "excerpt.txt"));
    expect({ failed: status !== 0, sent }).toEqual({ failed: true, sent: undefined });
    expect(stderr).toContain("excerpt.txt: FAILED");
  });

  test("is not missed where there is none", () => {
    expect(send({ verb: "verify" }).sent).toEqual({ verb: "verify", id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });
});

/** What await-hosts is asked for one machine. */
const toAwait = (machine: { name: string; instance: string }, jump: string | null = null) => ({
  connection: { hosts: [{ address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA", ...machine }], privateKey: "", jump },
  uri: "test:///default",
});

test.each([
  ["shut off (failed)", 'cn1 was started, but its domain is "shut off (failed)" and it has not answered ssh'],
  ["paused (I/O error)", "cn1: libvirt paused its domain on a disk I/O error"],
])(
  "await-hosts: a machine whose domain is %s is not waited for",
  (state, told) => {
    const refuse = '#!/bin/sh\necho "ssh: connect to host 10.0.0.1 port 22: No route to host" >&2\nexit 255\n';
    writeFileSync(join(folder, "ssh"), refuse, { mode: 0o755 });
    const virsh = `#!/bin/sh
case "$*" in
  "--quiet --connect test:///default list --all --uuid "*) echo dead ;;
  "--quiet --connect test:///default domstate --reason -- dead") echo "${state}" ;;
esac
`;
    writeFileSync(join(folder, "virsh"), virsh, { mode: 0o755 });
    const { status, stderr } = ask("libvirt/scripts/await-hosts", toAwait({ name: "cn1", instance: "dead" }), {
      PATH: `${folder}:${process.env.PATH}`,
    });
    expect(status).toBe(1);
    expect(stderr).toContain(told);
  },
  60_000,
);

test("await-hosts: dials a machine, and tries again where it did not keep the connection", () => {
  // Each try is told the way; the first meets a machine that is not as far as that.
  const ssh = `#!/bin/bash
printf '%s\\n' "$@" >>"${folder}/words"
[[ -e "${folder}/tried" ]] && exit
touch "${folder}/tried"
echo "kex_exchange_identification: read: Connection reset by peer" >&2
exit 255
`;
  writeFileSync(join(folder, "ssh"), ssh, { mode: 0o755 });
  const answered = (jump: string | null) => {
    const { status, reply } = ask("libvirt/scripts/await-hosts", toAwait({ name: "head", instance: "test" }, jump), {
      PATH: `${folder}:${process.env.PATH}`,
    });
    expect({ status, reply }).toEqual({ status: 0, reply: {} });
    const words = readFileSync(join(folder, "words"), "utf8").split("\n");
    rmSync(join(folder, "words"));
    rmSync(join(folder, "tried"));
    return words.filter((word) => word === "head" || word.startsWith("ProxyCommand"));
  };
  const dialled = (seconds: number) => [`ProxyCommand=components/libvirt/scripts/../../scripts/dial %h %p ${seconds} 600`, "head"];
  // The second has the time that a slow one needs.
  expect(answered(null)).toEqual([...dialled(20), ...dialled(100)]);
  // Over another host ssh itself goes, as its configuration says.
  expect(answered("me@far")).toEqual(["head", "head"]);
});

test("await-hosts: a machine that answers in the moment in which bash stops to listen is not waited for", () => {
  writeFileSync(join(folder, "ssh"), "#!/bin/sh\n", { mode: 0o755 });
  // As bash's read does where its time is over in the midst of a line, seen 9 times in 1000 lines beside busy processes.
  const read = `read() {
  if [[ "$*" =~ -t.*-u[[:space:]]([0-9]+) && ! -e "${folder}/cut" ]]; then
    touch "${folder}/cut"
    builtin read -r -N 1 -u "\${BASH_REMATCH[1]}" _
    return 142
  fi
  builtin read "$@"
}
`;
  writeFileSync(join(folder, "read.bash"), read);
  const environment = {
    PATH: `${folder}:${process.env.PATH}`,
    BASH_ENV: join(folder, "read.bash"),
    SCHEDFRONT_BOOT_SECONDS: "5",
  };
  const { status, reply, stderr } = ask("libvirt/scripts/await-hosts", toAwait({ name: "cn1", instance: "test" }), environment);
  expect({ status, reply, stderr }).toEqual({ status: 0, reply: {}, stderr: expect.stringContaining("all 1 machines answer") });
  expect(existsSync(join(folder, "cut"))).toBe(true);
});

describe("dial", () => {
  const dialled = (port: number, seconds: number) =>
    spawn("components/scripts/dial", ["127.0.0.1", String(port), String(seconds), "600"], { stdio: "pipe" });
  const text = async (stream: Readable) => (await stream.setEncoding("utf8").toArray()).join("");

  test("connects as soon as somebody listens, and carries both ways", async () => {
    const server = createServer((socket) => socket.once("data", (data) => socket.end(`heard ${data}`)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");

    const { stdin, stdout, stderr } = dialled(port, 100);
    stdin.write("hello");
    const [refused] = (await once(stderr.setEncoding("utf8"), "data")) as [string];
    expect(refused).toContain("Connection refused");
    server.listen(port, "127.0.0.1");
    // All of it, and its end, while the caller would still say more.
    expect(await text(stdout)).toBe("heard hello");
    stdin.end();
    server.close();
  });

  test("gives up a connection on which nobody says anything", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    expect(await text(dialled((server.address() as AddressInfo).port, 1).stdout)).toBe("");
    server.close();
  });

  // Nobody listens on the first port.
  const caller = (limit: number) => spawn("bash", ["-c", `components/scripts/dial 127.0.0.1 1 100 ${limit}; true`], { stdio: "pipe" });

  test("ends when who asked for it is gone", async () => {
    const asker = caller(600);
    await once(asker.stderr, "data");
    asker.kill("SIGKILL");
    // Closed once nobody has it any more.
    await once(asker.stdout.resume(), "close");
  });

  test("does not go on for longer than a boot may take", async () => {
    const { stdout } = caller(1);
    await once(stdout.resume(), "close");
  });
});

test("play: a variable's text is data to Ansible, whatever it says", () => {
  const bait = join(folder, "bait");
  const template = "{{ lookup(dict(pipe=1)|first, 'touch BAIT') }}".replace("BAIT", bait);
  // The real Ansible, but here, and with a play that only writes the variable down.
  const playbook = join(folder, "play.json");
  const copy = { "ansible.builtin.copy": { content: "{{ settings.text }}", dest: join(folder, "written") } };
  writeFileSync(playbook, JSON.stringify([{ hosts: "localhost", connection: "local", gather_facts: false, tasks: [copy] }]));
  const real = execFileSync("bash", ["-c", "command -v ansible-playbook"], { encoding: "utf8" }).trim();
  const stub = `#!/bin/bash\n[[ $3 == --extra-vars ]] || exit 9\nexec ${real} --inventory localhost, --extra-vars "$4" ${playbook}\n`;
  writeFileSync(join(folder, "ansible-playbook"), stub, { mode: 0o755 });
  const connection = { hosts: [], privateKey: "", jump: null };
  const { status, stderr } = ask(
    "scripts/play",
    { playbook: "nodes", variables: { settings: { text: template } }, connection, sources: "" },
    { PATH: `${folder}:${process.env.PATH}` },
  );
  expect([status, existsSync(bait)], stderr).toEqual([0, false]);
  expect(readFileSync(join(folder, "written"), "utf8")).toBe(template);
});

test("play: the agent that it brings knows its own scheduler and no other", () => {
  const stub = `#!/bin/bash\ncp "$(jq -r .all.vars.agent_bundle "$2")" ${folder}/agent.mjs\n`;
  writeFileSync(join(folder, "ansible-playbook"), stub, { mode: 0o755 });
  const connection = { hosts: [], privateKey: "", jump: null };
  const input = { playbook: "nodes", variables: {}, connection, agent: "slurm", sources: "" };
  const { status, stderr } = ask("scripts/play", input, { PATH: `${folder}:${process.env.PATH}` });
  expect(status, stderr).toBe(0);
  const request = { verb: "verify", scheduler: { kind: "volcano" }, topology: { compute: [{ count: 1 }] } };
  const answer = spawnSync("node", [join(folder, "agent.mjs")], { input: JSON.stringify(request), encoding: "utf8" });
  expect(answer.stderr).toContain('scheduler.kind: "volcano" is not one of slurm');
});

test("play: what reports its progress does not keep its output open after its end", () => {
  // A sleep that never ends by itself, and a play that ends once it is under way.
  const sleeping = join(folder, "sleeping");
  writeFileSync(join(folder, "sleep"), `#!/bin/bash\necho $$ >${sleeping}\nexec tail --follow /dev/null\n`, { mode: 0o755 });
  writeFileSync(join(folder, "ansible-playbook"), `#!/bin/bash\nuntil [[ -s ${sleeping} ]]; do :; done\n`, { mode: 0o755 });
  const connection = { hosts: [], privateKey: "", jump: null };
  const { status, error } = spawnSync("components/scripts/play", {
    input: JSON.stringify({ playbook: "nodes", variables: {}, connection, sources: "" }),
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    timeout: 60_000,
  });
  process.kill(Number(readFileSync(sleeping, "utf8")));
  // An error of time, where somebody held it.
  expect([status, error]).toEqual([0, undefined]);
});

test("a script that is ended at once leaves no folder for its secrets", () => {
  // What makes the folder ends who asked for that.
  const ending = `#!/bin/bash
command -p mkdir "$@"
echo "\${!#}" >>"${folder}/made"
kill "$(<"${folder}/pid")"
`;
  writeFileSync(join(folder, "mkdir"), ending, { mode: 0o755 });
  const script = 'set -euo pipefail; echo $$ >"$1/pid"; source components/scripts/private.bash; echo went on';
  const { status, stdout } = spawnSync("bash", ["-c", script, "components/scripts/x", folder], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  expect({ status, stdout: stdout.includes("went on") }).toEqual({ status: 143, stdout: false });
  const made = readFileSync(join(folder, "made"), "utf8").trim();
  expect([basename(made).startsWith("schedfront."), existsSync(made)]).toEqual([true, false]);
});

test("a script's folder, left where its watcher was killed too, goes when the next needs one; others' stay", async () => {
  const script = 'source components/scripts/private.bash; kill -KILL "$watcher"; echo "$private"; read -r';
  const first = spawn("bash", ["-c", script, "components/scripts/x"], { stdio: "pipe" });
  const [left] = (await once(createInterface({ input: first.stdout }), "line")) as [string];
  const living = spawn("bash", ["-c", script, "components/scripts/x"], { stdio: "pipe" });
  const [kept] = (await once(createInterface({ input: living.stdout }), "line")) as [string];
  expect([existsSync(left), existsSync(kept)]).toEqual([true, true]);
  const [, namespace] = basename(kept).split(".");
  const elsewhere = left.replace(`.${namespace}.`, ".1.");
  mkdirSync(elsewhere);
  const next = () => spawnSync("bash", ["-c", "source components/scripts/private.bash", "components/scripts/x"]);
  first.kill("SIGKILL");
  await once(first, "close");
  next();
  expect([existsSync(left), existsSync(kept), existsSync(elsewhere)]).toEqual([false, true, true]);
  rmSync(elsewhere, { recursive: true });
  living.stdin.end();
  await once(living, "close");
  expect(existsSync(kept)).toBe(false);
});

test.skipIf(!mayMount)("keys are kept nowhere where there is no memory for them, and that is said", () => {
  const script = `mount --bind "$1" /dev/shm && unset XDG_RUNTIME_DIR && components/scripts/ask-agent; status=$?; ls -A /dev/shm; exit $status`;
  const { status, stdout, stderr } = spawnSync("unshare", ["--mount", "bash", "-c", script, "no-memory", folder], {
    input: JSON.stringify({ connection: { hosts: [], privateKey: "PRIVATE" } }),
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(
    'keys are kept in memory only: neither /dev/shm nor XDG_RUNTIME_DIR ("") is a tmpfs to write to; mount one on /dev/shm\n',
  );
});

test("no process of a script has its secrets in its environment, but itself", async () => {
  const script = `source components/scripts/private.bash
    read_input
    sleep 300 &
    until grep --quiet watch-process "/proc/$watcher/cmdline" && grep --quiet sleep "/proc/$!/cmdline"; do :; done
    grep --files-with-matches --null-data "TOKEN" "/proc/$!/environ" "/proc/$watcher/environ"
    kill "$!"`;
  const { stdout } = spawnSync("bash", ["-c", script, "components/scripts/x"], {
    input: "{}",
    encoding: "utf8",
    env: { ...process.env, SCHEDFRONT_SECRETS: '{"a":"TOKEN"}' },
  });
  expect(stdout).toBe("");
});

test.each([
  // Process 1, or whatever takes its place, has what it leaves.
  ["plugin", "(sleep 1; exec components/scripts/ask-agent </dev/null >/dev/null) & exit", {}],
  ["Pulumi", "components/scripts/ask-agent </dev/null >/dev/null; true", { SCHEDFRONT_ENGINE: `${process.pid}.1` }],
])("a script whose %s died before it could look ends at once", async (_, script, environment) => {
  const { stderr } = spawn("bash", ["-c", script], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...environment } });
  const said = (await stderr.setEncoding("utf8").toArray()).join("");
  expect(said).toBe("ask-agent: the process that started this has ended\n");
});

test("a script that is ended while an error ends it leaves no folder for its secrets", () => {
  // As where Pulumi ends a script together with a program of whose answer it has need.
  const script = 'set -euo pipefail; source components/scripts/private.bash; echo "$private"; source "$(kill "$$")/none"; echo went on';
  const { status, stdout } = spawnSync("bash", ["-c", script, "components/scripts/x"], { encoding: "utf8" });
  const made = stdout.trim();
  expect({ status, made: basename(made).startsWith("schedfront."), left: existsSync(made) }).toEqual({
    status: 143,
    made: true,
    left: false,
  });
});

test("a process is told whatever it does now, and whatever its name", () => {
  // A process that is busy, then sleeps for a moment, and so on: its state is a word of another length each time.
  const script = `
    source components/scripts/processes.bash
    printf 'a) Z 1 (b' >/proc/self/comm
    while :; do read -r -t 0.0001 <> <(:); for ((i = 0; i < 200; i++)); do :; done; done &
    trap 'kill "$!"' EXIT
    for ((i = 0; i < 1000; i++)); do look_at_process "$!"; echo "$process_parent $process_name"; done | uniq --count
    echo "1000 $$"`;
  const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  const [told, own] = stdout.trim().split("\n");
  expect(told).toBe(`${own} a) Z 1 (b`);
});

/** What await-hosts and play are asked in these tests, with an ssh and an Ansible that do not end. */
function endless() {
  // In the configuration of ssh, wherever that is.
  const hostKey = `ssh-ed25519 ${basename(folder)}`;
  const host = { name: "cn1", role: "compute", address: "127.0.0.1", hostKey, instance: "d" };
  const connection = { hosts: [host], privateKey: "PRIVATE", jump: null };
  writeFileSync(join(folder, "input"), JSON.stringify({ uri: "fake:///nowhere", connection, playbook: "nodes", variables: {} }));
  for (const program of ["ssh", "ansible-playbook"]) {
    // One more in a session of its own, as ssh's master and Mitogen's processes are.
    const text = `#!/bin/sh\nsetsid sleep 301 &\necho $! >>"${folder}/processes"\necho $$ >>"${folder}/processes"\nexec sleep 300\n`;
    writeFileSync(join(folder, program), text, { mode: 0o755 });
  }
  const hasKeys = () => spawnSync("grep", ["--recursive", "--quiet", hostKey, "/dev/shm"]).status === 0;
  const started = () => (existsSync(join(folder, "processes")) ? readFileSync(join(folder, "processes"), "utf8").trim().split("\n") : []);
  const lives = (pid: string) => {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  };
  return { hasKeys, started, lives, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } };
}

test.each(["libvirt/scripts/await-hosts", "scripts/play"])(
  "%s ends when its update was killed, with all that it had started and its keys",
  async (file) => {
    const { hasKeys, started, lives, env } = endless();
    const plugin = spawn("bash", ["-c", `components/${file} <"$0/input" & echo $!; wait`, folder], {
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    const [pid] = (await once(createInterface({ input: plugin.stdout }), "line")) as [string];
    await vi.waitUntil(() => started().length >= 2 && hasKeys(), { timeout: 20_000 });
    const processes = [
      pid,
      ...started(),
      ...spawnSync("pgrep", ["--parent", pid], { encoding: "utf8" }).stdout.split("\n").filter(Boolean),
    ];
    plugin.kill("SIGKILL");
    // What the script says after that ends it by SIGPIPE.
    plugin.stderr.destroy();
    await vi.waitUntil(() => !processes.some(lives), { timeout: 20_000 });
    await vi.waitUntil(() => !hasKeys(), { timeout: 20_000 });
  },
  60_000,
);

test.each(["libvirt/scripts/await-hosts", "scripts/play"])(
  "%s leaves no key and no process where it is killed itself",
  async (file) => {
    const { hasKeys, started, lives, env } = endless();
    // As the plugin does: the leader of a process group of its own.
    const script = spawn("bash", ["-c", `exec components/${file} <"$0/input"`, folder], { stdio: "ignore", env, detached: true });
    await vi.waitUntil(() => started().length >= 2 && hasKeys(), { timeout: 20_000 });
    const { stdout } = spawnSync("pgrep", ["--parent", String(script.pid)], { encoding: "utf8" });
    const processes = [...started(), ...stdout.split("\n").filter(Boolean)];
    script.kill("SIGKILL");
    await vi.waitUntil(() => !processes.some(lives), { timeout: 20_000 });
    await vi.waitUntil(() => !hasKeys(), { timeout: 20_000 });
  },
  60_000,
);
