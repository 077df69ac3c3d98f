import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { failureIn } from "../../model/failure.ts";

/** Where there may be file systems of a test's own, in a mount namespace. */
const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;

let folder: string;
let place: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-room-"));
  place = join(folder, "place");
  mkdirSync(place);
  return () => rmSync(folder, { recursive: true, force: true });
});

const full = 'mount -t tmpfs -o size=64k tmpfs "$place" && { cat /dev/zero >"$place/full" || true; } 2>/dev/null';
const states = {
  full,
  "without inodes": 'mount -t tmpfs -o size=4m,nr_inodes=2 tmpfs "$place" && touch "$place/last"',
  "read-only": 'mount -t tmpfs -o ro tmpfs "$place"',
  small: 'mount -t tmpfs -o size=2m tmpfs "$place"',
};

/** Runs bash where `place` is a file system in that state. */
function run(state: string, script: string, environment: NodeJS.ProcessEnv = {}, input = "") {
  const { status, stdout, stderr } = spawnSync("unshare", ["--mount", "bash", "-c", `${state}\n${script}`], {
    env: { ...process.env, place, ...environment },
    encoding: "utf8",
    input,
  });
  return { status, stdout, stderr };
}

describe.skipIf(!mayMount)("a folder that takes no more", () => {
  const explain = (needed = "") =>
    `source toolchain/room.bash; explain_room cache "$place/images" "set SCHEDFRONT_CACHE elsewhere" ${needed}; echo "$?"; ls -A "$place"`;

  test.each([
    ["full", explain(), "no space left on device (0 B free); free some room, or set SCHEDFRONT_CACHE elsewhere"],
    [
      "without inodes",
      explain(),
      "no space left on device (no inode free: too many files); remove some files, or set SCHEDFRONT_CACHE elsewhere",
    ],
    ["read-only", explain(), "read-only file system (… free); make it writable, or set SCHEDFRONT_CACHE elsewhere"],
    ["small", explain("3145728"), "too little room (2.0 MiB free, 3.0 MiB needed); free some room, or set SCHEDFRONT_CACHE elsewhere"],
  ] as const)("is named, with why, how much is free, and what to do: %s", (state, script, words) => {
    const { stdout, stderr } = run(states[state], script);
    expect(stderr.replace(/\(\d[\d.]* [KMGT]iB free\)/, "(… free)")).toBe(`cache: ${place}/images: ${words}\n`);
    expect(stdout).toMatch(/^0\n(full|last)?\n?$/);
  });

  test("a quota is named, with what to do", () => {
    writeFileSync(join(folder, "mktemp"), '#!/bin/sh\necho "mktemp: failed to create file: Disk quota exceeded" >&2\nexit 1\n');
    chmodSync(join(folder, "mktemp"), 0o755);
    const { stderr } = run("true", explain(), { PATH: `${folder}:${process.env.PATH}` });
    expect(stderr).toContain(`cache: ${place}/images: disk quota exceeded`);
    expect(stderr).toContain("; free some room or raise the quota, or set SCHEDFRONT_CACHE elsewhere");
  });

  test("one that has room is not named, and nothing is left in it", () => {
    expect(run(states.small, explain())).toMatchObject({ stdout: "1\n", stderr: "" });
  });

  test("what somebody left there who was killed goes, and a living one's stays", () => {
    for (const [name, minutes] of [
      [".schedfront.aaaaaaaa", 2],
      [".schedfront.bbbbbbbb", 0],
      [".schedfront.other", 2],
    ] as const) {
      const then = new Date(Date.now() - 60_000 * minutes);
      writeFileSync(join(place, name), "");
      utimesSync(join(place, name), then, then);
    }
    expect(run("true", explain()).stdout).toBe("1\n.schedfront.bbbbbbbb\n.schedfront.other\n");
  });

  test("a file in its place is named", () => {
    expect(run("rmdir $place; touch $place", 'source toolchain/room.bash; explain_room cache "$place/images" "x"').stderr).toBe(
      `cache: ${place}/images: ${place} is not a folder; move that file away, or x\n`,
    );
  });
});

