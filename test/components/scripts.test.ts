import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-scripts-"));
});

/** Runs one of the scripts as the program does: JSON in, JSON out. */
function ask(file: string, input: unknown, environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(`components/scripts/${file}`, {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stderr, reply: stdout === "" ? undefined : JSON.parse(stdout) };
}

test("generate-key: the public key is the private one's", () => {
  const { reply } = ask("generate-key", { comment: "cn1" });
  writeFileSync(join(folder, "key"), reply.privateKey, { mode: 0o600 });
  const derived = execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], { encoding: "utf8" }).trim();
  expect(reply.publicKey).toBe(derived);
  expect(derived).toMatch(/^ssh-ed25519 \S+ cn1$/);
  expect(ask("generate-key", { comment: "cn1" }).reply.publicKey).not.toBe(reply.publicKey);
});

test("generate-key: a comment is data, whatever it says", () => {
  const bait = join(folder, "bait");
  const { reply } = ask("generate-key", { comment: `$(touch ${bait}) ; touch ${bait}` });
  expect(reply.publicKey).toContain("$(touch");
  expect(existsSync(bait)).toBe(false);
});

test("generate-secret: as many bytes as asked, never the same twice", () => {
  const secret = () => Buffer.from(ask("generate-secret", { bytes: 128 }).reply, "base64");
  expect(secret()).toHaveLength(128);
  expect(secret().equals(secret())).toBe(false);
});

describe("write-record", () => {
  const write = (content: object) => ask("write-record", { results: join(folder, "results"), content }).reply;

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
  const probe = (uri: string) => ask("probe-hypervisor", { uri, imagesDirectory: "/var/lib/libvirt/images", prefix: "schedfront-t" }).reply;

  test("a hypervisor that does not answer is named, with libvirt's own words and what to do", () => {
    const { error } = probe("qemu+ssh://nobody@127.0.0.1:1/system");
    expect(error).toMatch(/^topology\.hypervisor\.uri: libvirt at "qemu\+ssh:\/\/nobody@127\.0\.0\.1:1\/system" does not answer: /);
    expect(error).toContain("Connection refused");
    expect(error).toContain("make doctor");
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
    const { status, stderr } = ask("build-image", request, { SCHEDFRONT_CACHE: join(folder, "cache") });
    expect(status).not.toBe(0);
    return stderr;
  };
  const destination = "/usr/local/lib/program";
  const sha256 = "0".repeat(64);

  test("that is not there is named", () => {
    expect(refusal({ destination, sha256 })).toContain(`files: "${join(folder, "program")}" is no file that can be read`);
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
  const key = ask("generate-key", { comment: "t" }).reply;
  const head = { name: "head", role: "head", address: "127.0.0.1", hostKey: key.publicKey };
  const left = () => readdirSync("/dev/shm").filter((name) => name.startsWith("schedfront."));
  const before = left();
  const secrets = { SCHEDFRONT_SECRETS: JSON.stringify({ connection: { privateKey: key.privateKey } }) };
  // Nothing listens on port 1 of this machine.
  const { status, stderr } = ask(
    "ask-agent",
    { connection: { hosts: [{ ...head, address: "127.0.0.1" }], jump: "127.0.0.1:1" }, request: {} },
    secrets,
  );
  expect(status).not.toBe(0);
  expect(stderr).toContain("Connection refused");
  expect(stderr).not.toContain(key.privateKey.split("\n")[1]);
  expect(left()).toEqual(before);
});
