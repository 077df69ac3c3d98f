import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { JobEnd, JobEvent } from "../../model/event.ts";
import type { Job } from "../../model/job.ts";
import type { DaemonUse } from "../../model/metrics/control-plane-use.ts";
import { threadsPerCore } from "../../model/schedulers/slurm/node.ts";
import { forgetPeak, usedSince, useOf } from "../daemon-use.ts";
import { submissionsAtOnce } from "../driver.ts";
import { FileTail } from "../file-tail.ts";
import { user } from "../paths.ts";
import { account, run } from "../process.ts";
import type { MakeAdapter, Place, Progress, Records, SchedulerAdapter } from "../scheduler.ts";
import { SubmittedJobs } from "../submitted-jobs.ts";
import { complaintsIn } from "./slurm/complaints.ts";
import { differences, parseConfiguration, parseNodes, parsePartitions, usableStates } from "./slurm/configuration.ts";
import { describeJob, type Submitting, submittingHere } from "./slurm/job-description.ts";
import { type Completion, type ControllerEvent, parseCompletion, parseControllerLine } from "./slurm/records.ts";
import { askSecondController } from "./slurm/second-controller.ts";
import { Submitters } from "./slurm/submitters.ts";
import { outOfUse, parseTrouble } from "./slurm/trouble.ts";

/** Slurm, driven by its own library and commands, and read from slurmctld's log and the job completion log, as the role has set them up. */

/** As the role has them. */
const logs = { controller: "/var/log/slurm/slurmctld.log", completion: "/var/log/slurm/jobcomp.log" };
/** On the head; mariadbd is slurmdbd's, munged signs every message. */
const daemons = ["slurmctld", "slurmdbd", "mariadbd", "munged"];

/** A command that does not answer in this time will not, even on an emulated processor. */
const commandSeconds = 60;

/**
 * Slurm kills a job that ignores its end only after KillWait, 30 s by default; and where one emulated processor is hundreds of
 * nodes, the last of a cancelled job's have said that they are clean only after more than four minutes.
 */
const emptySeconds = 900;

/** Slurm is asked itself where its log does not say that all is clean, in seconds. */
const askAgainSeconds = 10;

const command = (file: string, ...args: string[]) => run(file, args, { timeoutSeconds: commandSeconds });
const text = async (file: string, ...args: string[]) => (await command(file, ...args)).toString("utf8");

export class SlurmAdapter implements SchedulerAdapter {
  readonly #submitted = new SubmittedJobs<number>();
  readonly #seen: ControllerEvent[] = [];
  readonly #running = new Set<number>();
  readonly #completions = new Map<number, Completion>();
  /** Jobs whose nodes slurmctld has not called clean yet. */
  readonly #unclean = new Set<number>();
  #controller: FileTail;
  #completion: FileTail;
  readonly #troubled = new Map<string, string>();
  #useBefore: readonly DaemonUse[] = [];
  #submitters: Submitters | undefined;
  #submitting: Submitting = {};

  constructor(
    readonly files = logs,
    readonly threadsPerCore = 1,
  ) {
    this.#controller = new FileTail(files.controller);
    this.#completion = new FileTail(files.completion);
  }

  async effectiveConfiguration() {
    const [configuration, partitions, nodes] = await Promise.all([
      text("scontrol", "show", "config"),
      text("scontrol", "--oneliner", "show", "partition"),
      text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E"),
    ]);
    const names = [...parseNodes(nodes).keys()].sort().join(",");
    const effective: Record<string, string> = { ...parseConfiguration(configuration), ...parsePartitions(partitions), Nodes: names };
    const version = effective.SLURM_VERSION;
    if (version === undefined) throw new Error(`scontrol show config has no SLURM_VERSION: ${configuration.slice(0, 200)}`);
    return { version: `slurm ${version}`, effective };
  }

  differences = differences;

  normalForms = askSecondController;

  complaints = async () => complaintsIn(await readFile(this.files.controller, "utf8"));

