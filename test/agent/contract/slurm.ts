import { appendFileSync, readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { SlurmAdapter } from "../../../agent/schedulers/slurm.ts";
import { setBoundary, userOf } from "./boundary.ts";
import { type Recorder, ScriptedScheduler } from "./scripted-scheduler.ts";
import { standingBy } from "./sockets.ts";
import type { MakeStand } from "./stand.ts";

/** Slurm's commands, its two logs, and what answers on the submitters' sockets. */

const fixture = (name: string) => readFileSync(`test/agent/fixtures/slurm/${name}`, "utf8");

/** Local time, as Slurm writes it. */
const local = (date: Date, digits: 19 | 23) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, digits);

const jobStates = { completed: "COMPLETED", failed: "FAILED", timeout: "TIMEOUT", cancelled: "CANCELLED" };

export const stand: MakeStand = async () => {
  const scheduler = new ScriptedScheduler();
  const files = { controller: scheduler.file("slurmctld.log", ""), completion: scheduler.file("jobcomp.log", "") };
  let configuration = fixture("show-config.txt");
  let dead = false;
  let submitters: { end: (words: string) => void } | undefined;
  const log = (text: string) => appendFileSync(files.controller, `[${local(new Date(), 23)}] ${text}\n`);
  const list = (nodes: readonly string[]) => (nodes.length === 0 ? "(null)" : nodes.join(","));

  scheduler.recorder = {
    submitted: ({ number }) => log(`_slurm_rpc_submit_batch_job: JobId=${number} InitPrio=1 usec=900`),
    allocated: ({ number, given }) => log(`sched: Allocate JobId=${number} NodeList=${list(given)} #CPUs=1 Partition=batch`),
    started: () => {},
    ended: ({ id, number, given }, { outcome, exitCode }) => {
      if (given.length > 0)
        log(outcome === "completed" || outcome === "failed" ? `_job_complete: JobId=${number} done` : `deallocate_nodes: JobId=${number}`);
      const exit = exitCode === null ? "0:9" : `${exitCode}:0`;
      const line = `JobId=${number} UserId=bench(1000) Name=${id} JobState=${jobStates[outcome]} Partition=batch EndTime=${local(new Date(), 19)} NodeList=${list(given)} ExitCode=${exit} `;
      appendFileSync(files.completion, `${line}\n`);
    },
    cleaned: ({ number, given }) => given.length > 0 && log(`cleanup_completing: JobId=${number}`),
    node: (node, reason) => reason !== undefined && log(`update_node: node ${node} state set to DRAINED`),
  } satisfies Recorder;

  const answers: Record<string, (args: readonly string[]) => string> = {
    scontrol: ([, what]) => (what === "config" ? configuration : fixture("show-partition.txt")),
    sinfo: () =>
      scheduler.nodes
        .map((node) => `${node}|${scheduler.drained.has(node) ? "drained" : "idle"}|${scheduler.drained.get(node) ?? "none"}\n`)
        .join(""),
    squeue: () =>
      scheduler
        .left()
        .map(({ id, state, given }) => `${id} ${state} ${given.join(",")}\n`)
        .join(""),
    scancel: ([state]) => {
      const states = { "--state=PENDING": ["queued"], "--state=RUNNING": ["running"], "--state=SUSPENDED": [] } as const;
      scheduler.cancel(states[state as keyof typeof states]);
      return "";
    },
  };
  setBoundary({
    run: async (file, args) => {
      if (dead) throw new Error(`${file}: exit code 1: slurm_load error: Unable to contact slurm controller (connect failure)`);
      return answers[file]?.(args[0] === "--oneliner" ? args.slice(1) : args) ?? Promise.reject(new Error(`${file} cannot be started`));
    },
    attach: (_, __, count) => {
      const program = standingBy(count, (socket) => answer(socket, scheduler));
      submitters = program;
      return program.attached;
    },
  });
  return {
    adapter: new SlurmAdapter(files),
    scheduler,
    bodies: "run",
    change: () => {
      configuration = configuration.replace(/^(SchedulerTimeSlice\s+= ).*$/m, "$17 sec");
      return { key: "SchedulerTimeSlice", value: "7 sec" };
    },
    die: () => {
      dead = true;
      submitters?.end("slurm's submitter: Unable to contact slurm controller");
    },
  };
};

/** A request of agent/schedulers/slurm/submitter.ts's protocol, answered. */
function answer(socket: Duplex, scheduler: ScriptedScheduler) {
  let read = Buffer.alloc(0);
  socket.write("ready\n");
  socket.on("data", (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    while (read.length >= 4 && read.length >= 4 + read.readUInt32BE()) {
      const request = read.subarray(4, 4 + read.readUInt32BE());
      read = read.subarray(4 + request.length);
      const job = scheduler.submit(askedIn(words(request), scheduler));
      socket.write(typeof job === "string" ? `refused ${job}\n` : `taken ${job.number}\n`);
    }
  });
}

function words(request: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < request.length; ) {
    const length = request.readUInt32BE(at);
    found.push(request.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function askedIn(pairs: readonly string[], scheduler: ScriptedScheduler) {
  const values = (name: string) => pairs.flatMap((word, i) => (i % 2 === 1 && pairs[i - 1] === name ? [word] : []));
  const value = (name: string) => values(name)[0];
  const numbers = value("dependency")?.replace("afterany:", "").split(":").map(Number) ?? [];
  return {
    id: value("name") ?? "",
    nodes: Number(value("min_nodes")),
    onEach: {
      cores: Number(value("ntasks_per_node")) * Number(value("cpus_per_task")),
      memoryMiB: Number(value("pn_min_memory") ?? 0),
      gpus: Number(value("tres_per_node")?.replace("gres/gpu:", "") ?? 0),
    },
    place: value("req_nodes")?.split(","),
    queue: value("partition"),
    user: userOf(Number(value("user_id"))),
    after: numbers.map((number) => scheduler.idOf(number) ?? `job ${number}`),
    command: ["bash", "-c", value("script") ?? "", ...values("argv")],
  };
}
