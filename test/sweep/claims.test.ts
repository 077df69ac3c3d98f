import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Claim, Claims, isHeld } from "../../sweep/claims.ts";
import type { PlannedTrial } from "../../sweep/trials.ts";
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
  const claim = { id, sweep, stack, hypervisor: uri, machine: hostname(), pid, started: "2026-01-01T00:00:00.000Z", ...parts };
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

test("an owner elsewhere lives as long as its claim is touched", () => {
  const elsewhere = deadOwner({ machine: "elsewhere" });
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
