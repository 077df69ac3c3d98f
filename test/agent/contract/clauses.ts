import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { parseClock } from "../../../agent/clock-records.ts";
import { eventNames } from "../../../model/event.ts";
import { type Job, noOp } from "../../../model/job.ts";
import { timeline } from "../../../model/timeline.ts";
import type { Stand } from "./stand.ts";

/** What every adapter does, whatever its scheduler (agent/scheduler.ts). */

type Check = (stand: Stand) => Promise<void>;

const job = (id: string, parts: Partial<Job> = {}): Job => ({ ...noOp(id), ...parts });

/** Resolves once it holds: a watch or a journal may be a moment behind. */
async function soon(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (holds()) return;
    await setTimeout(20);
  }
  throw new Error(`never ${what}`);
}

/** Jobs that have ended, by the scheduler's records. */
const ended = async ({ adapter }: Stand, count: number) => soon(() => adapter.progress().ended >= count, `${count} jobs ended`);

/** A job that went through the scheduler to its end. */
async function completed(stand: Stand, id: string): Promise<void> {
  await stand.adapter.submit(job(id));
  if (stand.bodies === "run") stand.scheduler.run(id);
  else {
    stand.scheduler.start(id);
    stand.scheduler.end(id, { outcome: "completed", exitCode: 0 });
  }
}

const endOf = async (stand: Stand, id: string) => {
  await soon(() => stand.adapter.records().ends.some((end) => end.job === id), `an end of ${id}`);
  return stand.adapter.records().ends.find((end) => end.job === id);
};

/** The scheduler's own records, and what the bodies that it ran wrote. */
const eventsOf = ({ adapter, scheduler }: Stand) => [...adapter.records().events, ...parseClock(scheduler.clock())];

