import type { EventName, JobEnd, JobEvent } from "../../../model/event.ts";
import type { Outcome } from "../../../model/job.ts";
import { hostlist } from "../../hostlist.ts";

/** Entries of the job manager's journal (flux-core 0.88; events by RFC 21), as the bridge tells them. */

/** A resource set, as far as it is read here (RFC 20). */
export interface ResourceSet {
  readonly execution: {
    readonly nodelist: readonly string[];
  };
}

export interface JournalEntry {
  /** Of the job, decimal. */
  readonly id: string;
  readonly name: string;
  /** In seconds since the epoch. */
  readonly timestamp: number;
  readonly context?: Readonly<Record<string, unknown>>;
  /** The job's name, where it is submitted. */
  readonly job?: string | null;
  /** What it was given, where it is. */
  readonly R?: ResourceSet;
}

/** What a job's life is made of. It is out of the system with `clean`, which is no event of ours; its nodes are free with `free`. */
const eventNames: Readonly<Record<string, EventName>> = {
  submit: "submit",
  priority: "eligible",
  alloc: "allocated",
  start: "started",
  finish: "ended",
  free: "cleaned",
};

/** What ended a job before its time, by the type of an exception of severity 0; every other is a failure. */
const exceptions: Readonly<Record<string, Outcome>> = { timeout: "timeout", cancel: "cancelled" };

/** Journals keep microseconds. */
const precisionSeconds = 1e-6;

/** One job's entries so far. */
export class JournalJob {
  readonly #entries: JournalEntry[] = [];
  /** Ours; null until its submission is in the journal. */
  name: string | null = null;

  add(entry: JournalEntry) {
    if (entry.name === "submit") this.name = entry.job ?? null;
    this.#entries.push(entry);
  }

  has(name: string) {
    return this.#entries.some((entry) => entry.name === name);
  }

  get holdsNodes() {
    return this.has("alloc") && !this.has("free");
  }

  /** The first of each kind, for a priority may change. */
  events(job: string): JobEvent[] {
    const known = new Set<EventName>();
    return this.#entries.flatMap(({ name, timestamp }) => {
      const event = eventNames[name];
      if (event === undefined || known.has(event)) return [];
      known.add(event);
      return [{ job, event, seconds: timestamp, clock: "scheduler", precisionSeconds }];
    });
  }

  /** How it ended; null while it has not. */
  end(job: string): JobEnd | null {
    if (!this.has("clean")) return null;
    const status = this.#find("finish")?.context?.status;
    const nodes = hostsOf(this.#find("alloc")?.R);
    return { job, outcome: this.#outcome(status), nodes, exitCode: typeof status === "number" ? exitCode(status) : null };
  }

  #outcome(status: unknown): Outcome {
    const fatal = this.#entries.find(({ name, context }) => name === "exception" && context?.severity === 0);
    if (fatal !== undefined) return exceptions[String(fatal.context?.type)] ?? "failed";
    return status === 0 ? "completed" : "failed";
  }

  #find = (name: string) => this.#entries.find((entry) => entry.name === name);
}

/** Names of a resource set's hosts. */
export const hostsOf = (set: ResourceSet | undefined): string[] => (set?.execution.nodelist ?? []).flatMap(hostlist);

/** The shell's exit code in a status of wait(2); null where a signal ended it. */
const exitCode = (status: number) => ((status & 0x7f) === 0 ? (status >> 8) & 0xff : null);
