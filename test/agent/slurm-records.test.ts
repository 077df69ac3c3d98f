import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCompletion, parseControllerLine } from "../../agent/schedulers/slurm/records.ts";

const lines = (name: string) => readFileSync(`test/agent/fixtures/slurm/${name}`, "utf8").split("\n");

/** The records have no zone: they are read as local time, like this. */
const at = (clock: string) => new Date(`2026-11-23T${clock}`).getTime() / 1000;

describe("slurmctld's log", () => {
  const events = lines("slurmctld.log").flatMap((line) => parseControllerLine(line) ?? []);
  const of = (number: number) => events.filter((event) => event.number === number).map(({ event, seconds }) => [event, seconds]);

  test("a job that was scheduled on its own", () => {
    expect(of(85)).toEqual([
      ["submit", at("21:26:37.580")],
      ["allocated", at("21:26:38.002")],
      ["ended", at("21:26:44.143")],
      ["ended", at("21:26:44.143")],
      ["cleaned", at("21:26:44.144")],
    ]);
  });

  test("a job that was backfilled", () => {
    expect(of(87)).toContainEqual(["allocated", at("21:26:39.092")]);
  });

  test("a job on two nodes is clean once, when both are", () => {
    expect(of(86).filter(([event]) => event === "cleaned")).toEqual([["cleaned", at("21:26:46.112")]]);
  });

  test("a job that met its time limit has an end", () => {
    expect(of(88)).toEqual([
      ["submit", at("21:26:37.626")],
      ["allocated", at("21:26:48.002")],
      ["ended", at("21:27:50.002")],
      ["cleaned", at("21:27:50.028")],
    ]);
  });

  test("a job that was cancelled while it waited was submitted, and no more", () => {
    expect(of(89)).toEqual([["submit", at("21:26:37.644")]]);
  });

  test("every other line tells nothing", () => {
    expect(parseControllerLine("[2026-11-23T21:26:38.693] job_signal: 9 of pending JobId=89 successful")).toBeNull();
    expect(parseControllerLine("[2026-11-23T21:26:3")).toBeNull();
    expect(parseControllerLine("")).toBeNull();
    expect(new Set(events.map(({ number }) => number))).toEqual(new Set([85, 86, 87, 88, 89, 90, 91]));
  });
});

describe("the job completion log", () => {
  const completions = new Map(
    lines("jobcomp.log")
      .flatMap((line) => parseCompletion(line) ?? [])
      .map((completion) => [completion.name, completion]),
  );

  test.each([
    ["f1", { outcome: "completed", nodes: ["cn1"], exitCode: 0, endSeconds: at("21:26:44") }],
    ["f2", { outcome: "completed", nodes: ["cn1", "cn2"], exitCode: 0, endSeconds: at("21:26:46") }],
    ["f3", { outcome: "failed", nodes: ["cn2"], exitCode: 3, endSeconds: at("21:26:39") }],
    ["f4", { outcome: "timeout", nodes: ["cn1"], exitCode: 0, endSeconds: at("21:27:50") }],
    ["f5", { outcome: "cancelled", nodes: [], exitCode: 0, endSeconds: at("21:26:38") }],
    ["f6", { outcome: "failed", nodes: ["cn2"], exitCode: null, endSeconds: at("21:26:48") }],
    ["f7", { outcome: "cancelled", nodes: ["cn2"], exitCode: 0, endSeconds: at("21:26:51") }],
  ])("%s", (name, expected) => {
    expect(completions.get(name)).toMatchObject(expected);
  });

  test("a line that is cut short is none", () => {
    const [line = ""] = lines("jobcomp.log");
    expect(parseCompletion(line.slice(0, 120))).toBeNull();
    expect(parseCompletion("")).toBeNull();
  });

  test("a node's failure is the job's", () => {
    const [line = ""] = lines("jobcomp.log");
    expect(parseCompletion(line.replace(/JobState=\w+/, "JobState=NODE_FAIL"))?.outcome).toBe("failed");
  });
});
