import { median } from "simple-statistics";
import type { SweepSummary } from "../../../model/sweep-summary.ts";
import { usabilityInWords } from "../../../model/usability.ts";
import type { Configuration, Section } from "../analysis.ts";
import { standingInWords } from "../figures/words.ts";
import { baselineOf } from "./baseline.ts";
import { comparison } from "./comparison.ts";
import { diffsOf, type FileDiff } from "./file-diff.ts";
import { preferencesOf, recommended, stability } from "./recommendation.ts";
import type { Answer, Comparison } from "./schema.ts";
import { changeSentence, durationInWords, named, parametersInWords, preferencesInWords, stabilityInWords } from "./words.ts";

/** What the person who asks for a report prefers. */
export interface Asked {
  /** Which configuration others are compared with: a stack's name, the start of its digest, or `parameter=value,…`. */
  readonly baseline?: string | undefined;
  /** Weights by the objective's key. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** A section that has no answer yet. */
export type Judged = Omit<Section, "answer">;

export interface Circumstances {
  readonly asked: Asked;
  readonly limits: Readonly<Record<string, number>>;
  readonly sweeps: readonly SweepSummary[];
  /** Every section of the report. */
  readonly judged: readonly Judged[];
}

/** What a section answers: which configuration, what it gains over the baseline, and what could change that. From data only. */
export function answerOf(section: Judged, { asked, limits, sweeps, judged }: Circumstances): Answer {
  const { configurations, objectives } = section;
  const preferences = preferencesOf(section, asked.weights ?? {}, limits);
  const ran = new Set(configurations.flatMap(({ trials }) => trials.flatMap((own) => own.sweep?.name ?? [])));
  const own = sweeps.filter(({ sweep }) => ran.has(sweep));
  const { configuration: baseline, source } = baselineOf(configurations, asked.baseline ?? null, own);
  const chosen = recommended(section, preferences);
  const compare = (own: Configuration) => (baseline === null || own === baseline ? null : comparison(section, baseline, own));
  const found = chosen === null ? null : compare(chosen);
  const bestFor = objectives.flatMap((axis) => {
    const best = recommended(section, { ...preferences, weights: { [axis.key]: 1 } });
    if (best === null) return [];
    const change = compare(best)?.changes.find(({ key }) => key === axis.key) ?? null;
    return [{ objective: axis.key, configuration: best.id, label: best.label, change }];
  });
  const answer: Omit<Answer, "words"> = {
    compared: comparedOf(section),
    baseline: { configuration: baseline?.id ?? null, label: baseline?.label ?? "", source },
    preferences,
    recommendation:
      chosen === null
        ? null
        : { configuration: chosen.id, label: chosen.label, comparison: found, stability: stability(section, preferences) },
    bestFor,
    lines: baseline === null || chosen === null ? [] : linesOf(diffsOf(section, baseline, chosen)),
    notCompared: notCompared(section, judged),
    warnings: warnings(section, baseline, chosen),
  };
  return { ...answer, words: words(section, answer) };
}

const linesOf = (diffs: readonly FileDiff[]): Answer["lines"] =>
  diffs.map(({ name, lines }) => {
    const of = (wanted: string) => lines.flatMap(({ kind, text }) => (kind === wanted ? [text] : []));
    return { file: name, removed: of("removed"), added: of("added") };
  });

function comparedOf({ scale, suite, seeds, configurations }: Judged): Answer["compared"] {
  const trials = configurations.flatMap((own) => own.trials);
  const streams = trials.flatMap(({ status, stream }) => (status === "valid" && stream !== null ? [stream] : []));
  const typical = (of: (stream: (typeof streams)[number]) => number) => (streams.length === 0 ? null : median(streams.map(of)));
  return {
    machines: scale,
    workloads: suite,
    schedulers: [...new Set(trials.flatMap(({ provenance }) => provenance?.scheduler ?? []))].sort(),
    spanSeconds: typical(({ spanSeconds }) => spanSeconds),
    jobs: typical(({ jobs }) => jobs),
    seeds,
    configurations: configurations.length,
    trials: trials.length,
  };
}

/** Configurations that are named one by one where they take no part; of more, how many. */
const mostNamed = 5;

function notCompared({ id, configurations, unmeasured }: Judged, judged: readonly Judged[]): string[] {
  const out = configurations.filter(({ standing }) => standing.kind !== "ranked");
  const others = judged.filter((other) => other.id !== id);
  return [
    ...unmeasured.map(({ symbol, name, reason }) => `${symbol} ${name}: ${reason}`),
    ...out
      .slice(0, mostNamed)
      .map(
        (own) =>
          `${named(own)}: ${standingInWords(own.standing)}${"reason" in own.standing ? `, ${own.standing.reason.slice(0, 200)}` : ""}`,
      ),
    ...(out.length > mostNamed ? [`${out.length - mostNamed} more configurations, for similar reasons`] : []),
    ...others.map(
      (other) =>
        `${other.configurations.length} ${other.configurations.length === 1 ? "configuration" : "configurations"} on ${other.fidelity}: ${other.scale}; ${other.suite}: other nodes, machines or workloads, so a section of their own`,
    ),
  ];
}

function warnings(section: Judged, baseline: Configuration | null, chosen: Configuration | null): string[] {
  const told = [baseline, chosen].filter((own, i, all): own is Configuration => own !== null && all.indexOf(own) === i);
  const compressed = Math.max(
    1,
    ...section.configurations.flatMap(({ trials }) => trials.map(({ stream }) => stream?.timeCompression ?? 1)),
  );
  const ranked = section.configurations.filter(({ standing }) => standing.kind === "ranked").length;
  return [
    ...(baseline !== null && baseline.standing.kind !== "ranked"
      ? [`The baseline ${baseline.id} is ${baseline.standing.kind}, so no change can be stated: ${baseline.standing.reason.slice(0, 200)}.`]
      : []),
    ...section.cautions,
    ...told.flatMap((own) => {
      const usability = usabilityInWords(own.usability);
      return usability === "usable" ? [] : [`${own.id}: ${usability}.`];
    }),
    ...(compressed > 1
      ? [`Time was compressed ${compressed} times; waits are given in the stream's own time, and launch overhead is inflated by as much.`]
      : []),
    ...(chosen !== null && chosen !== baseline && ranked > 2
      ? [
          `The recommendation was picked among ${ranked} configurations on the same trials that its gain is computed from, which flatters it: confirm it against the baseline with new seeds.`,
        ]
      : []),
  ];
}

function words(section: Judged, { compared, baseline, preferences, recommendation, bestFor, lines }: Omit<Answer, "words">): string[] {
  const symbolOf = (key: string) => section.objectives.find((axis) => axis.key === key)?.symbol ?? key;
  const { machines, workloads, schedulers, spanSeconds, jobs, seeds, configurations, trials } = compared;
  const long =
    spanSeconds === null ? "" : `, ${durationInWords(spanSeconds)}${jobs === null ? "" : ` with ${Math.round(jobs)} counted jobs`}`;
  const first = `Compared: ${configurations} ${configurations === 1 ? "configuration" : "configurations"} of ${schedulers.join(", ") || "a scheduler"} on ${machines}; ${workloads}${long}; ${seeds} ${seeds === 1 ? "seed" : "seeds"} common to all, ${trials} trials.`;
  if (recommendation === null) return [first, "No recommendation: no configuration is ranked within the limits."];
  const { configuration, label, comparison: found } = recommendation;
  const why = preferencesInWords(preferences, symbolOf);
  const stays = stabilityInWords(recommendation.stability, symbolOf);
  const chosen = `Recommendation: ${named({ id: configuration, label })}, ${why}.`;
  const base =
    baseline.configuration === null
      ? `Baseline: ${baseline.source}.`
      : `Baseline: ${named({ id: baseline.configuration, label: baseline.label })}, ${baseline.source}.`;
  return [
    first,
    chosen,
    base,
    ...(found === null
      ? baseline.configuration === configuration
        ? ["The baseline itself is recommended: keep it."]
        : []
      : [`Change: ${parametersInWords(found.parameters)}.`, ...gains(found)]),
    ...(stays === "" ? [] : [stays]),
    ...bestFor.map(({ objective, configuration: best, label: own, change }) => {
      const what = `Best for ${symbolOf(objective)}: ${best === configuration ? "the recommendation" : named({ id: best, label: own })}`;
      return `${what}${change === null || best === configuration ? "" : `, ${changeSentence(change)}`}.`;
    }),
    ...lines.map(({ file, removed, added }) => `${file}: ${count(removed.length)} removed, ${added.length} added.`),
  ];
}

/** One sentence a quantity: the waits first, for people feel them. */
function gains(found: Comparison): string[] {
  const sorted = found.changes.toSorted((a, b) => Number(b.unit === "s") - Number(a.unit === "s"));
  const told = sorted.filter(({ verdict }) => verdict !== "not comparable");
  return told.length === 0
    ? ["No quantity was measured by both, so the change is not known."]
    : [...told.map((change) => `${changeSentence(change)}.`), verdictOn(found)];
}

function verdictOn({ changes }: Comparison): string {
  const of = (wanted: string) => changes.filter(({ verdict }) => verdict === wanted);
  const list = (all: Comparison["changes"]) => all.map(({ name }) => name).join(", ");
  const [better, worse] = [of("better"), of("worse")];
  if (better.length + worse.length === 0)
    return "No difference from the baseline was detected: keep the present configuration, or run more seeds.";
  const parts = [
    ...(better.length > 0 ? [`better in ${list(better)}`] : []),
    ...(worse.length > 0 ? [`worse in ${list(worse)}`] : []),
    ...(better.length + worse.length < changes.length ? ["no difference told in the rest"] : []),
  ];
  return `At a family-wise error of 5 % over all of these: ${parts.join("; ")}.`;
}

const count = (lines: number) => `${lines} ${lines === 1 ? "line" : "lines"}`;
