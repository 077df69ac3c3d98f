import { oneBurst } from "../../../model/metrics/control-plane-cost.ts";
import { usabilityInWords } from "../../../model/usability.ts";
import { directionInWords, symbolsOf } from "../../objective-words.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import type { Agreement, Analysis, Configuration, Detectable, Measured, ObjectiveAxis, Planning, Section, Trial } from "../analysis.ts";
import { changeInWords, digits, share, standingInWords, valueInWords } from "../figures/words.ts";
import { type Html, html } from "./html.ts";

/** A mark for each standing, which is the figures' shape. */
const marks = { front: "●", dominated: "○", invalid: "✕", infeasible: "☒", missing: "△" } as const;

const markOf = ({ standing }: Configuration): string =>
  standing.kind === "ranked" ? (standing.rank === 0 ? marks.front : marks.dominated) : marks[standing.kind];

/** Every configuration with its standing and means; the best rank first, what is not ranked last. */
export function configurationTable({ id, configurations, objectives, front, seeds }: Section): Html {
  const rank = ({ standing }: Configuration) => (standing.kind === "ranked" ? standing.rank : Number.POSITIVE_INFINITY);
  const sorted = configurations.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  const knee = (own: Configuration) => {
    const kinds = [
      ...(front?.kneeByDistance === own.id ? [`distance ${share(own.kneeByDistanceShare)}`] : []),
      ...(front?.kneeByHyperplane === own.id ? [`hyperplane ${share(own.kneeByHyperplaneShare)}`] : []),
    ];
    return kinds.join(", ");
  };
  const hasShare = configurations.some(({ beside }) => beside.launchingShare !== null);
  return html`<div class="wide" tabindex="0" role="region" aria-label="configurations"><table class="configurations">
<caption>Means over the ${seeds} seeds that all ranked configurations have, with 95 % intervals. ${geometricInWords(objectives)}${sentence(directionInWords(objectives))} ≥: a lower bound.${hasShare && html` Time compression multiplies launching: believe α where its share is below a tenth.`}</caption>
<thead><tr><th scope="col"></th><th scope="col">configuration</th><th scope="col">standing</th>
${objectives.map(({ symbol, name, unit }) => html`<th scope="col" class="number">${symbol} ${name}${unit === "1" ? "" : html`<br><small>${unit}</small>`}</th>`)}
${hasShare && html`<th scope="col" class="number">launching,<br><small>share of α</small></th>`}
<th scope="col" class="number">on the front</th><th scope="col">knee</th><th scope="col" class="number">ε to the front</th><th scope="col">trials</th></tr></thead>
<tbody>${sorted.map(
    (
      own,
    ) => html`<tr data-configuration="${own.id}" class="${own.standing.kind}"><th scope="row"><a href="#${id}-${own.id}">${own.id}</a></th><td>${own.label}</td>
<td><span aria-hidden="true">${markOf(own)}</span> ${standingInWords(own.standing)}${own.standing.kind === "ranked" ? null : html`<br><small>${own.standing.reason.slice(0, 120)}</small>`}<br><small>${usabilityInWords(own.usability)}</small></td>
${objectives.map(({ key, symbol }) => html`<td class="number">${estimateHtml(own.estimates[key], reasonWithout(own, symbol))}</td>`)}
${hasShare && html`<td class="number">${share(own.beside.launchingShare)}</td>`}
<td class="number">${share(own.frontProbability)}</td><td>${knee(own)}</td><td class="number">${own.epsilon === null ? "–" : digits(own.epsilon)}</td>
<td>${trialCounts(own)}</td></tr>`,
  )}</tbody></table></div>`;
}

const geometricInWords = (objectives: readonly ObjectiveAxis[]): string => {
  const ratios = objectives.filter(({ scale }) => scale === "log10");
  return ratios.length === 0 ? "" : `Those of ${symbolsOf(ratios)} are geometric, for their ratios matter. `;
};

const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;

/** Why there is no number: `saturated`, or nothing was measured. */
const reasonWithout = ({ usability: { unusableFor } }: Configuration, symbol: string): string =>
  Object.entries(unusableFor).find(([, symbols]) => symbols.includes(symbol))?.[0] ?? "missing";