export const clauses: Readonly<Record<string, Check>> = {
  "takes no job before its queue was emptied": async ({ adapter }) => {
    await expect(adapter.submit(job("early"))).rejects.toThrow();
  },

  "tells every step of a job in order, each by a clock of known precision": async (stand) => {
    await stand.adapter.reset();
    const before = Date.now() / 1000;
    await completed(stand, "a");
    await ended(stand, 1);
    await soon(() => stand.adapter.records().events.some(({ event }) => event === "cleaned"), "a clean");
    const events = eventsOf(stand);
    const after = Date.now() / 1000;
    for (const { job: id, seconds, precisionSeconds } of events) {
      expect(id).toBe("a");
      expect(precisionSeconds).toBeGreaterThan(0);
      expect(precisionSeconds).toBeLessThanOrEqual(1);
      expect(seconds).toBeGreaterThan(before - precisionSeconds - 0.01);
      expect(seconds).toBeLessThan(after + precisionSeconds);
    }
    const [row] = timeline([job("a")], events, stand.adapter.records().ends, after).jobs;
    const times = [row?.submit, row?.allocated, row?.started, row?.ended, row?.cleaned].map((seconds) => seconds ?? Number.NaN);
    expect(eventNames.filter((name) => events.some(({ event }) => event === name))).toEqual(
      expect.arrayContaining(["submit", "allocated", "ended", "cleaned"]),
    );
    expect(times).toEqual([...times].sort((one, other) => one - other));
  },

  "says when a job started, or hands over a body that does": async (stand) => {
    await stand.adapter.reset();
    await completed(stand, "a");
    await ended(stand, 1);
    await soon(() => eventsOf(stand).some(({ event }) => event === "started"), "a start");
    if (stand.bodies === "pretended") expect(stand.adapter.records().events.map(({ event }) => event)).toContain("started");
  },

  "names the nodes of each job": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("wide", { nodes: 2 }));
    stand.scheduler.start("wide");
    stand.scheduler.end("wide", { outcome: "completed", exitCode: 0 });
    expect(await endOf(stand, "wide")).toEqual({ job: "wide", outcome: "completed", nodes: ["cn1", "cn2"], exitCode: 0 });
  },

  "asks for a part of each node": async (stand) => {
    await stand.adapter.reset();
    const parts = { nodes: 2, ranksPerNode: 3, coresPerRank: 2, memoryMiBPerNode: 300, gpusPerNode: 1 };
    await stand.adapter.submit(job("part", parts));
    const asked = stand.scheduler.jobs.get("part");
    expect(asked?.nodes).toBe(2);
    expect(asked?.onEach).toEqual({ cores: 6, memoryMiB: asked?.onEach.memoryMiB === null ? null : 300, gpus: 1 });
  },

  "has a job run where it must": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("there"), { nodes: ["cn2"] });
    expect(stand.scheduler.jobs.get("there")?.place).toEqual(["cn2"]);
    stand.scheduler.start("there");
    stand.scheduler.end("there", { outcome: "completed", exitCode: 0 });
    expect((await endOf(stand, "there"))?.nodes).toEqual(["cn2"]);
  },

  "has a job run anywhere where nothing is said": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("anywhere"));
    expect(stand.scheduler.jobs.get("anywhere")?.place).toBeUndefined();
  },

  "submits a job as its user": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("ours"));
    await stand.adapter.submit(job("theirs", { user: "u1" }));
    expect(["ours", "theirs"].map((id) => stand.scheduler.jobs.get(id)?.user)).toEqual(["bench", "u1"]);
  },

  "lets a job wait for another, however that ends": async (stand) => {
    const { adapter, scheduler } = stand;
    await adapter.reset();
    await adapter.submit(job("first"));
    await adapter.submit(job("second", { after: ["first"] }));
    expect(scheduler.mayStart("second")).toBe(false);
    scheduler.start("first");
    await setTimeout(50);
    expect(scheduler.mayStart("second")).toBe(false);
    scheduler.end("first", { outcome: "failed", exitCode: 1 });
    await soon(() => scheduler.mayStart("second"), "a second that may start");
  },

  "lets a job start that would wait for one that was refused": async ({ adapter, scheduler }) => {
    await adapter.reset();
    scheduler.refusal = "no";
    await expect(adapter.submit(job("first"))).rejects.toThrow("no");
    scheduler.refusal = undefined;
    await adapter.submit(job("second", { after: ["first"] }));
    await soon(() => scheduler.mayStart("second"), "a second that may start");
  },

  "says why a job was refused, and has no record of it": async ({ adapter, scheduler }) => {
    await adapter.reset();
    scheduler.refusal = "it asks for more than there is";
    await expect(adapter.submit(job("big"))).rejects.toThrow("it asks for more than there is");
    expect(adapter.records()).toEqual({ events: [], ends: [] });
    expect(adapter.progress()).toEqual({ running: 0, ended: 0 });
    expect(await adapter.drain(5)).toBe(true);
  },

  "tells a job that failed, and its exit code": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("bad"));
    stand.scheduler.start("bad");
    stand.scheduler.end("bad", { outcome: "failed", exitCode: 3 });
    expect(await endOf(stand, "bad")).toEqual({ job: "bad", outcome: "failed", nodes: ["cn1"], exitCode: 3 });
  },

  "tells a job that a signal ended": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("killed"));
    stand.scheduler.start("killed");
    stand.scheduler.end("killed", { outcome: "failed", exitCode: null });
    expect(await endOf(stand, "killed")).toEqual({ job: "killed", outcome: "failed", nodes: ["cn1"], exitCode: null });
  },

  "tells a job that met its limit": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("late"));
    stand.scheduler.start("late");
    stand.scheduler.end("late", { outcome: "timeout", exitCode: null });
    expect(await endOf(stand, "late")).toMatchObject({ outcome: "timeout", nodes: ["cn1"] });
  },

  "counts what runs and what has ended": async (stand) => {
    const { adapter, scheduler } = stand;
    await adapter.reset();
    for (const id of ["a", "b", "c"]) await adapter.submit(job(id));
    expect(adapter.progress()).toEqual({ running: 0, ended: 0 });
    scheduler.start("a");
    scheduler.start("b");
    await soon(() => adapter.progress().running === 2, "two that run");
    scheduler.end("a", { outcome: "completed", exitCode: 0 });
    await soon(() => adapter.progress().ended === 1 && adapter.progress().running === 1, "one that ended, and one that runs");
  },

  "cancels what runs and what waits": async (stand) => {
    const { adapter, scheduler } = stand;
    await adapter.reset();
    for (const id of ["running", "waiting"]) await adapter.submit(job(id));
    await adapter.submit(job("held", { after: ["waiting"] }));
    scheduler.start("running");
    await soon(() => adapter.progress().running === 1, "one that runs");
    await adapter.cancel();
    expect(await adapter.drain(5)).toBe(true);
    await ended(stand, 3);
    expect(scheduler.left()).toEqual([]);
    const ends = adapter.records().ends.map(({ job: id, outcome, nodes }) => ({ id, outcome, nodes }));
    expect(ends.sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
      { id: "held", outcome: "cancelled", nodes: [] },
      { id: "running", outcome: "cancelled", nodes: ["cn1"] },
      { id: "waiting", outcome: "cancelled", nodes: [] },
    ]);
  },

  "gives up in time where a job does not end": async (stand) => {
    await stand.adapter.reset();
    await stand.adapter.submit(job("stuck"));
    stand.scheduler.start("stuck");
    await soon(() => stand.adapter.progress().running === 1, "one that runs");
    const giveUp = setTimeout(10_000, "still waiting", { ref: false });
    expect(await Promise.race([stand.adapter.drain(0.5), giveUp])).toBe(false);
  },

  "names a node that takes no jobs, and why": async ({ adapter, scheduler }) => {
    await adapter.reset();
    const nodes = scheduler.nodes;
    expect([...(await adapter.unusable(nodes))]).toEqual([]);
    scheduler.drain("cn2", "a bad fan");
    const found = await adapter.unusable(nodes);
    expect([...found.keys()]).toEqual(["cn2"]);
    expect(found.get("cn2")).toMatch(/drained|cordoned/);
    expect([...(await adapter.unusable(["cn1"]))]).toEqual([]);
  },

  "names a node that its scheduler does not know": async ({ adapter }) => {
    await adapter.reset();
    expect([...(await adapter.unusable(["cn1", "cn3"])).keys()]).toEqual(["cn3"]);
  },

  "remembers a node that was out of use for a while, until it is reset": async ({ adapter, scheduler }) => {
    await adapter.reset();
    scheduler.drain("cn2", "a bad fan");
    await setTimeout(50);
    scheduler.undrain("cn2");
    await setTimeout(50);
    expect([...(await adapter.troubledNodes(scheduler.nodes)).keys()]).toEqual(["cn2"]);
    expect([...(await adapter.troubledNodes(["cn1"]))]).toEqual([]);
    await adapter.reset();
    expect([...(await adapter.troubledNodes(scheduler.nodes))]).toEqual([]);
  },

  "has forgotten everything once it is reset": async (stand) => {
    const { adapter, scheduler } = stand;
    await adapter.reset();
    await completed(stand, "done");
    await ended(stand, 1);
    await adapter.submit(job("running"));
    await adapter.submit(job("waiting"));
    scheduler.start("running");
    await soon(() => adapter.progress().running === 1, "one that runs");
    await adapter.reset();
    expect(scheduler.left()).toEqual([]);
    expect(adapter.progress()).toEqual({ running: 0, ended: 0 });
    expect(adapter.records()).toEqual({ events: [], ends: [] });
  },

  "hears nothing more of a job from before it was reset": async (stand) => {
    const { adapter, scheduler } = stand;
    await adapter.reset();
    await completed(stand, "old");
    await ended(stand, 1);
    await adapter.reset();
    const old = scheduler.jobs.get("old");
    if (old === undefined) throw new Error("it was never submitted");
    scheduler.recorder?.cleaned(old);
    await completed(stand, "new");
    await ended(stand, 1);
    await setTimeout(50);
    expect(adapter.progress().ended).toBe(1);
    expect(adapter.records().ends.map(({ job: id }) => id)).toEqual(["new"]);
    expect([...new Set(adapter.records().events.map(({ job: id }) => id))]).toEqual(["new"]);
  },

  "reads its settings back, the same each time, and tells what differs": async ({ adapter, change }) => {
    const { version, effective } = await adapter.effectiveConfiguration();
    expect(version).toMatch(/\d/);
    expect(Object.keys(effective).length).toBeGreaterThan(5);
    expect(await adapter.effectiveConfiguration()).toEqual({ version, effective });
    expect(adapter.differences(effective, effective)).toEqual([]);
    const { key, value } = change();
    const asked = effective[key] ?? "";
    const { effective: now } = await adapter.effectiveConfiguration();
    expect(now).toEqual({ ...effective, [key]: value });
    expect(adapter.differences({ [key]: asked }, now)).toEqual([`${key}: asked "${asked}", runs "${value}"`]);
    expect(adapter.differences({ NoSuchSetting: "1" }, now)).toEqual(['NoSuchSetting: asked "1", not reported']);
  },

  "does not take a dead scheduler for an idle one": async ({ adapter, scheduler, die }) => {
    await adapter.reset();
    await adapter.submit(job("running"));
    scheduler.start("running");
    await soon(() => adapter.progress().running === 1, "one that runs");
    die();
    await expect(adapter.submit(job("next"))).rejects.toThrow();
    await expect(adapter.effectiveConfiguration()).rejects.toThrow();
    expect(await adapter.drain(0.5).catch(() => false)).toBe(false);
    expect(adapter.progress().ended).toBe(0);
  },
};
