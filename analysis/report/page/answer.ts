import type { Configuration, Section } from "../analysis.ts";
import { comparison } from "../answer/comparison.ts";
import { diffsOf, diffText, type FileDiff, pasteText } from "../answer/file-diff.ts";
import type { Change, Comparison } from "../answer/schema.ts";
import { changeInWords, named, parametersInWords, quantityInWords } from "../answer/words.ts";
import { digits } from "../figures/words.ts";
import { type Html, html } from "./html.ts";

/** A section's answer in words, and the means to ask it otherwise. */
export function answerHtml(section: Section): Html {
  const { id, answer, configurations } = section;
  const { recommendation, baseline, warnings, notCompared } = answer;
  const byId = (wanted: string | null | undefined) => configurations.find((own) => own.id === wanted) ?? null;
  const [before, after] = [byId(baseline.configuration), byId(recommendation?.configuration)];
  return html`<div class="answer" data-section="${id}">
${answer.words.slice(0, recommendation === null ? undefined : 1).map((sentence) => html`<p>${sentence}</p>`)}
${recommendation !== null && html`<div class="recommended">${sentencesOf(answer.words.slice(1))}</div>`}
${warnings.length > 0 && html`<div class="caution" role="note">${warnings.map((warning) => html`<p>${warning}</p>`)}</div>`}
${notCompared.length > 0 && html`<details><summary>Not compared: ${notCompared.length} ${notCompared.length === 1 ? "reason" : "reasons"}</summary><ul>${notCompared.map((line) => html`<li>${line}</li>`)}</ul></details>`}
${preferencesForm(section)}
${chooser(section, before, after)}
<div class="comparison" id="${id}-comparison" role="region" aria-label="comparison of two configurations" aria-live="polite">${before !== null && after !== null && before !== after && comparisonHtml(section, before, after)}</div>
</div>`;
}

/** The sentence that names the recommendation stands out, gains are a list. */
function sentencesOf(words: readonly string[]): Html {
  const [recommendation = "", ...rest] = words;
  return html`<p class="headline"><b>${recommendation}</b></p><ul>${rest.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

/** Weights and limits of each objective; the page's script makes the recommendation follow. */
function preferencesForm({ id, objectives, front, answer }: Section): Html | null {
  if (front === null || objectives.length < 2) return null;
  const weight = (key: string) => Math.round(100 * (answer.preferences.weights[key] ?? 0));
  return html`<form class="preferences scripting" data-section="${id}"><fieldset><legend>Preferences</legend>
${objectives.map(({ key, symbol, name, unit, better }) => {
  const limit = answer.preferences.limits[key];
  const worst = better === "lower" ? "most" : "least";
  return html`<p><label for="${id}-weight-${key}">${symbol} ${name}</label> <input type="range" id="${id}-weight-${key}" min="0" max="100" value="${weight(key)}" data-weight="${key}"> <output for="${id}-weight-${key}"></output>
<label>at ${worst} <input type="number" step="any" data-limit="${key}" value="${limit === undefined ? "" : digits(limit)}"> ${unit === "1" ? "" : unit}</label></p>`;
})}
<button type="reset">Reset</button></fieldset><p class="preferred" role="status"></p></form>`;
}

function chooser({ id, configurations }: Section, before: Configuration | null, after: Configuration | null): Html | null {
  if (configurations.length < 2) return null;
  const select = (side: "before" | "after", chosen: Configuration | null, words: string) =>
    html`<label>${words} <select data-side="${side}">${configurations.map((own) => option(own, own === chosen))}</select></label>`;
  return html`<form class="chooser scripting" data-section="${id}"><fieldset><legend>Compare two configurations</legend>
${select("before", before ?? configurations[0] ?? null, "from")} ${select("after", after ?? configurations[1] ?? null, "to")}</fieldset></form>`;
}

function option(own: Configuration, isChosen: boolean): Html {
  const text = `${own.id}: ${own.label}`.slice(0, 160);
  return isChosen ? html`<option value="${own.id}" selected>${text}</option>` : html`<option value="${own.id}">${text}</option>`;
}

/** Two configurations side by side: the same on the server, in the browser and on paper. */
export function comparisonHtml(section: Section, before: Configuration, after: Configuration): Html {
  const found = comparison(section, before, after);
  const diffs = diffsOf(section, before, after);
  return html`<h3>From ${before.id} to ${after.id}</h3>
<p class="muted">${named(before)} → ${named(after)}</p>
<p>${found.parameters.length === 0 ? "The parameters are the same." : parametersInWords(found.parameters)}</p>
${changesTable("Objectives and waits, paired by seed", found.changes, before, after)}
${found.waits.length > 0 && changesTable("Waits by size, partition and user", found.waits, before, after)}
${diffs.length > 0 && html`<h4>Lines to change</h4>${diffs.map((diff) => diffHtml(diff, found))}`}
${diffs.length === 0 && found.parameters.length > 0 && html`<p class="muted">${before.files.length === 0 || after.files.length === 0 ? "The scheduler's own file cannot be made: this version does not read the record's tuple." : "The scheduler's own files are the same."}</p>`}`;
}

const marks: Readonly<Record<Change["verdict"], string>> = {
  better: "▲ better",
  worse: "▼ worse",
  "no difference told": "no difference told",
  equal: "equal",
  "too few seeds to tell": "too few seeds to tell",
  "not comparable": "not comparable",
};

function changesTable(caption: string, changes: readonly Change[], before: Configuration, after: Configuration): Html {
  const cell = (change: Change, side: "before" | "after") => {
    const value = change[side];
    if (value === null) return "–";
    return `${change.lowerBounds?.includes(side) ? "≥ " : ""}${quantityInWords(value, change.unit)}`;
  };
  return html`<table class="changes"><caption>${caption}. Verdicts are of one-sided paired tests, all rows of the table together: a false "worse" in at most 5 % of tables, a false "better" in 1 %.</caption>
<thead><tr><th scope="col"></th><th scope="col" class="number">${before.id}</th><th scope="col" class="number">${after.id}</th><th scope="col">change, 95 % interval</th><th scope="col">verdict</th></tr></thead>
<tbody>${changes.map(
    (change) =>
      html`<tr class="${change.verdict.replaceAll(" ", "-")}"><th scope="row">${change.name}</th><td class="number" data-label="${before.id}">${cell(change, "before")}</td><td class="number" data-label="${after.id}">${cell(change, "after")}</td><td data-label="change">${change.change === null ? change.reason : change.verdict === "equal" ? "–" : changeInWords(change)}</td><td data-label="verdict">${marks[change.verdict]}</td></tr>`,
  )}</tbody></table>`;
}

function diffHtml(diff: FileDiff, { baseline, candidate }: Comparison): Html {
  const link = (name: string, content: string) =>
    html`<a download="${name}" href="data:text/plain;charset=utf-8,${encodeURIComponent(content)}">${name}</a>`;
  const heading = [`${diff.name}: lines to change from ${baseline} to ${candidate}`];
  return html`<p><code>${diff.name}</code> <span class="downloads">${link(diff.name, pasteText(diff, heading))} ${link(`${diff.name}.diff`, diffText(diff))}</span></p>
<pre class="diff" tabindex="0" aria-label="lines of ${diff.name} to change">${diff.lines.flatMap(({ kind, text }) => (kind === "kept" ? [] : [kind === "added" ? html`<ins>+ ${text}</ins>\n` : html`<del>- ${text}</del>\n`]))}</pre>`;
}
