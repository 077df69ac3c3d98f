import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { NoRoom, noRoom, writingTo } from "../storage/room.ts";

const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;

let folder: string;
let place: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-storage-"));
  place = join(folder, "place");
  mkdirSync(place);
  return () => rmSync(folder, { recursive: true, force: true });
});

const code = (name: string) => Object.assign(new Error(name), { code: name });

test.each([
  ["ENOSPC", "no space left on device", "free some room"],
  ["EDQUOT", "disk quota exceeded", "free some room or raise the quota"],
  ["EROFS", "read-only file system", "make it writable"],
  ["EACCES", "permission denied", "make it writable"],
])("%s is said with what is free and what to do", (name, why, fix) => {
  const { message } = noRoom(code(name), "trials", join(place, "not/yet/there"), "move it") ?? {};
  expect(message?.replace(/\(\d[\d.]* \w+ free\)/, "(… free)")).toBe(`trials: ${place}/not/yet/there: ${why} (… free); ${fix}, or move it`);
});

test("a file in the folder's place is said", () => {
  writeFileSync(join(folder, "file"), "");
  const write = () =>
    writingTo("report", join(folder, "file/report"), "name another", () => mkdirSync(join(folder, "file/report"), { recursive: true }));
  expect(write).toThrow(new NoRoom(`report: ${folder}/file/report: not a folder; move that file away, or name another`));
});

test("other errors stay what they are", () => {
  const error = code("ENOENT");
  expect(() =>
    writingTo("report", place, "", () => {
      throw error;
    }),
  ).toThrow(error);
});

describe.skipIf(!mayMount)("where the disk is full", () => {
  const full = 'mount -t tmpfs -o size=64k,nr_inodes=20 tmpfs "$place" && { cat /dev/zero >"$place/full" || true; } 2>/dev/null';
  const withoutInodes = 'mount -t tmpfs -o size=4m,nr_inodes=2 tmpfs "$place" && touch "$place/last"';

  function run(state: string, script: string) {
    const { status, stdout, stderr } = spawnSync("unshare", ["--mount", "bash", "-c", `${state}\n${script}`], {
      env: { ...process.env, place },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  test.each([
    ["full", full, "no space left on device (0 B free); free some room"],
    ["without inodes", withoutInodes, "no space left on device (no inode free: too many files); remove some files"],
  ])("the report names its folder, and leaves no part: %s", (_, state, words) => {
    const { status, stdout, stderr } = run(
      state,
      'node --import tsx analysis/report/print-report.ts "$place/.." --output "$place/report"; status=$?; ls -A "$place"; exit $status',
    );
    expect(stderr).toBe(`report: ${place}/report: ${words}, or name another folder with --output\n`);
    expect(status).toBe(1);
    expect(stdout.trim()).toMatch(/^(full|last)$/);
  });

  test("a sweep's store and claims name their folder, and leave no part", () => {
    writeFileSync(
      join(folder, "write.mts"),
      `import { TrialStore } from "${resolve("sweep/store/trial-store.ts")}";
      import { Claims } from "${resolve("sweep/store/claims.ts")}";
      for (const write of [
        () => new TrialStore(process.env.place).write({ id: "0123456789abcdef", text: "x".repeat(100000) }),
        () => new Claims(process.env.place).take({ id: "0123456789abcdef", sweep: "s", stack: "s-1" }, "qemu:///system"),
      ]) try { write() } catch (error) { console.log(error.message) }`,
    );
    const script = 'node --import tsx "$place/../write.mts"; ls -A "$place"';
    const { stdout } = run(full, script);
    const lines = stdout.trim().split("\n");
    expect(lines.slice(0, 2)).toEqual([
      `trials: ${place}: no space left on device (0 B free); free some room, or replace it by a link to a folder on a larger disk`,
      `claims: ${place}: no space left on device (0 B free); free some room, or replace it by a link to a folder on a larger disk`,
    ]);
    expect(lines.slice(2)).toEqual(["full"]);
  });
});
