import { mean } from "simple-statistics";
import * as z from "zod";
import { type Delivered, deliveredPerformanceLoss } from "./metrics/delivered-performance.ts";
import { isValid, message, quantity, type Run } from "./run.ts";
import type { Purpose } from "./workload.ts";

/** A value, one that is a lower bound, or why there is none. */
export type Found = number | { readonly value: number; readonly lowerBound: true } | string;

/** A run with what its workload measures. */
export interface PurposedRun {
  readonly purpose: Purpose;
  /** Tells one kernel from another: runs with the same are compared with each other. Where it is not given, the workload's kind does. */
  readonly kernel?: string | undefined;
  readonly run: Run;
}

/** What an objective is computed from. */
export interface Suite {
  readonly runs: readonly PurposedRun[];
  /** Why the nodes cannot deliver any performance, where they cannot. */
  readonly undelivered: string | null;
}

/** One axis of the Pareto front: its name and how it is computed. Nothing outside this file names one. */
export interface DeclaredObjective<Key extends string = string> {
  readonly key: Key;
  readonly symbol: string;
  readonly name: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** log: values spread over decades, and their ratios matter. linear: fractions. */
  readonly scale: "linear" | "log";
  /** Caption of its figure against the number of nodes; without one there is no such figure. */
  readonly againstNodes?: string;
  /** The metric that it rests on, and the runs that have it: two values are comparable where these metrics have the same basis. */
  readonly restsOn?: { readonly metric: string; readonly purposes: readonly Purpose[] };
  /** Whether it grows with the load of a stream, and is drawn against that. */
  readonly againstLoad?: true;
  /** For docs/metrics.md: the formula, and the workloads that measure it. */
  readonly formula: string;
  readonly measuredBy: string;
  from(suite: Suite): Found;
}

/** Every objective, in the order in which tables, figures and fronts show them. A further one is one more entry. */
export const objectiveList = [
  {
    key: "responsiveness",
    symbol: "α",
    name: "mean bounded slowdown",
    unit: "1",
    better: "lower",
    scale: "log",
    formula: "mean over jobs of max(1, (w + p) ÷ max(p, τ))",
    restsOn: { metric: "meanBoundedSlowdown", purposes: ["stream"] },
    againstLoad: true,
    measuredBy: "a job stream: `jobstream`, `lublin`, `swf`",
    from: ({ runs }) => meanOf(of(runs, "stream"), "meanBoundedSlowdown", "job stream"),
  },
  {
    key: "lossOfCapacity",
    symbol: "β",
    name: "loss of capacity",
    unit: "fraction",
    better: "lower",
    scale: "linear",
    formula: "Σ Δt · f · [some queued job fits in f] ÷ (N · T)",
    restsOn: { metric: "lossOfCapacity", purposes: ["stream", "fill"] },
    measuredBy: "a job stream; a backlog (`fill`) where there is none",
    from: ({ runs }) => lossOfCapacity(of(runs, "stream"), of(runs, "fill")),
  },
  {
    key: "controlPlaneCost",
    symbol: "γ",
    name: "control-plane cost",
    unit: "ms per job",
    better: "lower",
    scale: "log",
    againstNodes:
      "Mean cost of a job at each number of nodes; its interval is in the data. A level line costs the same at every size; where it bends upwards, the scheduler has begun to pay for nodes. With fewer slots than jobs the cost holds jobs' wait for each other, so the left of the figure says little.",
    formula: "1000 · Δ(last clean − first submit) ÷ Δ jobs, between two bursts",
    restsOn: { metric: "controlPlaneCost", purposes: ["burst"] },
    measuredBy: "`burst`",
    from: ({ runs }) => meanOf(of(runs, "burst"), "controlPlaneCost", "burst"),
  },
  {
    key: "deliveredPerformanceLoss",
    symbol: "δ",
    name: "delivered-performance loss",
    unit: "fraction",
    better: "lower",
    scale: "linear",
    formula: "1 − geometric mean of (figure under the scheduler ÷ figure by plain mpirun)",
    measuredBy: "[kernels](kernels.md)",
    from: ({ runs, undelivered }) => undelivered ?? delivered(runs.filter(({ purpose }) => purpose === "kernel")),
  },
] as const satisfies readonly DeclaredObjective[];

export type ObjectiveKey = (typeof objectiveList)[number]["key"];

/** An objective as a record has it. What it is called is this program's word, whatever the record's was. */
const measured = ({ symbol, name, unit, better, scale }: DeclaredObjective) =>
  z
    .strictObject({
      symbol: z.string().max(20),
      name: z.string().max(200),
      unit: z.literal(unit),
      better: z.literal(better),
      scale: z.enum(["linear", "log"]),
      /** Null where the suite does not measure it, or no valid run did; `reason` says which. */
      value: quantity.nullable(),
      reason: message.optional(),
      /** The value is no less than this, and may be more: jobs were cut off before it was known. */
      lowerBound: z.literal(true).optional(),
    })
    .transform((given) => ({ ...given, symbol, name, scale }))
    .prefault({ symbol, name, unit, better, scale, value: null, reason: "the program that measured did not know this objective" });
