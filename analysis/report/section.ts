import { mean } from "simple-statistics";
import { additiveEpsilon } from "../pareto/additive-epsilon.ts";
import type { Axis } from "../pareto/axis.ts";
import { anchorsOf } from "../pareto/normalisation.ts";
import { points } from "../pareto/points.ts";
import { type Exclusion, standings } from "../pareto/standing.ts";
import { bootstrap } from "../statistics/bootstrap.ts";
import { dominanceProbabilities } from "../statistics/dominance-probability.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { frontMembership } from "../statistics/front-membership.ts";
import { hypervolumeEstimate, normalisedReference } from "../statistics/hypervolume-estimate.ts";
import { kneeFrequency } from "../statistics/knee-frequency.ts";
import { normalisedPoints } from "../statistics/normalised-points.ts";
import { pairedRuns } from "../statistics/paired-runs.ts";
import { parameterEffects } from "../statistics/parameter-effects.ts";
import type { Configuration, FrontSummary, JobRow, ObjectiveAxis, Section, Standing, Trial, TrialRun } from "./analysis.ts";
import { cautionsOf } from "./cautions.ts";
import { detectableDifferences } from "./detectable-differences.ts";
import { distribution, type StreamRun, slowdowns, waits } from "./distribution.ts";
import type { Identity } from "./identity.ts";
import type { TrialRecord } from "./trial-record.ts";
import { scaleInWords, suiteInWords } from "./tuple-in-words.ts";
import { label, letters, telling, varying } from "./varying.ts";

export type Limits = Readonly<Record<string, number>>;

/** A trial whose section is known; without a record where it failed. */
export interface Placed {
  readonly identity: Identity;
  readonly trial: Omit<Trial, "status" | "reason" | "runs">;
  readonly record: TrialRecord | null;
  readonly failure: { readonly kind: string; readonly message: string } | null;
}

export type JobsReader = (run: TrialRun, recordFile: string, digest: string) => readonly JobRow[] | { readonly reason: string };

/** A configuration before it is judged. */
interface Group {
  readonly id: string;
  readonly identity: Identity;
  readonly label: string;
  readonly trials: readonly Trial[];
  readonly streams: readonly StreamRun[];
}

