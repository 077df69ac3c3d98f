import { resolve } from "node:path";
import { expect, test } from "vitest";
import { attach } from "../../agent/process.ts";
import { Bridge } from "../../agent/schedulers/flux/bridge.ts";
import { bridgeProgram } from "../../agent/schedulers/flux/bridge-program.ts";
import type { JournalEntry } from "../../agent/schedulers/flux/journal.ts";

/** The real program, on a package that stands in for Flux's own: what a job's name asks for happens to it. */
const program = (since: number) =>
  attach("env", [`PYTHONPATH=${resolve("test/agent/fixtures/flux/python")}`, "python3", "-c", bridgeProgram, String(since)], 1);

const seconds = 60;
const me = { name: "me", uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, home: "/" };
const start = (onEntry: (entry: JournalEntry) => void = () => {}) => Bridge.start(100, onEntry, seconds, program);

test("jobs are taken, each with its own id, though none waits for another's answer", async () => {
  const bridge = await start();
  const ids = Array.from({ length: 200 }, (_, i) => String(2 ** 60 + i * 256));
  expect(await Promise.all(ids.map((id) => bridge.submit(me, { name: `take-${id}`, text: "ä\n".repeat(500) }, seconds)))).toEqual(ids);
  bridge.close();
});

test("a refusal has Flux's own words, and stops nothing", async () => {
  const bridge = await start();
  await expect(bridge.submit(me, { name: "refuse" }, seconds)).rejects.toThrow(/^flux: job is not satisfiable$/);
  expect(await bridge.submit(me, { name: "take-2" }, seconds)).toBe("2");
  bridge.close();
});

test("the journal's entries arrive with the job's name and what it was given, and ids keep all their digits", async () => {
  const entries: JournalEntry[] = [];
  const bridge = await start((entry) => entries.push(entry));
  // The answer comes by the same socket, behind them.
  for (let i = 0; entries.length < 2; i++) await bridge.submit(me, { name: `take-${i}` }, seconds);
  const id = "4611686018427387905";
  expect(entries).toEqual([
    { id, name: "submit", timestamp: 101, context: {}, job: "j1" },
    { id, name: "alloc", timestamp: 102, context: {}, R: { version: 1 } },
  ]);
  bridge.close();
});

test("where one of its processes ends, so does the whole, and what waits is told why", async () => {
  const bridge = await start();
  await expect(bridge.submit(me, { name: "end" }, seconds)).rejects.toThrow("flux's bridge ended: the broker is gone");
  await expect(bridge.submit(me, { name: "take-1" }, seconds)).rejects.toThrow("flux's bridge ended");
});
