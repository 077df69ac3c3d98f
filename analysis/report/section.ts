import { mean } from "simple-statistics";
import { grouped } from "../../model/grouped.ts";
import { digestOf } from "../../model/identity.ts";
import type { Objective } from "../../model/objectives.ts";
import type { RecordedTuple, TrialRecord } from "../../model/record.ts";
import type { OwnFile } from "../../model/scheduler.ts";
import { spoiltBy } from "../../model/usability.ts";
import { scaleOf } from "../objective-scale.ts";
import type { Exclusion } from "../pareto/standing.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { scaledEstimate } from "../statistics/mean-estimate.ts";
import { type ConfigurationRuns, pairedRuns, type RunAxis } from "../statistics/paired-runs.ts";
import { parameterEffects } from "../statistics/parameter-effects.ts";
import { toScale, usableScale } from "../statistics/scale.ts";
import type { Configuration, JobRow, ObjectiveAxis, Section, Standing, Trial, TrialRun } from "./analysis.ts";
import { ownFilesOf } from "./answer/own-files.ts";
import { streamFigures } from "./answer/stream-figures.ts";
import { besideIn } from "./beside.ts";
import { cautionsOf } from "./cautions.ts";
import { detectableDifferences } from "./detectable-differences.ts";
import { distribution, type StreamRun, slowdowns, waits } from "./distribution.ts";
import type { Identity } from "./identity.ts";
import { planningOf } from "./planning.ts";
import { type GivenAnchors, ranking } from "./ranking.ts";
import { disturbed, isUnusable, usability } from "./reservations.ts";
import { scaleInWords, suiteInWords } from "./tuple-in-words.ts";
import { label, letters, telling, varying } from "./varying.ts";

export type Limits = Readonly<Record<string, number>>;

/** A trial whose section is known; without a record where it failed. */
export interface Placed {
  readonly identity: Identity;
  readonly trial: Omit<Trial, "status" | "reason" | "runs" | "stream">;
  readonly record: TrialRecord | null;
  readonly failure: { readonly kind: string; readonly message: string } | null;
}

/** Where a run's table of jobs is named, its sha256, and how many nodes it may name. */
export interface TableSource {
  readonly file: string;
  readonly digest: string;
  readonly nodeCount: number;
}

export type JobsReader = (run: TrialRun, source: TableSource) => readonly JobRow[] | { readonly reason: string };

/** A configuration before it is judged. */
interface Group {
  readonly id: string;
  readonly identity: Identity;
  readonly label: string;
  readonly trials: readonly Trial[];
  readonly streams: readonly StreamRun[];
  readonly files: readonly OwnFile[];
}

/** What the person who asks for a report says of it. */
export interface Judging {
  /** By the objective's key: a configuration whose mean is worse is infeasible. */
  readonly limits: Limits;
  /** Null: those of each section's own front. */
  readonly anchors: GivenAnchors | null;
}

