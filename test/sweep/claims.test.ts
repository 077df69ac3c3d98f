import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { type Claim, Claims, isHeld } from "../../sweep/store/claims.ts";
import { ownIdentity } from "../../sweep/store/process-identity.ts";
import { trialsOf } from "./fixtures.ts";

let folder: string;
let claims: Claims;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-claims-"));
  claims = new Claims(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const [trial] = trialsOf({}) as [PlannedTrial];
const uri = "qemu:///system";
const file = () => join(folder, `${trial.id}.json`);

/** The claim of a process that has ended. */
function deadOwner(parts: Partial<Claim> = {}): Claim {
  const { pid } = spawnSync("true");
  const { id, sweep, stack } = trial;
  const started = "2026-01-01T00:00:00.000Z";
  const claim = { id, sweep, stack, hypervisor: uri, machine: hostname(), started, ...ownIdentity(), pid, ...parts };
  writeFileSync(file(), JSON.stringify(claim));
  return claim;
}

test("one takes a trial, the next sees by whom, until it is released", () => {
  const mine = claims.take(trial, uri);
  expect(isHeld(mine)).toBe(true);
  expect(claims.take(trial, uri)).toMatchObject({ id: trial.id, pid: process.pid, machine: hostname(), hypervisor: uri });
  expect(claims.list("s").held).toHaveLength(1);
  expect(claims.list("another")).toEqual({ held: [], left: [] });
  if (isHeld(mine)) mine.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("a dead owner's claim is left over, and may be taken over", () => {
  const dead = deadOwner();
  expect(claims.list("s")).toEqual({ held: [], left: [dead] });
  const mine = claims.take(trial, uri);
  expect(isHeld(mine)).toBe(true);
  expect(claims.list("s").held.map(({ pid }) => pid)).toEqual([process.pid]);
  expect(readdirSync(folder)).toEqual([`${trial.id}.json`]);
  if (isHeld(mine)) mine.release();
});

test("an owner that has ended and that nobody has reaped is dead", async () => {
  // The child ends only once its parent is sleep, which reaps nobody; bash might.
  const parent = spawn("bash", ["-c", "exec 3<&0; cat /proc/self/stat - <&3 & exec sleep 300 3<&-"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [stat] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
  await vi.waitUntil(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n");
  parent.stdin.end();
  const fields = stat.split(" ");
  const zombie = deadOwner({ pid: Number(fields[0]), ticks: fields[21] as string });
  await vi.waitUntil(() => readFileSync(`/proc/${zombie.pid}/stat`, "utf8").includes(") Z "));
  expect(claims.list("s")).toEqual({ held: [], left: [zombie] });
  const mine = claims.take(trial, uri);
  expect(isHeld(mine)).toBe(true);
  if (isHeld(mine)) mine.release();
  parent.kill();
});

test("a later process of the owner's number is not the owner", () => {
  const dead = deadOwner({ pid: process.pid, ticks: "1" });
  expect(claims.list("s")).toEqual({ held: [], left: [dead] });
});

test.each([
  ["in another container", { place: "another" }],
  ["on another machine", { machine: "elsewhere", place: "another" }],
])("an owner %s, whose number is a living process's here, is not taken for that", (_, parts) => {
  const elsewhere = deadOwner({ ...ownIdentity(), ...parts });
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(file(), longAgo, longAgo);
  expect(claims.list("s")).toEqual({ held: [], left: [elsewhere] });
});

test("a file that is no claim ends whoever wants the trial, and is named", () => {
  writeFileSync(file(), "{}");
  expect(() => claims.take(trial, uri)).toThrow(`${file()}: is not a claim that a sweep wrote: remove it`);
  expect(readdirSync(folder)).toEqual([`${trial.id}.json`]);
});

test("an owner elsewhere lives as long as its claim is touched", () => {
  const elsewhere = deadOwner({ machine: "elsewhere", place: "another boot" });
  expect(claims.list("s")).toEqual({ held: [elsewhere], left: [] });
  expect(claims.take(trial, uri)).toEqual(elsewhere);
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(file(), longAgo, longAgo);
  expect(claims.list("s")).toEqual({ held: [], left: [elsewhere] });
  const mine = claims.take(trial, uri);
  expect(isHeld(mine)).toBe(true);
  if (isHeld(mine)) mine.release();
});

test("a claim that is dropped is gone", () => {
  claims.drop(deadOwner());
  expect(existsSync(file())).toBe(false);
});

test.each([
  ["a link to a device", () => symlinkSync("/dev/zero", file())],
  ["a claim that is too long", () => writeFileSync(file(), JSON.stringify({ ...deadOwner(), sweep: "s".repeat(10_000) }))],
])("%s is no claim, and is not waited for", (_, make) => {
  make();
  expect(() => claims.take(trial, uri)).toThrow(`${file()}: is not a claim that a sweep wrote: remove it`);
  // It may stand for a trial that runs, whose machines gc would remove.
  expect(() => claims.list("s")).toThrow(`${file()}: is not a claim`);
});
