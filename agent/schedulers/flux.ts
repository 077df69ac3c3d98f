import { setTimeout } from "node:timers/promises";
import type { Job } from "../../model/job.ts";
import type { DaemonUse } from "../../model/metrics/control-plane-use.ts";
import { areEmulated, nodes } from "../../model/topology.ts";
import { forgetPeak, usedSince, useOf } from "../daemon-use.ts";
import { hostlist } from "../hostlist.ts";
import { user } from "../paths.ts";
import { account, run } from "../process.ts";
import type { MakeAdapter, Place, Progress, Records, SchedulerAdapter } from "../scheduler.ts";
import { SubmittedJobs } from "../submitted-jobs.ts";
import { Bridge } from "./flux/bridge.ts";
import { jobspecOf } from "./flux/jobspec.ts";
import { type JournalEntry, JournalJob } from "./flux/journal.ts";
import { configurationOf, differences, read, troubledSince, unusableNodes } from "./flux/reading.ts";

/** Flux's system instance, driven and followed through its own Python API, as the role has set it up. */

/** On the head: the broker with its modules, those of them that are processes of their own, and munged, which signs every job. */
const daemons = ["flux-broker-0", "sched-simple", "sched-fifo", "sched-backfill", "munged"];

/** What does not answer in this time will not, even on an emulated processor. */
const answerSeconds = 120;

/** Flux kills a job that ignores its end after exec.kill-timeout, 5 s by default, and again after twice the time. */
const emptySeconds = 180;

/** How long the journal may be behind the job manager, in seconds. */
const behindSeconds = 30;

const flux = (...args: string[]) => run("flux", args, { timeoutSeconds: answerSeconds });

export class FluxAdapter implements SchedulerAdapter {
  readonly #jobs = new Map<string, JournalJob>();
  readonly #submitted = new SubmittedJobs<string>();
  #bridge: Bridge | undefined;
  #resetSeconds = 0;
  #useBefore: readonly DaemonUse[] = [];

  /** @param emulated names of all nodes by rank, where they only pretend */
  constructor(readonly emulated?: readonly string[]) {}

  async effectiveConfiguration() {
    const reading = await read(answerSeconds);
    return { version: `flux-core ${reading.version}`, effective: configurationOf(reading) };
  }

  differences = differences;

  async unusable(nodes: readonly string[]) {
    const reading = await read(answerSeconds);
    const [known, found] = [hostlist(reading.hosts), unusableNodes(reading)];
    return new Map(
      nodes.flatMap((node) => {
        const reason = known.includes(node) ? found.get(node) : "unknown to flux";
        return reason === undefined ? [] : [[node, reason] as const];
      }),
    );
  }

  async reset() {
    await this.cancel();
    if (!(await this.drain(emptySeconds))) throw new Error(`flux's queue is not empty ${emptySeconds} s after flux cancel`);
    await flux("job", "purge", "--force", "--num-limit=0");
    this.#resetSeconds = Date.now() / 1000;
    this.#bridge ??= await Bridge.start(this.#resetSeconds, (entry) => this.#enter(entry), answerSeconds);
    this.#jobs.clear();
    this.#submitted.clear();
    forgetPeak(daemons);
    this.#useBefore = useOf(daemons);
  }

  async submit(job: Job, place?: Place) {
    const bridge = this.#bridge;
    if (bridge === undefined) throw new Error("flux: the queue must be emptied before a job is submitted");
    const hasEnded = (id: string) => this.#jobs.get(id)?.has("clean") === true;
    await this.#submitted.submit(job, hasEnded, (after) => {
      const owner = account(job.user ?? user);
      return bridge.submit(owner, jobspecOf(job, { owner, place, after, emulated: this.emulated }), answerSeconds);
    });
  }

  progress(): Progress {
    const jobs = [...this.#jobs.values()];
    return { running: jobs.filter((job) => job.holdsNodes).length, ended: jobs.filter((job) => job.has("clean")).length };
  }

  async cancel() {
    await flux("cancel", "--all", "--user=all", "--quiet");
  }

  async drain(timeoutSeconds: number) {
    const limit = Date.now() + timeoutSeconds * 1000;
    if (!(await this.#awaitClean(limit))) return false;
    // Somebody else's jobs; the command alone may take as long as any answer.
    try {
      await run("flux", ["queue", "drain"], { timeoutSeconds: Math.max(answerSeconds, (limit - Date.now()) / 1000) });
    } catch {
      return false;
    }
    await this.#awaitClean(Date.now() + behindSeconds * 1000);
    return true;
  }

  /**
   * Resolves once the journal says of every job that it is out of the system, or false at the limit. To ask would take the core
   * that Flux needs for it.
   */
  async #awaitClean(limit: number) {
    const isOver = () => this.progress().ended >= this.#submitted.names.size;
    while (!isOver() && Date.now() < limit) await setTimeout(200);
    return isOver();
  }

  records(): Records {
    const named = [...this.#jobs].flatMap(([id, job]) => {
      const name = job.name ?? this.#submitted.names.get(id);
      return name === undefined ? [] : [{ name, job }];
    });
    return {
      events: named.flatMap(({ name, job }) => job.events(name)),
      ends: named.flatMap(({ name, job }) => job.end(name) ?? []),
    };
  }

  controlPlaneUse() {
    return usedSince(this.#useBefore, useOf(daemons));
  }

  async troubledNodes(nodes: readonly string[]) {
    const reading = await read(answerSeconds);
    const found = new Map([...troubledSince(reading, this.#resetSeconds), ...unusableNodes(reading)]);
    return new Map([...found].filter(([node]) => nodes.includes(node)));
  }

  #enter(entry: JournalEntry) {
    // The rest of a job from before the reset.
    if (entry.name !== "submit" && !this.#jobs.has(entry.id)) return;
    const known = this.#jobs.get(entry.id) ?? new JournalJob();
    known.add(entry);
    this.#jobs.set(entry.id, known);
  }
}

export const adapter: MakeAdapter<"flux"> = (_, topology) =>
  new FluxAdapter(areEmulated(topology) ? nodes(topology).map(({ name }) => name) : undefined);