/** Judges everything that was measured under the same fidelity, scale and suite. */
export function section(id: string, placed: readonly Placed[], limits: Limits, readJobs: JobsReader): Section {
  const records = placed.flatMap(({ record }) => record ?? []);
  const objectives = measuredObjectives(placed);
  const groups = grouped(placed, objectives, readJobs);
  const names = varying(groups.map(({ identity }) => identity.parameters));
  const axes = objectives.map(({ key, name }): Axis<Group> => ({ name, better: "lower", value: (group) => estimateOf(group, key)?.value }));
  const places = judged(groups, axes, (group) => exclusion(group, objectives, limits));

  const ranked = groups.filter((_, i) => places[i]?.kind === "ranked");
  const runs = ranked.flatMap((group) => validTrials(group).map((trial) => ({ group, trial })));
  const seedNumbers = numbered(placed.map(({ trial }) => trial.seed));
  type Run = (typeof runs)[number];
  const seed = ({ trial }: Run) => seedNumbers.get(trial.seed) ?? -1;
  const runAxes = objectives.map(({ key, name }): Axis<Run> => ({ name, better: "lower", value: ({ trial }) => trial.objectives[key] }));
  const paired = pairedRuns(runs, { configuration: ({ group }) => group.id, seed, axes: runAxes });
  const isRanked = objectives.length > 0 && ranked.length > 0;

  const members = ranked.filter((group) => rankOf(places[groups.indexOf(group)]) === 0);
  const scaleOf = new Map(objectives.map(({ name, scale }) => [name, scale]));
  const anchors = isRanked ? anchorsOf(members, axes, ({ name }) => scaleOf.get(name ?? "") ?? "linear") : [];
  const anchored = anchors.map((own) => ({ anchors: own, better: "lower" as const }));
  const knees = isRanked ? kneeFrequency(paired, anchored) : null;
  const membership = new Map((isRanked ? frontMembership(paired) : []).map((own) => [own.configuration, own.probability]));
  const epsilons = isRanked ? epsilonsOf(ranked, members, axes, anchored) : new Map<string, number>();
  const front: FrontSummary | null =
    knees === null
      ? null
      : {
          anchors: objectives.map(({ key }, k) => ({ objective: key, ...(anchors[k] as (typeof anchors)[number]) })),
          hypervolume: hypervolumeEstimate(paired, anchored),
          reference: normalisedReference,
          kneeByDistance: knees.distanceToIdeal.knee,
          kneeByHyperplane: knees.hyperplane.knee,
          plane: knees.hyperplane.plane,
        };

  const share = (frequency: Readonly<Record<string, number>> | null | undefined, name: string) =>
    frequency === null || frequency === undefined ? null : (frequency[name] ?? 0);
  const configurations = groups.map((group, i): Configuration => {
    const standing = places[i] as Standing;
    const isIn = standing.kind === "ranked";
    return {
      id: group.id,
      digest: group.identity.digest,
      label: group.label,
      parameters: group.identity.parameters,
      standing,
      estimates: Object.fromEntries(objectives.map(({ key }) => [key, estimateOf(group, key)])),
      frontProbability: isIn ? (membership.get(group.id) ?? null) : null,
      kneeByDistanceShare: isIn ? share(knees?.distanceToIdeal.frequency, group.id) : null,
      kneeByHyperplaneShare: isIn ? share(knees?.hyperplane.frequency, group.id) : null,
      epsilon: epsilons.get(group.id) ?? null,
      waits: distribution(group.streams, "s", waits),
      slowdowns: distribution(group.streams, "1", slowdowns),
      trials: group.trials,
    };
  });
  const first = records[0] as TrialRecord;
  return {
    id,
    fidelity: first.fidelity,
    scale: `${scaleInWords(first.tuple)}, ${placed[0]?.identity.kind.backend} image`,
    suite: suiteInWords(first.tuple),
    digest: [placed[0]?.identity.kind.backend, placed[0]?.identity.kind.topology, placed[0]?.identity.kind.suite]
      .map((digest) => digest?.slice(0, 8))
      .join("-"),
    nodeCount: first.tuple.topology.compute.reduce((sum, { count }) => sum + count, 0),
    groups: first.tuple.topology.compute.map(({ count, cpus, memoryGiB, gpus = 0 }) => ({ count, cpus, memoryGiB, gpus })),
    backend: (placed[0] as Placed).identity.kind.backend,
    suiteDigest: (placed[0] as Placed).identity.kind.suite,
    objectives,
    unmeasured: unmeasuredObjectives(records, objectives),
    configurations,
    varying: names,
    front,
    dominance: isRanked ? dominanceProbabilities(paired).map(({ dominates: _, ...own }) => own) : [],
    effects: parameterEffects(runs, {
      parameters: ({ group }) => Object.fromEntries(names.map((name) => [name, group.identity.parameters[name] ?? "unset"])),
      seed,
      axes: runAxes,
    }),
    detectable: detectableDifferences(groups, objectives),
    cautions: cautionsOf(configurations, paired.seeds.length),
  };
}

const rankOf = (standing: Standing | undefined): number | null => (standing?.kind === "ranked" ? standing.rank : null);

/** Objectives that at least one trial measured: those of valid trials where there are any. */
function measuredObjectives(placed: readonly Placed[]): ObjectiveAxis[] {
  const records = placed.flatMap(({ record }) => record ?? []);
  const found = new Map<string, { symbol: string; name: string; unit: string; values: number[] }>();
  for (const [key, { symbol, name, unit, value }] of records.flatMap(({ objectives }) => Object.entries(objectives))) {
    const known = found.get(key) ?? { symbol, name, unit, values: [] };
    if (value !== null) known.values.push(value);
    found.set(key, known);
  }
  return [...found]
    .filter(([, { values }]) => values.length > 0)
    .map(([key, { values, ...words }]) => ({ key, ...words, scale: scaleFor(words.symbol, values) }))
    .toSorted((a, b) => a.symbol.localeCompare(b.symbol, "el"));
}

/** Responsiveness and control-plane cost spread over decades: their ratios are what matters. */
const scaleFor = (symbol: string, values: readonly number[]): "linear" | "log10" =>
  (symbol === "α" || symbol === "γ") && values.every((value) => value > 0) ? "log10" : "linear";

function unmeasuredObjectives(records: readonly TrialRecord[], objectives: readonly ObjectiveAxis[]): Section["unmeasured"] {
  const measured = new Set(objectives.map(({ key }) => key));
  const lacking = records.flatMap((record) => Object.entries(record.objectives)).filter(([key]) => !measured.has(key));
  return [...new Map(lacking)].map(([, { symbol, name, reason }]) => ({ symbol, name, reason: reason ?? "no reason was given" }));
}

