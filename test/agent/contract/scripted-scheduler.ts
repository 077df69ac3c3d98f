import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { work } from "../../../agent/paths.ts";
import type { Outcome } from "../../../model/job.ts";

/** What a scheduler was asked for, out of its own form of it. */
export interface Asked {
  readonly id: string;
  readonly nodes: number;
  /** On each of them. Memory is 0 where none is asked for; null where this kind does not ask for memory. */
  readonly onEach: { readonly cores: number; readonly memoryMiB: number | null; readonly gpus: number };
  /** Nodes on which it must run; undefined where it may run anywhere. */
  readonly place?: readonly string[] | undefined;
  readonly queue?: string | undefined;
  readonly user: string;
  readonly after?: readonly string[];
  /** What runs on its first node, and its own part of the environment. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ScriptedJob extends Asked {
  readonly number: number;
  state: "queued" | "running" | "over";
  given: readonly string[];
}

export interface End {
  readonly outcome: Extract<Outcome, "completed" | "failed" | "timeout" | "cancelled">;
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
}

/** How one kind of scheduler writes down what becomes of a job, and of a node. */
export interface Recorder {
  submitted(job: ScriptedJob): void;
  allocated(job: ScriptedJob): void;
  /** The body begins. */
  started(job: ScriptedJob): void;
  ended(job: ScriptedJob, end: End): void;
  /** Its nodes, if it had any, are free. */
  cleaned(job: ScriptedJob): void;
  node?(node: string, drained: string | undefined): void;
}

/** A scheduler of two nodes that decides nothing: the script says when a job starts and how it ends. */
export class ScriptedScheduler {
  readonly nodes = ["cn1", "cn2"];
  readonly drained = new Map<string, string>();
  readonly jobs = new Map<string, ScriptedJob>();
  /** Words with which it refuses every job, if it does. */
  refusal: string | undefined;
  /** Instead of {@link work}, which every path of a body starts with. */
  readonly folder = mkdtempSync(join(tmpdir(), "schedfront-contract-"));
  recorder: Recorder | undefined;
  #numbers = 100;

  /** @returns the job, or why it is refused */
  submit(asked: Asked): ScriptedJob | string {
    if (this.refusal !== undefined) return this.refusal;
    const job: ScriptedJob = { ...asked, number: ++this.#numbers, state: "queued", given: [] };
    this.jobs.set(job.id, job);
    this.recorder?.submitted(job);
    return job;
  }

  mayStart(id: string): boolean {
    const job = this.jobs.get(id);
    return job?.state === "queued" && (job.after ?? []).every((earlier) => this.jobs.get(earlier)?.state === "over");
  }

  /** Gives the job its nodes: those that it asks for, or the first. */
  start(id: string): void {
    if (!this.mayStart(id)) throw new Error(`${id} may not start`);
    const job = this.get(id);
    job.state = "running";
    job.given = job.place ?? this.nodes.slice(0, job.nodes);
    this.recorder?.allocated(job);
    this.recorder?.started(job);
  }

  end(id: string, end: End): void {
    const job = this.get(id);
    job.state = "over";
    this.recorder?.ended(job, end);
    this.recorder?.cleaned(job);
  }

  /** Starts the job and runs its body, here. */
  run(id: string): void {
    this.start(id);
    const { command, environment } = this.get(id);
    const [file = "", ...words] = command.map((word) => word.replaceAll(work, this.folder));
    const env = { PATH: process.env.PATH, ...environment };
    const { status, error } = spawnSync(file, words, { stdio: ["ignore", "pipe", "pipe"], env, timeout: 20_000 });
    if (error !== undefined) throw error;
    // The body writes microseconds; what is written down here has milliseconds.
    for (const now = Date.now(); Date.now() === now; );
    this.end(id, { outcome: status === 0 ? "completed" : "failed", exitCode: status });
  }

  /** What bodies wrote of their own time. */
  clock(): string {
    try {
      return readFileSync(join(this.folder, "clock"), "utf8");
    } catch {
      return "";
    }
  }

  cancel(states: readonly ScriptedJob["state"][] = ["queued", "running"]): void {
    for (const { id, state } of [...this.jobs.values()]) if (states.includes(state)) this.end(id, { outcome: "cancelled", exitCode: null });
  }

  drain(node: string, reason: string): void {
    this.drained.set(node, reason);
    this.recorder?.node?.(node, reason);
  }

  undrain(node: string): void {
    this.drained.delete(node);
    this.recorder?.node?.(node, undefined);
  }

  /** Jobs that are not over. */
  left = (): ScriptedJob[] => [...this.jobs.values()].filter(({ state }) => state !== "over");

  idOf = (number: number): string | undefined => [...this.jobs.values()].find((job) => job.number === number)?.id;

  file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private get(id: string): ScriptedJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw new Error(`${id} was never submitted`);
    return job;
  }
}
