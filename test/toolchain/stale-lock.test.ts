import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let backend: string;
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "schedfront-locks-"));
  return () => rmSync(backend, { recursive: true });
});

/** Pulumi's lock of stack s, as its file backend writes it, and whether the script left it. */
function lock(owner: { pid: number; hostname?: string; timestamp?: string }, stack = "s") {
  const folder = join(backend, ".pulumi/locks/organization/schedfront", stack);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "0.json");
  writeFileSync(file, JSON.stringify({ username: "u", hostname: hostname(), timestamp: new Date().toISOString(), ...owner }));
  const { status, stderr } = spawnSync("toolchain/break-stale-lock", ["s"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_BACKEND_URL: `file://${backend}` },
  });
  expect(status, stderr).toBe(0);
  return { kept: existsSync(file), stderr };
}

/** The number of a process that has ended. */
const deadPid = () => spawnSync("true").pid;

test("a lock whose owner is dead is broken, and that is said", () => {
  const pid = deadPid();
  const { kept, stderr } = lock({ pid });
  expect(kept).toBe(false);
  expect(stderr).toContain(`stack s was locked by process ${pid}, which is dead`);
});

test("a process of the same number that began after the lock was made is not its owner", () => {
  expect(lock({ pid: process.pid, timestamp: "2020-01-01T00:00:00Z" }).kept).toBe(false);
});

test.each([
  ["whose owner lives", { pid: process.pid }, "s"],
  ["of another host", { pid: 1_000_000, hostname: "elsewhere" }, "s"],
  ["of another stack", { pid: 1_000_000 }, "t"],
])("a lock %s stays", (_, owner, stack) => {
  expect(lock(owner, stack)).toEqual({ kept: true, stderr: "" });
});

describe("what was being written when Pulumi was killed", () => {
  const files = (...names: readonly string[]) => names.map((name) => join(backend, ".pulumi", name));
  const broken = () =>
    files("stacks/schedfront/s.json.attrs", "stacks/schedfront/s.json.1a2b.tmp", "history/schedfront/s/s-1.checkpoint.json.attrs");
  const ofAnother = () => files("stacks/schedfront/s-2.json.attrs");
  const whole = () => [...files("stacks/schedfront/s.json", "stacks/schedfront/s.json.bak.attrs"), ...ofAnother()];
  const write = () => {
    const empty = [...broken(), ...ofAnother()];
    for (const file of [...broken(), ...whole()]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, empty.includes(file) ? "" : "{}");
    }
  };

  test("goes with its lock, and nothing else", () => {
    write();
    expect(lock({ pid: deadPid() })).toMatchObject({ kept: false });
    expect([broken().filter((file) => existsSync(file)), whole().filter((file) => existsSync(file))]).toEqual([[], whole()]);
  });

  test("stays where somebody may be writing it now", () => {
    write();
    lock({ pid: process.pid });
    expect([...broken(), ...whole()].every((file) => existsSync(file))).toBe(true);
  });
});
