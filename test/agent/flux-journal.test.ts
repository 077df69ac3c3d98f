import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type JournalEntry, JournalJob } from "../../agent/schedulers/flux/journal.ts";

const entriesOf = (file: string) =>
  readFileSync(`test/agent/fixtures/flux/${file}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalEntry);

function jobsOf(entries: readonly JournalEntry[]) {
  const jobs = new Map<string, JournalJob>();
  for (const entry of entries) {
    const job = jobs.get(entry.id) ?? new JournalJob();
    job.add(entry);
    jobs.set(entry.id, job);
  }
  return (name: string) => [...jobs.values()].find((job) => job.name === name) ?? new JournalJob();
}

const entries = entriesOf("journal");
const named = jobsOf(entries);

describe("a job's end", () => {
  test.each([
    ["j0", "completed", ["cn2"], 0],
    ["two", "completed", ["cn1", "cn2"], 0],
    ["fails", "failed", ["cn2"], 1],
    // A signal ended its shell: status 14 of wait(2).
    ["late", "timeout", ["cn1"], null],
    ["big", "failed", [], null],
    ["held", "cancelled", ["cn1", "cn2"], 143],
    ["mpi", "cancelled", [], null],
  ])("%s", (name, outcome, nodes, exitCode) => {
    expect(named(name).end(name)).toEqual({ job: name, outcome, nodes, exitCode });
  });

  /** Of 16 emulated nodes; Flux pretends that a signal ended what met its limit or was cancelled. */
  test.each([
    ["none", "completed", 1, 0],
    ["two", "completed", 2, 0],
    ["u1job", "completed", 1, 0],
    ["late", "timeout", 1, null],
    ["held", "cancelled", 12, null],
    ["queued", "cancelled", 0, null],
    ["big", "failed", 0, null],
  ])("is told apart where jobs are pretended: %s", (name, outcome, nodes, exitCode) => {
    const end = jobsOf(entriesOf("pretended"))(name).end(name);
    expect([end?.outcome, end?.nodes.length, end?.exitCode]).toEqual([outcome, nodes, exitCode]);
  });

  test("is not there before the job is out of the system", () => {
    const job = new JournalJob();
    for (const entry of entries.filter(({ id, name }) => id === "17885116235776" && name !== "clean")) job.add(entry);
    expect(job.has("finish")).toBe(true);
    expect(job.end("j0")).toBeNull();
  });
});

test("a job's events, to the microsecond", () => {
  expect(
    named("two")
      .events("two")
      .map(({ event, seconds }) => [event, seconds]),
  ).toEqual([
    ["submit", 1795611552.5018482],
    ["eligible", 1795611552.9316442],
    ["allocated", 1795611555.6179411],
    ["started", 1795611555.7483582],
    ["ended", 1795611560.1523001],
    ["cleaned", 1795611560.3199325],
  ]);
});

test("a job that never had nodes was neither allocated nor cleaned up", () => {
  expect(
    named("big")
      .events("big")
      .map(({ event }) => event),
  ).toEqual(["submit", "eligible"]);
});

test("a job holds its nodes from its allocation until they are free", () => {
  const job = new JournalJob();
  const held = entries
    .filter(({ id }) => id === "17885116235780")
    .map((entry) => {
      job.add(entry);
      return [entry.name, job.holdsNodes];
    });
  expect(held.filter(([, holds]) => holds).map(([name]) => name)).toEqual(["alloc", "start", "finish", "release"]);
});