/** `18 valid, 2 invalid`. */
const trialCounts = ({ trials }: Configuration): string =>
  (["valid", "invalid", "infeasible", "missing"] as const)
    .map((wanted) => ({ wanted, count: trials.filter(({ status }) => status === wanted).length }))
    .flatMap(({ wanted, count }) => (count === 0 ? [] : [`${count} ${wanted}`]))
    .join(", ");

/** The mean, and its interval below it. */
function estimateHtml(estimate: Estimate | null | undefined, otherwise = "missing"): Html {
  if (estimate === null || estimate === undefined) return html`${otherwise}`;
  const { interval, reason } = estimate;
  return html`${valueInWords(estimate)}${interval === null ? reason !== undefined && html`<br><small>${reason}</small>` : html`<br><small>${short(interval.low)} to ${short(interval.high)}</small>`}`;
}

/** Three digits are enough for the end of an interval. */
const short = (value: number) => String(Number(value.toPrecision(3)));

/** How far emulated nodes agree with the machines that they pretend to be. */
export function agreementTable({ agreements, sections }: Analysis): Html {
  const axes = new Map(sections.flatMap(({ objectives }) => objectives.map((own) => [own.key, own] as const)));
  const place = ({ section, configuration, fidelity, estimate }: Measured) =>
    html`<td class="number">${estimateHtml(estimate)}<br><small><a href="#${section}-${configuration}">${fidelity} ${configuration}</a></small></td>`;
  const row = ({ objective, configuration, machines, emulated, difference, scale, pairs }: Agreement) => {
    const axis = axes.get(objective);
    return html`<tr><th scope="row">${axis?.symbol} ${axis?.name}</th><td>${configuration}</td>${place(machines)}${place(emulated)}<td class="number">${difference === null || axis === undefined ? "no seed in common" : changeInWords(difference, { ...axis, scale })}</td><td class="number">${pairs}</td><td>${axis?.unit}</td></tr>`;
  };
  return html`<div class="wide" tabindex="0" role="region" aria-label="emulated nodes against machines"><table><caption>The same scheduler, workloads and seeds on machines, on emulated nodes, and on emulated nodes in virtual time. They agree where the change's interval holds 0, or × 1, and is narrow.</caption>
<thead><tr><th scope="col">objective</th><th scope="col">configuration</th><th scope="col" class="number">reference</th><th scope="col" class="number">emulated nodes</th><th scope="col" class="number">against the reference</th><th scope="col" class="number">seeds</th><th scope="col">unit</th></tr></thead>
<tbody>${agreements.map(row)}</tbody></table></div>`;
}

/** What the rig can tell from nothing, or why that is not known. */
export function detectableTable({ detectable, objectives }: Section): Html {
  if (detectable.length === 0)
    return html`<p>Not known: no configuration was run twice with the same seed. Give the sweep <code>repetitions: 2</code>, and this says below which difference nothing can be told.</p>`;
  const row = ({ objective, configuration, difference, plan, pairs }: Detectable) => {
    const axis = objectives.find(({ key }) => key === objective) as ObjectiveAxis;
    const needed = plan?.seeds.map(({ share: wanted, seeds }) => `${Math.round(100 * wanted)} %: ${seeds ?? "over 10,000"}`).join(", ");
    return html`<tr><th scope="row">${axis.symbol} ${axis.name}</th><td>${configuration}</td><td class="number">${pairs}</td><td class="number">${changeInWords(difference, axis)}</td><td class="number">${plan === null ? "needs 1 more seed" : detectableInWords(plan.detectable, axis)}</td><td>${needed ?? "–"}</td></tr>`;
  };
  return html`<div class="wide" tabindex="0" role="region" aria-label="minimum detectable differences"><table><caption>The same configuration run twice with the same seeds. The interval of the change should hold 0, or × 1. The minimum detectable difference is found in four of five comparisons with so many seeds; seed planning says how many find one of 5, 10 and 20 % (percentage points of a fraction).</caption>
<thead><tr><th scope="col">objective</th><th scope="col">configuration</th><th scope="col" class="number">seeds</th><th scope="col" class="number">second against first</th><th scope="col" class="number">minimum detectable difference</th><th scope="col">seed planning</th></tr></thead>
<tbody>${detectable.map(row)}</tbody></table></div>`;
}

