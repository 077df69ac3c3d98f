import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { plainText, resourceName } from "./event-text.ts";

/** The stages of an update in the order in which they are shown, each with the components of the program that belong to it. */
export const phases = {
  image: ["Image"],
  machines: ["Cluster", "RestoredCluster", "Snapshot"],
  nodes: ["Preparation"],
  scheduler: ["Provisioning"],
  workloads: ["Benchmark"],
  record: ["Record"],
  removal: [],
} as const satisfies Record<string, readonly string[]>;
export type PhaseName = keyof typeof phases;

const order = Object.keys(phases) as PhaseName[];

/** One stage, as far as it is. It may pause: the cluster's key is made long before its machines. `began` and `ended` are seconds since the update began. */
export interface Phase {
  readonly name: PhaseName;
  began: number;
  /** How long its resources took before that, whatever else ran meanwhile. */
  spent: number;
  /** The last resource's end, null while one is under way. */
  ended: number | null;
  /** How many of the resources that are counted have ended, those included that stay as they are. */
  done: number;
  /** How many of the resources that are counted there are; undefined where none are. */
  readonly total: number | undefined;
  /** What it does now: a resource, or a script's last words. */
  step: string;
  failed: boolean;
}

/** Names of resources that are counted, of phases whose length is known beforehand. */
export type Expected = Partial<Record<PhaseName, ReadonlySet<string>>>;

/** Sorts the engine's events into phases; resources that stay as they are open none. */
export class Phases {
  private readonly known = new Map<PhaseName, Phase>();
  private readonly running = new Map<string, Phase>();
  private readonly done = new Set<string>();

  constructor(private readonly expected: Expected = {}) {}

  /** In the order of an update. */
  get list(): readonly Phase[] {
    return order.flatMap((name) => this.known.get(name) ?? []);
  }

  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }: EngineEvent, seconds: number): void {
    if (resourcePreEvent !== undefined) this.begin(resourcePreEvent.metadata, seconds);
    if (resOutputsEvent !== undefined) this.end(resOutputsEvent.metadata.urn, seconds, false);
    if (resOpFailedEvent !== undefined) this.end(resOpFailedEvent.metadata.urn, seconds, true);
    if (diagnosticEvent?.urn !== undefined && diagnosticEvent.severity.startsWith("info"))
      this.note(diagnosticEvent.urn, diagnosticEvent.message);
  }

  private begin({ urn, op }: { readonly urn: string; readonly op: string }, seconds: number): void {
    const name = phaseOf(urn, op);
    if (name === undefined) {
      this.done.add(resourceName(urn));
      return;
    }
    const known = this.known.get(name);
    const total = this.expected[name]?.size;
    const phase = known ?? { name, began: seconds, spent: 0, ended: null, done: this.count(name), total, step: "", failed: false };
    if (phase.ended !== null) {
      phase.spent += phase.ended - phase.began;
      phase.began = seconds;
    }
    this.known.set(name, phase);
    this.running.set(urn, phase);
    phase.ended = null;
    phase.step = resourceName(urn);
  }

  private end(urn: string, seconds: number, failed: boolean): void {
    const phase = this.running.get(urn);
    if (phase === undefined) return;
    this.running.delete(urn);
    if (failed) phase.failed = true;
    else this.done.add(resourceName(urn));
    phase.done = this.count(phase.name);
    if (![...this.running.values()].includes(phase)) phase.ended = seconds;
  }

  private count(name: PhaseName): number {
    return [...(this.expected[name] ?? [])].filter((resource) => this.done.has(resource)).length;
  }

  private note(urn: string, message: string): void {
    const phase = this.running.get(urn);
    const last = plainText(message).split("\n").filter(Boolean).at(-1);
    if (phase !== undefined && last !== undefined) phase.step = last;
  }
}

/** How long its resources have taken. */
export const secondsOf = ({ began, ended, spent }: Phase, now: number): number => spent + (ended ?? now) - began;

/** Components themselves, the stack and providers have no work of their own. */
function phaseOf(urn: string, op: string): PhaseName | undefined {
  if (op === "same" || op === "read" || op === "refresh") return undefined;
  if (op.startsWith("delete") || op.startsWith("discard")) return "removal";
  const [, , types = ""] = urn.split("::");
  const chain = types.split("$");
  if (chain.at(-1)?.startsWith("schedfront:")) return undefined;
  const component = chain
    .findLast((type) => type.startsWith("schedfront:"))
    ?.split(":")
    .at(-1);
  return order.find((name) => (phases[name] as readonly string[]).includes(component ?? ""));
}