/** Judges everything that was measured under the same fidelity, scale and suite. */
export function section(
  id: string,
  placed: readonly Placed[],
  { limits, anchors }: Judging,
  readJobs: JobsReader,
): Omit<Section, "answer"> {
  const records = placed.flatMap(({ record }) => record ?? []);
  const objectives = measuredObjectives(placed);
  const named = namedObjectives(placed);
  const groups = configured(placed, objectives, readJobs);
  const names = varying(groups.map(({ identity }) => identity.parameters));

  const exclusions = new Map(groups.map((group) => [group.id, exclusion(group, objectives, limits)]));
  const competing = groups.filter(({ id, trials }) => exclusions.get(id) === null && trials.some(isValid));
  const runs = competing.flatMap((group) => group.trials.filter(isValid).map((trial) => ({ group, trial })));
  const seedNumbers = numberedSeeds(placed.map(({ trial }) => trial.seed));
  type Run = (typeof runs)[number];
  const seed = ({ trial }: Run) => seedNumbers.get(trial.seed) ?? -1;
  const runAxes = objectives.map(
    (objective): RunAxis<Run> => ({
      name: objective.name,
      better: objective.better,
      scale: objective.scale,
      value: ({ trial }) => trial.objectives[objective.key],
      // Where higher is better, a lower bound is the worst that the value can be.
      isBound: ({ trial }) =>
        isUnusable(trial, objective.key) || (objective.better === "lower" && trial.lowerBounds.includes(objective.key)),
    }),
  );
  const paired = pairedRuns(runs, { configuration: ({ group }) => group.id, seed, axes: runAxes });
  const ranked = ranking(paired, objectives, anchors);
  const leftOut = new Map(paired.leftOut.map(({ name, reason }) => [name, reason]));
  const runsOf = new Map(paired.configurations.map((own) => [own.name, own]));

  const share = (frequency: Readonly<Record<string, number>> | null | undefined, name: string) =>
    frequency === null || frequency === undefined ? null : (frequency[name] ?? 0);
  const standingOf = (group: Group): Standing => {
    const rank = ranked?.rankOf.get(group.id);
    if (rank !== undefined) return { kind: "ranked", rank };
    return exclusions.get(group.id) ?? { kind: "missing", reason: leftOut.get(group.id) ?? reasonOf(group) };
  };
  const ownLines = new Map<string, number>();
  const numbered = (lines: readonly string[]) =>
    lines.map((line) => {
      if (!ownLines.has(line)) ownLines.set(line, ownLines.size);
      return ownLines.get(line) as number;
    });
  const configurations = groups.map((group): Configuration => {
    const standing = standingOf(group);
    const isIn = standing.kind === "ranked";
    const own = runsOf.get(group.id);
    const usable = usability(group.trials, named);
    return {
      id: group.id,
      digest: group.identity.digest,
      comparedDigest: group.identity.comparedDigest,
      label: group.label,
      parameters: group.identity.parameters,
      standing,
      usability: usable,
      estimates: Object.fromEntries(
        objectives.map((axis, k) => {
          if (Object.values(usable.unusableFor).some((symbols) => symbols.includes(axis.symbol))) return [axis.key, null];
          return [axis.key, isIn && own !== undefined ? commonEstimate(own, k, axis, group) : ownEstimate(group, axis)];
        }),
      ),
      frontProbability: ranked?.membershipOf.get(group.id)?.probability ?? null,
      kneeByDistanceShare: isIn ? share(ranked?.knees.distanceToIdeal.frequency, group.id) : null,
      kneeByHyperplaneShare: isIn ? share(ranked?.knees.hyperplane.frequency, group.id) : null,
      epsilon: ranked?.distanceOf.get(group.id) ?? null,
      beside: besideIn(group.trials),
      waits: distribution(group.streams, "s", waits),
      slowdowns: distribution(group.streams, "1", slowdowns),
      files: group.files.map(({ lines, ...file }) => ({ ...file, lines: numbered(lines) })),
      trials: group.trials,
    };
  });
  const first = records[0] as TrialRecord;
  const { kind } = (placed[0] as Placed).identity;
  return {
    id,
    fidelity: first.fidelity,
    scale: [scaleInWords(first.tuple), `${kind.backend} image`, ...(kind.start === "booted" ? [] : [`machines ${kind.start}`])].join(", "),
    suite: suiteInWords(first.tuple),
    digest: [kind.backend, kind.topology, kind.suite].map((digest) => digest.slice(0, 8)).join("-"),
    nodeCount: nodesOf(first.tuple),
    groups: first.tuple.topology.compute.map(({ count, cpus, memoryGiB, gpus = 0 }) => ({ count, cpus, memoryGiB, gpus })),
    backend: kind.backend,
    load: loadOf(first.tuple),
    loadlessDigest: digestOf([{ ...kind, suite: "" }, first.tuple.workloads.map(({ seed: _, load: __, ...rest }) => rest)]),
    suiteDigest: kind.suite,
    objectives,
    unmeasured: [...unmeasuredObjectives(records), ...incomparableObjectives(placed)],
    configurations,
    varying: names,
    front: ranked?.front ?? null,
    seeds: paired.seeds.length,
    dominance: ranked?.dominance ?? [],
    effects: parameterEffects(runs, {
      parameters: ({ group }) => Object.fromEntries(names.map((name) => [name, group.identity.parameters[name] ?? "unset"])),
      seed,
      axes: runAxes,
    }),
    detectable: detectableDifferences(groups, objectives),
    planning: planningOf(configurations, objectives),
    cautions: cautionsOf(configurations, paired.seeds.length),
    ownLines: [...ownLines.keys()],
  };
}