const detectableInWords = (detectable: number, { scale, unit }: ObjectiveAxis): string =>
  scale === "log10" ? `× ${digits(detectable)}` : `${digits(detectable)} ${unit}`;

/** How many seeds tell each configuration apart, by objective. */
export function planningTable({ planning, configurations, objectives }: Section): Html | null {
  if (planning.length === 0) return null;
  const of = (configuration: string, objective: string) =>
    planning.find((own) => own.configuration === configuration && own.objective === objective);
  const cell = (found: Planning | undefined) => {
    if (found === undefined) return html`–`;
    if (found.plan === null) return html`${found.reason}`;
    const rival = found.against === null ? "its mean alone" : `against ${found.against}`;
    return html`${found.plan.seeds.map(({ seeds }) => seeds ?? "over 10,000").join(", ")}<br><small>${rival}, ${found.seeds} seeds</small>`;
  };
  return html`<div class="wide" tabindex="0" role="region" aria-label="seed planning"><table><caption>Seeds that find a difference of 5, 10 and 20 % in four of five comparisons (percentage points of a fraction), from the scatter of paired differences between a configuration and the best in the objective; of the best, the second best. From three seeds the scatter itself is known to a factor of two.</caption>
<thead><tr><th scope="col">configuration</th>${objectives.map(({ symbol, name }) => html`<th scope="col" class="number">${symbol} ${name}<br><small>5 %, 10 %, 20 %</small></th>`)}</tr></thead>
<tbody>${configurations.map(
    ({ id, label }) =>
      html`<tr><th scope="row">${id}<br><small>${label}</small></th>${objectives.map(({ key }) => html`<td class="number">${cell(of(id, key))}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** What jobs cost the control plane, beside γ; null where no trial tells. */
export function costTable({ configurations, objectives }: Section): Html | null {
  const told = configurations.filter(({ beside }) => beside.burstCpuSeconds !== null || beside.streamCpuSeconds !== null);
  if (told.length === 0) return null;
  const axis = objectives.find(({ key }) => key === "controlPlaneCost");
  const number = (value: number | null, factor = 1) => html`<td class="number">${value === null ? "–" : digits(factor * value)}</td>`;
  const bases = [...new Set(told.flatMap(({ trials }) => trials.flatMap((trial) => trial.bases.controlPlaneCost ?? [])))];
  return html`<div class="wide" tabindex="0" role="region" aria-label="cost of a job"><table><caption>γ is the time that one more job adds to a burst. It is no wait, and no measure of how busy the scheduler is: where it is far above the CPU time, the scheduler waits, usually by its settings. Under the stream's load, CPU time counts what the daemons use while nothing happens.${bases.length > 0 && html` γ here: ${bases.join("; ")}.`}${bases.some((basis) => basis.startsWith(oneBurst)) && html` <b>γ of one burst holds start-up, polling and launching, and is no cost of a job.</b>`}${bases.some((basis) => basis.includes("fewer slots")) && html` <b>With fewer slots than jobs, γ holds jobs' wait for each other.</b>`}</caption>
<thead><tr><th scope="col">configuration</th>${axis !== undefined && html`<th scope="col" class="number">γ<br><small>ms per job</small></th>`}<th scope="col" class="number">CPU, burst<br><small>ms per job</small></th><th scope="col" class="number">CPU, under load<br><small>ms per job</small></th><th scope="col" class="number">peak memory<br><small>MiB</small></th></tr></thead>
<tbody>${told.map(
    ({ id, label, estimates, beside }) =>
      html`<tr><th scope="row">${id}<br><small>${label}</small></th>${axis !== undefined && html`<td class="number">${estimateHtml(estimates[axis.key])}</td>`}${number(beside.burstCpuSeconds, 1000)}${number(beside.streamCpuSeconds, 1000)}${number(beside.peakMemoryMiB)}</tr>`,
  )}</tbody></table></div>`;
}

export function anchorTable({ front, objectives }: Section): Html | null {
  if (front === null) return null;
  return html`<div class="wide" tabindex="0" role="region" aria-label="anchors"><table><caption>What 0 and 1 stand for in normalised units.</caption>
<thead><tr><th scope="col">objective</th><th scope="col" class="number">ideal (0)</th><th scope="col" class="number">nadir (1)</th><th scope="col">scale</th></tr></thead>
<tbody>${front.anchors.map(({ objective, ideal, nadir, scale }) => {
    const axis = objectives.find(({ key }) => key === objective);
    return html`<tr><th scope="row">${axis?.symbol} ${axis?.name}</th><td class="number">${digits(ideal)}</td><td class="number">${digits(nadir)}</td><td>${scale}</td></tr>`;
  })}</tbody></table></div>`;
}

function objectiveInWords({ objectives, lowerBounds }: Trial, key: string): string {
  const value = objectives[key] ?? null;
  return value === null ? "missing" : `${lowerBounds.includes(key) ? "≥ " : ""}${digits(value)}`;
}

/** Where a configuration's numbers come from. */
export function provenance({ id, objectives }: Section, own: Configuration, schedulers: Analysis["schedulers"]): Html {
  const digests = [...new Set(own.trials.flatMap(({ provenance: found }) => found?.schedulerDigest ?? []))];
  return html`<details class="provenance" id="${id}-${own.id}"><summary><b>${own.id}</b> ${own.label}: ${standingInWords(own.standing)}, ${own.trials.length} trials</summary>
<p>Digest of the configuration: <code>${own.digest}</code></p>
<div class="wide" tabindex="0" role="region" aria-label="trials of ${own.id}"><table><thead><tr><th scope="col">seed</th><th scope="col">status</th>${objectives.map(({ symbol }) => html`<th scope="col" class="number">${symbol}</th>`)}<th scope="col">scheduler</th><th scope="col">machine</th><th scope="col">program and image</th><th scope="col">record</th></tr></thead>
<tbody>${own.trials.map(
    (
      trial,
    ) => html`<tr><th scope="row">${trial.seed}</th><td>${trial.status}${trial.reason === null ? null : html`<br><small>${trial.reason.slice(0, 400)}</small>`}</td>
${objectives.map(({ key }) => html`<td class="number">${objectiveInWords(trial, key)}</td>`)}
<td>${trial.provenance?.scheduler}<br><small>configuration <code>${trial.provenance?.schedulerDigest.slice(0, 12)}</code></small></td>
<td>${trial.provenance?.hypervisor}<br><small>${trial.provenance?.connection}</small></td>
<td><small>program ${trial.provenance?.program}, sources <code>${trial.provenance?.sources.slice(0, 12)}</code><br>image <code>${trial.provenance?.image.slice(0, 19)}</code></small></td>
<td><small><code>${trial.file}</code><br>${trial.sha256 === null ? "no record" : html`sha256 <code>${trial.sha256}</code>`}${trial.sweep === null ? null : html`<br>sweep ${trial.sweep.name}, repetition ${trial.sweep.repetition}, stack ${trial.sweep.stack}`}</small>
${trial.doubts.length > 0 && html`<ul>${trial.doubts.map(({ severity, code, message }) => html`<li><small>${severity}: ${code}: ${message}</small></li>`)}</ul>`}
${trial.runs.filter(({ problem }) => problem !== null).map(({ name, problem }) => html`<br><small>${name} cannot be drawn: ${problem}</small>`)}</td></tr>`,
  )}</tbody></table></div>
${digests.map(
  (digest) => html`<details><summary>Effective configuration <code>${digest.slice(0, 12)}</code>, as the running scheduler told it</summary>
<pre>${Object.entries(schedulers[digest]?.effective ?? {}).map(([name, value]) => `${name}=${value}\n`)}</pre></details>`,
)}</details>`;
}
