import type { SchedulerAdapter } from "../../../agent/scheduler.ts";
import { SubmittedJobs } from "../../../agent/submitted-jobs.ts";
import type { EventName, JobEnd, JobEvent } from "../../../model/event.ts";
import type { Job } from "../../../model/job.ts";
import { coresPerNode } from "../../../model/machine.ts";
import { type Recorder, ScriptedScheduler } from "./scripted-scheduler.ts";
import type { Stand } from "./stand.ts";

/** An adapter that keeps the contract, but for these faults: what the contract is measured by. */
export interface Faults {
  readonly startedIsUnsaid?: boolean;
  readonly nodesAreUnnamed?: boolean;
  readonly placeIsIgnored?: boolean;
}

export function toyStand({ startedIsUnsaid = false, nodesAreUnnamed = false, placeIsIgnored = false }: Faults): Stand {
  const scheduler = new ScriptedScheduler();
  const submitted = new SubmittedJobs<number>();
  let settings: Record<string, string> = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((key) => [key, "1"]));
  let [events, ends, running]: [JobEvent[], JobEnd[], number] = [[], [], 0];
  let troubled = new Map<string, string>();
  let numbersBefore = Number.POSITIVE_INFINITY;
  let dead = false;
  const say = (number: number, job: string, event: EventName) =>
    number > numbersBefore && events.push({ job, event, seconds: Date.now() / 1000, clock: "scheduler", precisionSeconds: 1e-3 });
  scheduler.recorder = {
    submitted: ({ number, id }) => say(number, id, "submit"),
    allocated: ({ number, id }) => {
      running++;
      say(number, id, "allocated");
    },
    started: ({ number, id }) => !startedIsUnsaid && say(number, id, "started"),
    ended: ({ number, id, given }, { outcome, exitCode }) => {
      if (given.length > 0) running--;
      say(number, id, "ended");
      ends.push({ job: id, outcome, exitCode, nodes: nodesAreUnnamed ? [] : given });
    },
    cleaned: ({ number, id }) => say(number, id, "cleaned"),
    node: (node, reason) => {
      if (reason !== undefined) troubled.set(node, `drained: ${reason}`);
    },
  } satisfies Recorder;
  const alive = async () => {
    if (dead) throw new Error("the toy is dead");
  };
  const adapter: SchedulerAdapter = {
    effectiveConfiguration: async () => {
      await alive();
      return { version: "toy 1", effective: { ...settings } };
    },
    differences: (expected, effective) =>
      Object.entries(expected).flatMap(([key, asked]) => {
        if (effective[key] === undefined) return [`${key}: asked "${asked}", not reported`];
        return effective[key] === asked ? [] : [`${key}: asked "${asked}", runs "${effective[key]}"`];
      }),
    unusable: async (nodes) =>
      new Map(
        nodes.flatMap((node): [string, string][] => {
          if (!scheduler.nodes.includes(node)) return [[node, "unknown"]];
          return scheduler.drained.has(node) ? [[node, "drained"]] : [];
        }),
      ),
    reset: async () => {
      scheduler.cancel();
      numbersBefore = Math.max(0, ...[...scheduler.jobs.values()].map(({ number }) => number));
      [events, ends, running] = [[], [], 0];
      troubled = new Map();
      submitted.clear();
    },
    submit: async (job: Job, place) => {
      await alive();
      if (numbersBefore === Number.POSITIVE_INFINITY) throw new Error("not reset");
      const isOver = (number: number) => scheduler.jobs.get(scheduler.idOf(number) ?? "")?.state === "over";
      await submitted.submit(job, isOver, async (after) => {
        const taken = scheduler.submit({
          id: job.id,
          nodes: job.nodes,
          onEach: { cores: coresPerNode(job), memoryMiB: job.memoryMiBPerNode, gpus: job.gpusPerNode },
          place: placeIsIgnored ? undefined : place?.nodes,
          user: job.user ?? "bench",
          after: after.flatMap((number) => scheduler.idOf(number) ?? []),
          command: ["true"],
        });
        if (typeof taken === "string") throw new Error(taken);
        return taken.number;
      });
    },
    progress: () => ({ running, ended: ends.length }),
    cancel: async () => scheduler.cancel(),
    drain: async () => !dead && scheduler.left().length === 0,
    records: () => ({ events: [...events], ends: [...ends] }),
    controlPlaneUse: () => [],
    troubledNodes: async (nodes) => new Map([...troubled].filter(([node]) => nodes.includes(node))),
  };
  return {
    adapter,
    scheduler,
    bodies: "run",
    change: () => {
      settings = { ...settings, a: "2" };
      return { key: "a", value: "2" };
    },
    die: () => {
      dead = true;
    },
  };
}