/** Of the suite's only load. */
function loadOf({ workloads }: RecordedTuple): number | null {
  const loads = new Set(workloads.flatMap(({ load }) => (typeof load === "number" ? [load] : [])));
  const [load = null] = loads;
  return loads.size === 1 ? load : null;
}

/** Objectives of which some trial has a value, in the order of the records. */
function namedObjectives(placed: readonly Placed[]): { readonly key: string; readonly symbol: string }[] {
  const all = placed.flatMap(({ record }) => Object.entries(record?.objectives ?? {}));
  const found = new Map(all.filter(([, { value }]) => value !== null).map(([key, { symbol }]) => [key, symbol]));
  return [...found].map(([key, symbol]) => ({ key, symbol }));
}

/** Valid trials that measured an objective, and those of them whose value is no result. */
function usableTrials(placed: readonly Placed[], key: string) {
  const measured = placed.filter(({ record, trial }) => record?.validity.valid === true && (trial.objectives[key] ?? null) !== null);
  return { measured, unusable: measured.filter(({ trial }) => isUnusable(trial, key)) };
}

/** Whether no valid trial's value is a result. */
function isSpoilt(placed: readonly Placed[], key: string): boolean {
  const { measured, unusable } = usableTrials(placed, key);
  return measured.length > 0 && unusable.length === measured.length;
}

/** Objectives that at least one trial measured so that it can be used, and that rest on the same in all, in the order of the records. */
function measuredObjectives(placed: readonly Placed[]): ObjectiveAxis[] {
  const records = placed.flatMap(({ record }) => record ?? []);
  const found = grouped(
    records.flatMap(({ objectives }) => Object.entries(objectives)),
    ([key]) => key,
  );
  return [...found].flatMap(([key, own]) => {
    const values = own.flatMap(([, { value }]) => value ?? []);
    const [[, objective]] = own as [[string, Objective]];
    const { symbol, name, unit, better } = objective;
    if (values.length === 0 || basesIn(placed, key).size > 1 || isSpoilt(placed, key)) return [];
    return [{ key, symbol, name, unit, better, scale: usableScale(scaleOf(objective), values) }];
  });
}

/** Which configurations' values of an objective rest on what. */
function basesIn(placed: readonly Placed[], key: string): Map<string, Placed[]> {
  const measured = placed.filter(({ trial }) => (trial.objectives[key] ?? null) !== null && trial.bases[key] !== undefined);
  return grouped(measured, ({ trial }) => trial.bases[key] as string);
}

/** The rows as one section, or as one for each set of bases where otherwise no objective would be left to compare. */
export function comparable(rows: readonly Placed[]): (readonly Placed[])[] {
  const isMeasured = rows.some(({ trial }) => Object.values(trial.objectives).some((value) => value !== null));
  if (!isMeasured || measuredObjectives(rows).length > 0) return [rows];
  const signature = ({ trial }: Placed) => JSON.stringify(Object.entries(trial.bases).sort());
  const [failed, recorded] = [rows.filter(({ record }) => record === null), rows.filter(({ record }) => record !== null)];
  const parts = [...grouped(recorded, signature).values()];
  const partOf = (own: Placed) => parts.findIndex((part) => part.some(({ identity }) => identity.digest === own.identity.digest));
  return parts.map((part, i) => [...part, ...failed.filter((own) => Math.max(0, partOf(own)) === i)]);
}

/** `not usable: saturated in all 6 trials`, where that is so. */
function spoilt(placed: readonly Placed[], key: string): string[] {
  if (!isSpoilt(placed, key)) return [];
  const { unusable } = usableTrials(placed, key);
  const codes = new Set(
    unusable.flatMap(({ trial }) => trial.doubts.filter((doubt) => spoiltBy(doubt, [key]).length > 0).map(({ code }) => code)),
  );
  return [`not usable: ${[...codes].join(", ")} in ${unusable.length === 1 ? "the only trial" : `all ${unusable.length} trials`}`];
}