export type Objective = z.output<ReturnType<typeof measured>>;

/** By key. */
export type Objectives<Key extends string = string> = Readonly<Record<Key, Objective>>;

/** The objectives of a record: those declared and no others, in their order. One that an older program did not know is missing. */
export const objectivesSchema = (declared: readonly DeclaredObjective[] = objectiveList) =>
  z.strictObject(Object.fromEntries(declared.map((own) => [own.key, measured(own)])));

/**
 * The objectives of one trial: means over its runs that are valid.
 * @param undelivered why the nodes cannot deliver any performance, where they cannot
 */
export function objectives<const Key extends string = ObjectiveKey>(
  runs: readonly PurposedRun[],
  undelivered: string | null = null,
  declared: readonly DeclaredObjective<Key>[] = objectiveList as readonly DeclaredObjective[] as readonly DeclaredObjective<Key>[],
): Objectives<Key> {
  const found = declared.map((own) => [own.key, { ...wordsOf(own), ...foundAs(own.from({ runs, undelivered })) }] as const);
  return Object.fromEntries(found) as Record<Key, Objective>;
}

const wordsOf = ({ symbol, name, unit, better, scale }: DeclaredObjective) => ({ symbol, name, unit, better, scale });

const foundAs = (found: Found): Pick<Objective, "value" | "reason" | "lowerBound"> => {
  if (typeof found === "object") return found;
  return typeof found === "number" ? { value: found } : { value: null, reason: found };
};

const of = (runs: readonly PurposedRun[], wanted: Purpose) => runs.filter(({ purpose }) => purpose === wanted).map(({ run }) => run);

function meanOf(runs: readonly Run[], metric: string, what: string): Found {
  if (runs.length === 0) return `the suite has no ${what}`;
  const valid = runs.filter(({ doubts }) => isValid(doubts));
  const found = valid.flatMap(({ metrics }) => metrics.find(({ name, value }) => name === metric && value !== null) ?? []);
  if (found.length === 0) return `no run of the ${what} is valid`;
  const value = mean(found.flatMap((metric) => metric.value ?? []));
  return found.some(({ lowerBound }) => lowerBound) ? { value, lowerBound: true } : value;
}

/** A backlog is another experiment than a stream, so that the two are never averaged: it counts where there is no stream. */
function lossOfCapacity(streams: readonly Run[], fills: readonly Run[]): Found {
  return streams.length === 0 && fills.length > 0
    ? meanOf(fills, "lossOfCapacity", "backlog")
    : meanOf(streams, "lossOfCapacity", "job stream");
}

/** δ only of all kernels together: one that has no figure on either side would make another δ than that of other trials. */
function delivered(given: readonly PurposedRun[]): number | string {
  if (given.length === 0) return "the suite has no kernel";
  const figures: Delivered[] = [];
  for (const [kernel, runs] of kernelsOf(given)) {
    const valid = runs.filter(({ doubts }) => isValid(doubts));
    const of = (wanted: Run["mode"]) => valid.filter(({ mode }) => mode === wanted).flatMap((run) => run.figures);
    const [scheduled, bare] = [of("scheduler"), of("bare")];
    const label = runs[0]?.workload ?? kernel;
    if (scheduled.length === 0) return `${label} has no valid run with the scheduler`;
    if (bare.length === 0) return `${label} has no valid run without the scheduler`;
    for (const figure of new Set([...scheduled, ...bare].map(({ name }) => name))) {
      const [mine, theirs] = [scheduled, bare].map((all) => all.filter(({ name }) => name === figure));
      if (mine === undefined || theirs === undefined || mine.length === 0 || theirs.length === 0)
        return `${label} has ${figure} only ${mine?.length === 0 ? "without" : "with"} the scheduler`;
      const meanOfAll = (all: typeof mine) => mean(all.map(({ value }) => value));
      figures.push({ kernel, figure, scheduled: meanOfAll(mine), bare: meanOfAll(theirs), better: mine[0]?.better ?? "higher" });
    }
  }
  return deliveredPerformanceLoss(figures) ?? "the suite has no kernel";
}

/** Runs of one kernel, its repetitions and its baseline, in order of their first. */
function kernelsOf(given: readonly PurposedRun[]): Map<string, Run[]> {
  const kernels = new Map<string, Run[]>();
  for (const { kernel, run } of given) kernels.set(kernel ?? run.workload, [...(kernels.get(kernel ?? run.workload) ?? []), run]);
  return kernels;
}
