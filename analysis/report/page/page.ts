import { mostParameters } from "../../statistics/parameter-effects.ts";
import type { Analysis, Jobs, Section } from "../analysis.ts";
import { acrossFigures, drawnRuns, sectionFigures, trialFigure } from "../figures/figures.ts";
import { digits, estimateInWords, share } from "../figures/words.ts";
import { answerHtml } from "./answer.ts";
import { figureHtml, narrowFigureHtml } from "./figure-html.ts";
import { Html, html, scriptJson } from "./html.ts";
import { method } from "./method.ts";
import { agreementTable, anchorTable, configurationTable, costTable, detectableTable, planningTable, provenance } from "./tables.ts";

export interface PageParts {
  readonly analysis: Analysis;
  readonly jobs: Jobs;
  readonly style: string;
  /** The page's own program, with nothing left to load. */
  readonly script: string;
}

/** The report as one HTML file that needs no network. */
export function page({ analysis, jobs, style, script }: PageParts): string {
  const { sections, agreements, unreadable, unplaced } = analysis;
  const across = acrossFigures(analysis);
  const trials = sections.flatMap(({ configurations }) => configurations.flatMap((own) => own.trials));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>schedfront: which scheduler configuration?</title><style>${new Html(style)}</style></head>
<body><a class="skip" href="#sections">Skip to the results</a>
<header><h1>Which scheduler configuration?</h1>
<p class="muted">${trials.length} trials in ${sections.length} ${sections.length === 1 ? "section" : "sections"}, gathered ${analysis.generated.slice(0, 16).replace("T", " ")} UTC. <span class="noscript">Without scripts the figures below are pictures.</span></p>
</header>
${sections[0] !== undefined && html`<section id="answer">${answerHtml(sections[0])}</section>`}
<nav aria-label="contents"><ul>${sections.map(({ id, fidelity, scale, suite }) => html`<li><a href="#${id}">${fidelity}: ${scale}; ${suite}</a></li>`)}
${across.length > 0 && html`<li><a href="#scaling">What more load and more nodes cost</a></li>`}
${agreements.length > 0 && html`<li><a href="#agreement">Emulated nodes against machines</a></li>`}
${unplaced.length > 0 && html`<li><a href="#unplaced">Trials that measured nothing</a></li>`}
${unreadable.length > 0 && html`<li><a href="#unreadable">Files that could not be read</a></li>`}
<li><a href="#method">Method and caveats</a></li></ul></nav>
<main id="sections">${sections.length === 0 && html`<p>There is no trial to report on.</p>`}${sections.map((own, i) => sectionHtml(own, analysis, jobs, i === 0))}
${across.length > 0 && html`<section id="scaling"><h2>What more load and more nodes cost</h2>${across.map(figureHtml)}</section>`}
${agreements.length > 0 && html`<section id="agreement"><h2>Emulated nodes against machines</h2>${agreementTable(analysis)}</section>`}
${
  unplaced.length > 0 &&
  html`<section id="unplaced"><h2>Trials that measured nothing</h2><p>No other trial tells which section they belong to. Refused ones are infeasible, those with another configuration than asked are invalid, all others are missing.</p>
<div class="wide"><table><thead><tr><th scope="col">sweep</th><th scope="col">outcome</th><th scope="col">message</th><th scope="col">file</th></tr></thead><tbody>${unplaced.map(
    ({ file, sweep, kind, message }) =>
      html`<tr><td>${sweep}</td><td>${kind}</td><td>${message.slice(0, 400)}</td><td><code>${file}</code></td></tr>`,
  )}</tbody></table></div></section>`
}
${
  unreadable.length > 0 &&
  html`<section id="unreadable"><h2>Files that could not be read</h2><div class="wide"><table><thead><tr><th scope="col">file</th><th scope="col">reason</th></tr></thead><tbody>${unreadable.map(
    ({ file, reason }) => html`<tr><td><code>${file}</code></td><td>${reason}</td></tr>`,
  )}</tbody></table></div></section>`
}
${method(sections)}</main>
<script type="application/json" id="analysis">${scriptJson(analysis)}</script>
<script type="application/json" id="jobs">${scriptJson(jobs)}</script>
<script>${new Html(script.replace(/<\/(script)/gi, "<\\/$1"))}</script></body></html>
`.text;
}

/** @param isFirst whether its answer stands at the top of the page already */
function sectionHtml(section: Section, { schedulers }: Analysis, jobs: Jobs, isFirst: boolean): Html {
  const { id, fidelity, scale, suite, digest, cautions, unmeasured, configurations, objectives, effects, varying } = section;
  const figures = sectionFigures(section);
  const drawn = drawnRuns(section, jobs);
  const [first] = drawn;
  const runCount = configurations.flatMap(({ trials }) => trials.flatMap(({ runs }) => runs)).length;
  return html`<section id="${id}"><h2>${fidelity}: ${scale}</h2>
<p>Workloads: ${suite}. <small>Scale and suite <code>${digest}</code></small></p>
<p class="standings">${standings(section)}</p>
${!isFirst && answerHtml(section)}
${cautions.length > 0 && html`<div class="caution" role="note">${cautions.map((caution) => html`<p>${caution}</p>`)}</div>`}
${unmeasured.map(({ symbol, name, reason }) => html`<p class="muted">${symbol} ${name}: ${reason}.</p>`)}
${configurationTable(section)}
<h3>The front</h3>
<p>${hypervolumeInWords(section)}</p>
${figures.scatter.length > 0 ? html`<div class="figures">${figures.scatter.map(figureHtml)}</div>` : html`<p>Fewer than two objectives were measured, so no pair of them can be drawn.</p>`}
<p class="muted">Select a point for where it comes from. ● front, ○ dominated, ✕ invalid, ☒ infeasible, △ missing; ◇ and □ frame the two knees. A configuration that lacks one of the two objectives stands in the margin.</p>
<div class="whole">${figures.parallel.map(figureHtml)}</div>
${
  objectives.length > 1 &&
  html`<form class="brush scripting" data-section="${id}"><b>Brush</b>${objectives.map(
    ({ symbol, key }, i) =>
      html`<span>${symbol} from <input type="number" step="any" data-axis="${i}" data-end="low" aria-label="${symbol} from" name="${key}-low"> to <input type="number" step="any" data-axis="${i}" data-end="high" aria-label="${symbol} to" name="${key}-high"></span>`,
  )}<button type="reset">Clear</button><output aria-live="polite">all ${configurations.length} configurations</output></form>`
}
${figures.dominance.length > 0 && html`<h3>Who dominates whom</h3>${figures.dominance.map(narrowFigureHtml)}`}
<h3>Parameters</h3>${
    figures.effects.length > 0
      ? figures.effects.map(figureHtml)
      : html`<p>${varying.length === 0 ? "No parameter varies." : effects.length === 0 ? `${varying.length} parameters vary; effects are told of ${mostParameters} at most.` : "No parameter varies alone, so none has an effect of its own that could be told."}</p>`
  }
<h3>Waits and slowdowns</h3>${figures.distributions.length > 0 ? html`<div class="figures">${figures.distributions.map(figureHtml)}</div>` : html`<p>No job stream left a table of jobs.</p>`}
<h3>One trial: utilisation over time, and what ran where</h3>${
    first === undefined
      ? html`<p>No run left a table of jobs that can be drawn.</p>`
      : html`<p class="scripting"><label>Trial <select class="trial" data-section="${id}" aria-label="trial to draw">${drawn.map(
          ({ configuration, seed, run, status }) =>
            html`<option value="${run.id}">${configuration}, seed ${seed}, ${status}: ${run.name}</option>`,
        )}</select></label>${drawn.length < runCount && html` <small>${drawn.length} of ${runCount} runs are kept in this file.</small>`}</p>
<div class="whole trial-figure">${figureHtml(trialFigure(section, first))}</div>`
  }
${costTable(section) !== null && html`<h3>What a job costs the control plane</h3>${costTable(section)}`}
<h3>Seed planning</h3>${planningTable(section) ?? html`<p>No objective was measured.</p>`}
<h3>Minimum detectable difference</h3>${detectableTable(section)}
<h3>Anchors</h3>${anchorTable(section) ?? html`<p>Nothing is ranked.</p>`}
<h3>Where every point comes from</h3>${configurations.map((own) => provenance(section, own, schedulers))}
</section>`;
}

function standings({ configurations, objectives, front }: Section): Html {
  const named = (ids: readonly string[]) => ids.join(", ");
  const members = configurations.filter(({ standing }) => standing.kind === "ranked" && standing.rank === 0).map(({ id }) => id);
  const of = (kind: string) => configurations.filter(({ standing }) => standing.kind === kind).length;
  if (objectives.length === 0) return html`Nothing of these ${configurations.length} configurations can be compared; below is why.`;
  if (front === null)
    return html`None of ${configurations.length} configurations has a valid trial that measured every objective, so there is no front.`;
  const byId = new Map(configurations.map((own) => [own.id, own]));
  const knee = (id: string, which: "kneeByDistanceShare" | "kneeByHyperplaneShare") => {
    const sure = byId.get(id)?.[which] ?? null;
    return sure === null ? id : `${id} (${share(sure)} of draws)`;
  };
  return html`Of ${configurations.length} configurations ${of("ranked")} are ranked; ${of("invalid")} invalid, ${of("infeasible")} infeasible, ${of("missing")} missing. <b>On the front: ${named(members)}.</b> Knee by distance: ${knee(front.kneeByDistance, "kneeByDistanceShare")}; by hyperplane: ${knee(front.kneeByHyperplane, "kneeByHyperplaneShare")}.`;
}

const hypervolumeInWords = ({ front }: Section): string =>
  front === null
    ? ""
    : `Hypervolume ${estimateInWords(front.hypervolume)} in normalised units up to ${digits(front.reference)}; anchors are below.${front.plane === "unit" ? " The extreme points span no plane that faces the ideal, so the hyperplane's knee is measured from the plane through ideal and nadir." : ""}`;
