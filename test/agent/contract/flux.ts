import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { jobspecOf } from "../../../agent/schedulers/flux/jobspec.ts";
import type { JournalEntry } from "../../../agent/schedulers/flux/journal.ts";
import type { Reading } from "../../../agent/schedulers/flux/reading.ts";
import { FluxAdapter } from "../../../agent/schedulers/flux.ts";
import { wholeLines } from "../../../agent/whole-lines.ts";
import { setBoundary } from "./boundary.ts";
import { type Recorder, ScriptedScheduler } from "./scripted-scheduler.ts";
import { standingBy } from "./sockets.ts";
import type { MakeStand } from "./stand.ts";

/** Flux's command, what its Python tells of the instance, and the bridge that submits and follows the journal. */

/** By rank. */
const hosts = ["head", "cn1", "cn2"];
const signals = { timeout: 14, cancelled: 15 };

export const stand: MakeStand = async (bodies) => {
  const scheduler = new ScriptedScheduler();
  const reading: Reading & { configuration: Record<string, object> } = JSON.parse(
    readFileSync("test/agent/fixtures/flux/reading.json", "utf8"),
  );
  let events = reading.events.filter(({ name }) => name !== "drain" && name !== "undrain");
  let dead = false;
  let bridge: { end: (words: string) => void } | undefined;
  let tell = (_entry: JournalEntry) => {};
  const enter = (id: number, name: string, context: object = {}, more: Partial<JournalEntry> = {}) =>
    tell({ id: String(id), name, timestamp: Date.now() / 1000, context: { ...context }, ...more });

  scheduler.recorder = {
    submitted: ({ id, number }) => {
      enter(number, "submit", { urgency: 16 }, { job: id });
      for (const name of ["validate", "depend", "priority"]) enter(number, name);
    },
    allocated: ({ number, given }) => enter(number, "alloc", {}, { R: { execution: { nodelist: given } } }),
    started: ({ number }) => enter(number, "start"),
    ended: ({ number, given }, { outcome, exitCode }) => {
      if (outcome === "timeout") enter(number, "exception", { type: "timeout", severity: 0, note: "resource allocation expired" });
      if (outcome === "cancelled") enter(number, "exception", { type: "cancel", severity: 0, note: "" });
      const signal = outcome === "timeout" || outcome === "cancelled" ? signals[outcome] : 9;
      if (given.length > 0) enter(number, "finish", { status: exitCode === null ? signal : exitCode << 8 });
    },
    cleaned: ({ number, given }) => {
      if (given.length > 0) for (const name of ["release", "free"]) enter(number, name);
      enter(number, "clean");
    },
    node: (node, reason) => {
      const context = { idset: String(hosts.indexOf(node)), ...(reason === undefined ? {} : { reason }) };
      events = [...events, { name: reason === undefined ? "undrain" : "drain", timestamp: Date.now() / 1000, context }];
    },
  } satisfies Recorder;

  const drained = () => Object.fromEntries([...scheduler.drained].map(([node, reason]) => [String(hosts.indexOf(node)), { reason }]));
  const queueDrain = async (seconds: number) => {
    for (let left = seconds; scheduler.left().length > 0; left -= 0.05) {
      if (left <= 0) throw new Error(`flux queue drain: not finished after ${seconds} s`);
      await setTimeout(50);
    }
    return "";
  };
  setBoundary({
    run: async (_, args, { timeoutSeconds }) => {
      if (dead) throw new Error("flux: exit code 1: connect: No such file or directory");
      if (args[0] === "python") return JSON.stringify({ ...reading, events, status: { ...reading.status, drain: drained() } });
      if (args[0] === "queue") return queueDrain(timeoutSeconds);
      if (args[0] === "cancel") scheduler.cancel();
      return "";
    },
    attach: () => {
      const program = standingBy(1, (socket) => {
        tell = (event) => socket.write(`${JSON.stringify({ event })}\n`);
        answer(socket, scheduler);
      });
      bridge = program;
      return program.attached;
    },
  });
  return {
    adapter: new FluxAdapter(bodies === "pretended" ? hosts : undefined),
    scheduler,
    bodies,
    change: () => {
      reading.configuration.exec = { imp: "/elsewhere/flux-imp" };
      return { key: "exec.imp", value: "/elsewhere/flux-imp" };
    },
    die: () => {
      dead = true;
      bridge?.end("the journal has ended");
    },
  };
};

type Jobspec = ReturnType<typeof jobspecOf>;

/** agent/schedulers/flux/bridge-program.ts's protocol. */
function answer(socket: Duplex, scheduler: ScriptedScheduler) {
  const whole = wholeLines();
  const say = (words: object) => socket.write(`${JSON.stringify(words)}\n`);
  say({ ready: true });
  socket.on("data", (text: Buffer) => {
    for (const line of whole(text.toString("utf8"))) {
      const { key, account, jobspec } = JSON.parse(line) as { key: number; account: { name: string }; jobspec: string };
      const job = scheduler.submit(askedIn(JSON.parse(jobspec), account.name, scheduler));
      say(typeof job === "string" ? { key, refused: job } : { key, id: String(job.number) });
    }
  });
}

function askedIn({ resources, tasks, attributes: { system } }: Jobspec, user: string, scheduler: ScriptedScheduler) {
  const constraints = "constraints" in system ? (system.constraints as { hostlist?: string[]; ranks?: string[] }) : {};
  const ranks = constraints.ranks?.flatMap((set) => set.split(",").map((rank) => hosts[Number(rank)] ?? `rank ${rank}`));
  const after = "dependencies" in system ? (system.dependencies as { value: string }[]) : [];
  const [slot] = resources[0]?.with ?? [];
  const ofType = (type: string) => slot?.with.find((one) => one.type === type)?.count ?? 0;
  return {
    id: system.job.name,
    nodes: resources[0]?.count ?? 0,
    onEach: { cores: ofType("core"), memoryMiB: null, gpus: ofType("gpu") },
    place: constraints.hostlist ?? ranks,
    queue: "queue" in system ? (system.queue as string | undefined) : undefined,
    user,
    after: after.map(({ value }) => scheduler.idOf(Number(value)) ?? `job ${value}`),
    command: tasks[0]?.command ?? [],
    environment: { ...system.environment, FLUX_TASK_RANK: "0" },
  };
}