/** Dropped from the section, for what they rest on differs, or no value is a result. */
function incomparableObjectives(placed: readonly Placed[]): Section["unmeasured"] {
  const records = placed.flatMap(({ record }) => record ?? []);
  const named = new Map(records.flatMap(({ objectives }) => Object.entries(objectives)));
  return [...named].flatMap(([key, { symbol, name }]) => {
    const bases = basesIn(placed, key);
    if (bases.size < 2) return spoilt(placed, key).map((reason) => ({ symbol, name, reason }));
    const reason = [...bases].map(([basis, own]) => `${basis} in ${own.length} ${own.length === 1 ? "trial" : "trials"}`).join(", ");
    return [{ symbol, name, reason: `not comparable: ${reason}` }];
  });
}

function unmeasuredObjectives(records: readonly TrialRecord[]): Section["unmeasured"] {
  const all = records.flatMap(({ objectives }) => Object.entries(objectives));
  const measured = new Set(all.filter(([, { value }]) => value !== null).map(([key]) => key));
  const lacking = new Map(all.filter(([key]) => !measured.has(key)));
  return [...lacking].map(([, { symbol, name, reason }]) => ({
    symbol,
    name,
    reason: `missing everywhere: ${reason ?? "no reason was given"}`,
  }));
}

function configured(placed: readonly Placed[], objectives: readonly ObjectiveAxis[], readJobs: JobsReader): Group[] {
  const byDigest = new Map<string, Placed[]>();
  for (const own of placed) byDigest.set(own.identity.digest, [...(byDigest.get(own.identity.digest) ?? []), own]);
  const all = [...byDigest.values()];
  const parametersOf = (own: readonly Placed[]) => own[0]?.identity.parameters ?? {};
  const names = telling(all.map(parametersOf));
  return all
    .map((own) => ({ own, label: label(parametersOf(own), names) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }))
    .map(({ own, label }, i) => group(letters(i), label, own, objectives, readJobs));
}

function group(id: string, label: string, placed: readonly Placed[], objectives: readonly ObjectiveAxis[], readJobs: JobsReader): Group {
  const streams: StreamRun[] = [];
  const trials = placed.map((own): Trial => {
    const status = statusOf(own, objectives);
    const trialStreams: StreamRun[] = [];
    const runs = drawable(own).map(({ run, digest, nodeCount, timeCompression }): TrialRun => {
      const jobs = readJobs(run, { file: own.trial.file, digest, nodeCount });
      if ("reason" in jobs) return { ...run, problem: jobs.reason };
      if (run.purpose === "stream") trialStreams.push({ jobs, timeCompression });
      return run;
    });
    if (status.status !== "invalid") streams.push(...trialStreams);
    return { ...own.trial, ...status, runs, stream: streamFigures(trialStreams) };
  });
  const bySeed = trials.toSorted((a, b) => a.seed.localeCompare(b.seed, "en", { numeric: true }));
  const tuple = placed.find(({ record }) => record !== null)?.record?.tuple;
  const files = tuple === undefined ? [] : ownFilesOf(tuple);
  return { id, identity: (placed[0] as Placed).identity, label, trials: bySeed, streams, files };
}

function statusOf({ record, failure, trial }: Placed, objectives: readonly ObjectiveAxis[]): Pick<Trial, "status" | "reason"> {
  if (failure !== null) {
    const reason = `${failure.kind}: ${failure.message}`;
    if (failure.kind === "refused") return { status: "infeasible", reason };
    return { status: failure.kind === "configuration differs" ? "invalid" : "missing", reason };
  }
  if (record === null) return { status: "missing", reason: "no record" };
  if (!record.validity.valid) {
    const grave = record.validity.doubts.filter(({ severity }) => severity === "invalid");
    return { status: "invalid", reason: grave.map(({ code, message }) => `${code}: ${message}`).join("; ") || "the record says so" };
  }
  const lost = disturbed(trial, objectives);
  if (lost.length > 0) return { status: "invalid", reason: `host loaded: ${lost.map(({ symbol }) => symbol).join(", ")} not usable` };
  const lacking = objectives.filter(({ key }) => (record.objectives[key]?.value ?? null) === null);
  if (lacking.length === 0) return { status: "valid", reason: null };
  const why = lacking.map(({ key, symbol }) => `${symbol}: ${record.objectives[key]?.reason ?? "not in the record"}`);
  return { status: "missing", reason: why.join("; ") };
}