  async unusable(nodes: readonly string[]) {
    const known = parseNodes(await text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E"));
    return new Map(
      nodes.flatMap((node) => {
        const { state = "unknown to slurmctld", reason = "none" } = known.get(node) ?? {};
        return usableStates.has(state) ? [] : [[node, reason === "none" ? state : `${state}: ${reason}`] as const];
      }),
    );
  }

  async reset() {
    await this.cancel();
    if (!(await this.drain(emptySeconds)))
      throw new Error(`slurm's queue is not empty ${emptySeconds} s after scancel: ${await this.#queue()}`);
    this.#submitters ??= await Submitters.start(submissionsAtOnce, commandSeconds);
    this.#submitting = submittingHere();
    this.#submitted.clear();
    this.#seen.length = 0;
    this.#running.clear();
    this.#completions.clear();
    this.#unclean.clear();
    this.#controller = new FileTail(this.files.controller);
    this.#completion = new FileTail(this.files.completion);
    forgetPeak(daemons);
    this.#troubled.clear();
    this.#useBefore = useOf(daemons);
  }

  async submit(job: Job, place?: Place) {
    const submitters = this.#submitters;
    if (submitters === undefined) throw new Error("slurm: the queue must be emptied before a job is submitted");
    const hasEnded = (number: number) => this.#completions.has(number);
    await this.#submitted.submit(job, hasEnded, (after) => {
      const owner = account(job.user ?? user);
      return submitters.submit(
        describeJob(job, { owner, submitting: this.#submitting, place, after, threadsPerCore: this.threadsPerCore }),
        commandSeconds,
      );
    });
  }

  progress(): Progress {
    this.#read();
    return { running: this.#running.size, ended: this.#completions.size };
  }

  async cancel() {
    // Whoever's they are. What waits goes first, or it would start on the nodes of what runs.
    for (const state of ["PENDING", "SUSPENDED", "RUNNING"]) await command("scancel", `--state=${state}`);
  }

  async drain(timeoutSeconds: number) {
    const limit = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      await this.#awaitClean(Math.min(limit, Date.now() + askAgainSeconds * 1000));
      if ((await this.#queue()) === "") return true;
      if (Date.now() > limit) return false;
      await setTimeout(500);
    }
  }

  /** Resolves once slurmctld's log says of every job that its nodes are clean. squeue would take the core that slurmctld needs for it. */
  async #awaitClean(limit: number) {
    for (this.#read(); this.#unclean.size > 0 && Date.now() < limit; this.#read()) await setTimeout(200);
  }

  records(): Records {
    this.#read();
    // Not every submission's answer comes back; the record has the name, too.
    for (const { number, name } of this.#completions.values()) this.#submitted.names.set(number, name);
    const scheduler = (number: number, event: JobEvent["event"], seconds: number, precisionSeconds: number): JobEvent[] => {
      const job = this.#submitted.names.get(number);
      return job === undefined ? [] : [{ job, event, seconds, clock: "scheduler", precisionSeconds }];
    };
    const precise = this.#seen.flatMap(({ number, event, seconds }) => scheduler(number, event, seconds, 0.001));
    const whole = [...this.#completions.values()].flatMap(({ number, endSeconds }) => scheduler(number, "ended", endSeconds, 1));
    const ends = [...this.#completions.values()].map(
      ({ name, outcome, nodes, exitCode }): JobEnd => ({ job: name, outcome, nodes, exitCode }),
    );
    return { events: [...precise, ...whole], ends };
  }

  controlPlaneUse() {
    return usedSince(this.#useBefore, useOf(daemons));
  }

  async troubledNodes(nodes: readonly string[]) {
    this.#read();
    const now = outOfUse(parseNodes(await text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E")));
    return new Map([...this.#troubled, ...now].filter(([node]) => nodes.includes(node)));
  }

  #queue = async () => (await text("squeue", "--noheader", "--format=%j %T %N")).trim();

  #read() {
    for (const line of this.#controller.lines()) {
      for (const [node, what] of parseTrouble(line)) this.#troubled.set(node, what);
      const event = parseControllerLine(line);
      if (event === null) continue;
      this.#seen.push(event);
      if (event.event === "allocated") {
        this.#running.add(event.number);
        this.#unclean.add(event.number);
      } else if (event.event === "cleaned") this.#unclean.delete(event.number);
    }
    for (const line of this.#completion.lines()) {
      const completion = parseCompletion(line);
      if (completion === null) continue;
      this.#completions.set(completion.number, completion);
      this.#running.delete(completion.number);
    }
  }
}

export const adapter: MakeAdapter<"slurm"> = (given, topology) => new SlurmAdapter(logs, threadsPerCore(given, topology));