function grouped(placed: readonly Placed[], objectives: readonly ObjectiveAxis[], readJobs: JobsReader): Group[] {
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
    const runs = drawable(own).map(({ run, digest, timeCompression }): TrialRun => {
      const jobs = readJobs(run, own.trial.file, digest);
      if ("reason" in jobs) return { ...run, problem: jobs.reason };
      if (run.purpose === "stream" && status.status !== "invalid") streams.push({ jobs, timeCompression });
      return run;
    });
    return { ...own.trial, ...status, runs };
  });
  const bySeed = trials.toSorted((a, b) => a.seed.localeCompare(b.seed, "en", { numeric: true }));
  return { id, identity: (placed[0] as Placed).identity, label, trials: bySeed, streams };
}

function statusOf({ record, failure }: Placed, objectives: readonly ObjectiveAxis[]): Pick<Trial, "status" | "reason"> {
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
        timeCompression: workload?.timeCompression ?? 1,
      },
    ];
  });
}

const validTrials = ({ trials }: Group): readonly Trial[] => trials.filter(({ status }) => status === "valid");

/** Mean over seeds of the best trials that there are: valid ones, else incomplete ones, else invalid ones. */
function estimateOf({ trials }: Group, key: string): Estimate | null {
  const kind = (["valid", "missing", "invalid"] as const).find((wanted) =>
    trials.some(({ status, objectives }) => status === wanted && (objectives[key] ?? null) !== null),
  );
  const bySeed = new Map<string, number[]>();
  for (const { seed, status, objectives } of trials) {
    const value = objectives[key] ?? null;
    if (status === kind && value !== null) bySeed.set(seed, [...(bySeed.get(seed) ?? []), value]);
  }
  const means = [...bySeed.values()].map((values) => mean(values));
  return means.length === 0 ? null : bootstrap(means, (sample) => mean([...sample]));
}

function exclusion(group: Group, objectives: readonly ObjectiveAxis[], limits: Limits): Exclusion | null {
  const over = objectives.filter(({ key }) => (estimateOf(group, key)?.value ?? 0) > (limits[key] ?? Number.POSITIVE_INFINITY));
  if (over.length > 0) {
    const words = over.map(
      ({ key, symbol }) => `${symbol} is ${estimateOf(group, key)?.value.toPrecision(4)}, the limit is ${limits[key]}`,
    );
    return { kind: "infeasible", reason: words.join("; ") };
  }
  if (validTrials(group).length > 0) return null;
  const with_ = (wanted: Trial["status"]) => group.trials.find(({ status }) => status === wanted);
  const refused = with_("infeasible");
  if (refused !== undefined && group.trials.every(({ status }) => status === "infeasible"))
    return { kind: "infeasible", reason: refused.reason ?? "" };
  const invalid = with_("invalid");
  return invalid === undefined || with_("missing") !== undefined ? null : { kind: "invalid", reason: invalid.reason ?? "" };
}

/** A configuration without one complete, valid trial is not ranked, even if different trials measured each objective. */
function judged(groups: readonly Group[], axes: readonly Axis<Group>[], excluded: (group: Group) => Exclusion | null): Standing[] {
  if (axes.length === 0) return groups.map((group) => excluded(group) ?? { kind: "missing", reason: reasonOf(group) });
  const complete = axes.map(
    (axis): Axis<Group> => ({ ...axis, value: (group) => (validTrials(group).length > 0 ? axis.value(group) : null) }),
  );
  return standings(groups, complete, excluded).map((standing, i) =>
    standing.kind === "missing" ? { kind: "missing", reason: reasonOf(groups[i] as Group) } : standing,
  );
}

const reasonOf = ({ trials }: Group): string => [...new Set(trials.flatMap(({ reason }) => reason ?? []))].join("; ");

function epsilonsOf(
  ranked: readonly Group[],
  members: readonly Group[],
  axes: readonly Axis<Group>[],
  anchored: Parameters<typeof normalisedPoints>[1],
): Map<string, number> {
  const normal = (groups: readonly Group[]) =>
    normalisedPoints(points(groups.map((own) => axes.map(({ value }) => value(own) as number))), anchored);
  const front = normal(members);
  return new Map(ranked.map((own) => [own.id, additiveEpsilon(normal([own]), front)]));
}

function numbered(seeds: readonly string[]): Map<string, number> {
  const sorted = [...new Set(seeds)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return new Map(sorted.map((seed, i) => [seed, i]));
}