describe.skipIf(!mayMount)("what ends for want of room says which folder, and what moves it", () => {
  const stackInput = (input: object) => JSON.stringify(input);

  test.each([
    ["cache", { SCHEDFRONT_CACHE: "" }, "set SCHEDFRONT_CACHE to"],
    ["Pulumi's plugins", { PULUMI_HOME: "" }, "set PULUMI_HOME to"],
    ["Pulumi's state", { PULUMI_BACKEND_URL: "file://" }, "set PULUMI_BACKEND_URL to"],
    ["temporary files", { TMPDIR: "" }, "set TMPDIR to"],
  ])("before make up: %s", (name, variable, words) => {
    const environment = Object.fromEntries(Object.entries(variable).map(([key, prefix]) => [key, `${prefix}${place}`]));
    const { status, stderr } = run(full, "toolchain/check-room", environment);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^${name}: ${place}(/.pulumi)?: no space left on device \\(0 B free\\); free some room, or ${words} `, "m"),
    );
  });

  test("before make up: /dev/shm", () => {
    const { status, stderr } = run(full, 'mount --bind "$place" /dev/shm; toolchain/check-room');
    expect(status).toBe(1);
    expect(stderr).toContain(
      "secrets in memory: /dev/shm: no space left on device (0 B free); free some room, or enlarge it: mount -o remount",
    );
  });

  test("a script that holds secrets", () => {
    const input = stackInput({
      uri: `qemu://${folder}`,
      pool: "p",
      directory: folder,
      name: "seed",
      metaData: "m",
      userData: "u".repeat(200_000),
    });
    const { status, stderr } = run(
      'mount -t tmpfs -o size=64k tmpfs "$place"; mount --bind "$place" /dev/shm',
      "components/libvirt/scripts/make-seed",
      { PATH: `${resolve("test/components/fakes")}:${process.env.PATH}` },
      input,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain("secrets in memory: /dev/shm: ");
    expect(stderr).toContain("enlarge it: mount -o remount");
  });

  test("an image that is put into the pool", () => {
    writeFileSync(join(folder, "disk"), Buffer.alloc(100_000));
    const input = stackInput({
      uri: `qemu://${folder}`,
      pool: "place",
      directory: place,
      volumes: [{ name: "disk", format: "raw", source: join(folder, "disk") }],
    });
    const { status, stderr } = run(
      full,
      "components/libvirt/scripts/put-image",
      { PATH: `${resolve("test/components/fakes")}:${process.env.PATH}` },
      input,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain(
      `pool place: ${place}: no space left on device (0 B free, 97.6 KiB needed); free some room, or set topology.hypervisor.imagesDirectory to`,
    );
  });

  test("an image that is built, before it is begun", () => {
    const request = JSON.stringify({ backend: "debian", suite: "trixie", packages: ["munge"] });
    const { status, stderr, stdout } = run(
      full,
      'images/debian/build; status=$?; ls -A "$place"; exit $status',
      { SCHEDFRONT_CACHE: place },
      request,
    );
    const [answer = "", ...left] = stdout.split("\n");
    expect({ status, left }).toEqual({ status: 1, left: ["full", ""] });
    expect(failureIn(answer)?.kind).toBe("disk full");
    expect(stderr).toMatch(
      /cache: .*\/place\/images: no space left on device \(0 B free, 1\.0 GiB needed\); free some room, or set SCHEDFRONT_CACHE to /,
    );
  });

  test("the toolchain's installation", () => {
    const environment = {
      SCHEDFRONT_CACHE: place,
      SCHEDFRONT_TOOLCHAIN: "closed",
      XDG_CONFIG_HOME: folder,
      PULUMI_HOME: join(folder, "pulumi"),
    };
    const { status, stderr } = run(states["read-only"], "toolchain/install", environment);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`cache: ${place}: read-only file system`);
    expect(stderr).toContain("make it writable, or set SCHEDFRONT_CACHE to");
  });

  test.each([
    ["components/libvirt/scripts/claim-names"],
    ["components/libvirt/scripts/settle-leftovers"],
    ["components/libvirt/scripts/probe-hypervisor"],
  ])("%s, in TMPDIR", (script) => {
    const input = stackInput({ uri: `qemu://${folder}`, prefix: "schedfront-a", stack: "a", imagesDirectory: folder });
    const { stderr } = run(
      states["without inodes"],
      script,
      { TMPDIR: place, PATH: `${resolve("test/components/fakes")}:${process.env.PATH}` },
      input,
    );
    expect(stderr).toContain(
      `temporary files: ${place}: no space left on device (no inode free: too many files); remove some files, or set TMPDIR to`,
    );
  });

  test("tables of a run that are fetched", () => {
    const reply = JSON.stringify({ metrics: [], tables: [{ path: "/var/lib/x/jobs.csv", sha256: "0".repeat(64) }] });
    for (const [program, script] of [
      ["ssh", `cat >/dev/null; echo '${reply}'`],
      ["sftp", "echo 'Couldn\\'t write: No space left on device' >&2; exit 1"],
    ] as const) {
      writeFileSync(join(folder, program), `#!/bin/bash\n${script}\n`);
      chmodSync(join(folder, program), 0o755);
    }
    const connection = { hosts: [{ name: "head", role: "head", address: "10.0.0.2", hostKey: "K" }], jump: null, privateKey: "P" };
    const input = stackInput({ connection, request: { verb: "run" }, results: place });
    const { stderr, status } = run(full, "components/scripts/ask-agent", { PATH: `${folder}:${process.env.PATH}` }, input);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(
      new RegExp(`^tables of the run: ${place}/run-[0-9a-f]+: no space left on device \\(0 B free\\); free some room, or replace it`, "m"),
    );
  });

  test("a record", () => {
    const { stderr, status } = run(states["read-only"], "components/scripts/write-record", {}, stackInput({ results: place, content: {} }));
    expect(status).toBe(1);
    expect(stderr).toContain(`record: ${place}: read-only file system`);
    expect(stderr).toContain("make it writable, or replace it by a link to a folder on a larger disk");
  });
});
