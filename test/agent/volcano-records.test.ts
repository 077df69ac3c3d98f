import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAuditLine, secondsOf } from "../../agent/schedulers/volcano/audit-log.ts";
import type { Pod, PodGroup } from "../../agent/schedulers/volcano/objects.ts";
import { parsePodName } from "../../agent/schedulers/volcano/objects.ts";
import { jobEnd, jobEvents, waitingReason } from "../../agent/schedulers/volcano/records.ts";

const folder = "test/agent/fixtures/volcano";
const lines = readFileSync(`${folder}/audit.log`, "utf8").trim().split("\n");
const objects: readonly (Pod & PodGroup)[] = JSON.parse(readFileSync(`${folder}/objects.json`, "utf8")).items;
const named = (name: string) => objects.filter(({ metadata }) => metadata.name.startsWith(name));

const at = (clock: string) => secondsOf(`2026-11-25T13:${clock}Z`);

describe("kube-apiserver's audit log", () => {
  const seen = lines.flatMap((line) => parseAuditLine(line) ?? []);
  const of = (job: string) =>
    Object.fromEntries(jobEvents(seen).flatMap((event) => (event.job === job ? [[event.event, event.seconds]] : [])));

  test("a gang of four is allocated with its last pod, ends with its first, and is clean once the last has left its node", () => {
    expect(of("g1")).toEqual({
      submit: at("37:01.218739"),
      allocated: at("37:44.111573"),
      started: at("37:44.841550"),
      ended: at("37:47.267966"),
      cleaned: at("37:52.728974"),
    });
  });

  test("a job that met its time limit", () => {
    expect(of("slow")).toEqual({
      submit: at("37:01.220390"),
      allocated: at("37:30.074835"),
      started: at("37:33.629634"),
      ended: at("37:37.326696"),
      cleaned: at("37:37.326696"),
    });
  });

  test("a gang that does not fit was submitted, and no more; what was refused is not in it", () => {
    expect(Object.keys(of("toobig"))).toEqual(["submit"]);
    expect(of("Bad_name")).toEqual({});
    expect(lines.some((line) => line.includes("Bad_name"))).toBe(true);
  });

  test("while one of its pods holds a node, a job is not clean", () => {
    const cut = seen.filter(({ seconds }) => seconds < at("37:52"));
    expect(jobEvents(cut).some(({ job, event }) => job === "g1" && event === "cleaned")).toBe(false);
  });

  test("microseconds stay", () => {
    expect(secondsOf("2026-11-25T13:37:01.218739Z") - Date.UTC(2026, 10, 25, 13, 37, 1) / 1000).toBeCloseTo(0.218739, 6);
    expect(secondsOf("2026-11-25T13:37:01Z")).toBe(Date.UTC(2026, 10, 25, 13, 37, 1) / 1000);
  });

  test("every other line tells nothing", () => {
    expect(parseAuditLine('{"kind":"Event","stage":"RequestReceived"}')).toBeNull();
    expect(parseAuditLine("")).toBeNull();
  });
});

test("a pod's name has its job's, dashes and numbers included", () => {
  expect(parsePodName("canary-cn3-first-0")).toEqual({ job: "canary-cn3", isFirst: true });
  expect(parsePodName("a-others-1-others-12")).toEqual({ job: "a-others-1", isFirst: false });
  expect(parsePodName("coredns-5d78c9869d-x7k2m")).toBeNull();
});

describe("how a job ended", () => {
  test.each([
    ["canary-cn3", "Completed", "completed", 0],
    ["fails", "Terminated", "failed", 1],
    ["slow", "Failed", "timeout", 137],
  ] as const)("%s, whose phase is %s, %s", (job, phase, outcome, exitCode) => {
    const [pod] = named(`${job}-first-0`);
    if (pod === undefined) throw new Error("the fixture has no such pod");
    expect(jobEnd(job, phase, [pod])).toEqual({ job, outcome, nodes: [pod.spec.nodeName], exitCode });
  });

  test("one that was deleted is cancelled, also where its pods failed by that", () => {
    const [killed] = named("fails-first-0");
    if (killed === undefined) throw new Error("the fixture has no such pod");
    const pod = { ...killed, metadata: { ...killed.metadata, deletionTimestamp: "2026-11-25T13:40:00Z" } };
    expect(jobEnd("fails", "Running", [pod]).outcome).toBe("cancelled");
    expect(jobEnd("toobig", "Pending", [])).toEqual({ job: "toobig", outcome: "cancelled", nodes: [], exitCode: null });
  });

  test("the first pod's node comes first, then the others' by their numbers", () => {
    const pod = (name: string, nodeName: string) => ({ metadata: { name }, spec: { nodeName }, status: { phase: "Succeeded" } });
    const pods = [pod("g-others-10", "c"), pod("g-others-9", "b"), pod("g-first-0", "a")];
    expect(jobEnd("g", "Completed", pods).nodes).toEqual(["a", "b", "c"]);
  });

  test("killed by the kernel for want of memory", () => {
    const status = { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] };
    expect(jobEnd("m", "Failed", [{ metadata: { name: "m-first-0" }, spec: { nodeName: "cn1" }, status }]).outcome).toBe("out of memory");
  });
});

describe("why a job waits", () => {
  test("in the scheduler's words, of the gang and not of the pod that would fit", () => {
    expect(waitingReason(named("toobig-first-0"), named("toobig-0e80")[0])).toBe(
      "NotEnoughResources: 2/6 tasks in gang unschedulable: pod group is not ready, 6 Pending, 6 minAvailable; Pending: 2 Unschedulable, 4 Schedulable. Origin reason is toobig-others-3: 0/4 nodes are unavailable: 4 node(s) didn't match pod anti-affinity rules.",
    );
  });

  test("before it has pods", () => {
    expect(waitingReason([], named("memory-")[0])).toContain("1/0 tasks in gang unschedulable");
  });

  test("in kubelet's words where a pod has its node and does not start", () => {
    const waiting = { reason: "ErrImageNeverPull", message: "Container image is not present with pull policy of Never" };
    const pod = { metadata: { name: "x-first-0" }, spec: { nodeName: "cn1" }, status: { containerStatuses: [{ state: { waiting } }] } };
    expect(waitingReason([pod], undefined)).toBe("ErrImageNeverPull: Container image is not present with pull policy of Never");
  });

  test("one that runs has no reason to wait", () => {
    expect(waitingReason(named("canary-cn3-first-0"), undefined)).toBeNull();
  });
});