/** Runs through the scheduler that left a table of jobs. */
function drawable({ record, trial }: Placed) {
  return (record?.runs ?? []).flatMap(({ purpose, run }, i) => {
    const table = run.tables.find(({ name }) => name === "jobs.csv");
    if (table === undefined || run.mode !== "scheduler") return [];
    const workload = record?.tuple.workloads.find(({ kind }) => kind === run.workload);
    return [
      {
        run: { id: `${trial.id}-r${i}`, name: `${run.workload} seed ${run.seed}`, purpose, table: table.path, problem: null },
        digest: table.sha256,
        nodeCount: nodesOf(record?.tuple),
        timeCompression: workload?.timeCompression ?? 1,
      },
    ];
  });
}

const isValid = ({ status }: Trial): boolean => status === "valid";

const nodesOf = (tuple: RecordedTuple | undefined) => tuple?.topology.compute.reduce((sum, { count }) => sum + count, 0) ?? 0;

/** Mean over the seeds on which configurations are compared. */
function commonEstimate({ bySeed, isBound }: ConfigurationRuns, k: number, axis: ObjectiveAxis, { trials }: Group): Estimate {
  const { key, better, scale } = axis;
  const sign = better === "lower" ? 1 : -1;
  return bounded(
    scaledEstimate(
      bySeed.map((vector) => sign * (vector[k] as number)),
      scale,
    ),
    isBound[k] === true || (better === "higher" && trials.some((trial) => isValid(trial) && trial.lowerBounds.includes(key))),
  );
}

/** Mean over its own seeds, of the best trials that there are: valid ones, else incomplete ones, else invalid ones. */
function ownEstimate({ trials }: Group, { key, scale }: ObjectiveAxis): Estimate | null {
  const of = (wanted: Trial["status"]) =>
    trials.filter(({ status, objectives }) => status === wanted && (objectives[key] ?? null) !== null);
  const used = (["valid", "missing", "invalid"] as const).map(of).find(({ length }) => length > 0);
  if (used === undefined) return null;
  const bySeed = new Map<string, number[]>();
  for (const { seed, objectives } of used) bySeed.set(seed, [...(bySeed.get(seed) ?? []), toScale(objectives[key] as number, scale)]);
  return bounded(
    scaledEstimate(
      [...bySeed.values()].map((values) => mean(values)),
      scale,
    ),
    used.some((trial) => trial.lowerBounds.includes(key) || isUnusable(trial, key)),
  );
}

/** The spread of bounds says nothing of how far the true value is above them. */
const bounded = (estimate: Estimate, isBound: boolean): Estimate =>
  isBound ? { value: estimate.value, interval: null, reason: "a lower bound", lowerBound: true } : estimate;

function exclusion(group: Group, objectives: readonly ObjectiveAxis[], limits: Limits): Exclusion | null {
  const over = objectives.flatMap((axis) => {
    const value = ownEstimate(group, axis)?.value;
    const limit = limits[axis.key];
    if (value === undefined || limit === undefined) return [];
    return (axis.better === "lower" ? value > limit : value < limit) ? [{ ...axis, value }] : [];
  });
  if (over.length > 0) {
    const words = over.map(({ key, symbol, value }) => `${symbol} is ${value.toPrecision(4)}, the limit is ${limits[key]}`);
    return { kind: "infeasible", reason: words.join("; ") };
  }
  if (group.trials.some(isValid)) return null;
  const with_ = (wanted: Trial["status"]) => group.trials.find(({ status }) => status === wanted);
  const refused = with_("infeasible");
  if (refused !== undefined && group.trials.every(({ status }) => status === "infeasible"))
    return { kind: "infeasible", reason: refused.reason ?? "" };
  const invalid = with_("invalid");
  return invalid === undefined || with_("missing") !== undefined ? null : { kind: "invalid", reason: invalid.reason ?? "" };
}

const reasonOf = ({ trials }: Group): string =>
  [...new Set(trials.flatMap(({ reason }) => reason ?? []))].join("; ") || "no objective of this section can be compared";

function numberedSeeds(seeds: readonly string[]): Map<string, number> {
  const sorted = [...new Set(seeds)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return new Map(sorted.map((seed, i) => [seed, i]));
}
