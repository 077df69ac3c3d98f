/// <reference lib="dom" />
import type { Analysis, Jobs, Section } from "../analysis.ts";
import { acrossFigures, drawnRuns, sectionFigures, trialFigure } from "../figures/figures.ts";
import { dark, light, type Theme } from "../figures/theme.ts";
import { brushing } from "./brushing.ts";
import { choosing } from "./choosing.ts";
import { LiveChart } from "./live-chart.ts";

/** Puts interactive figures in the place of the pictures, in the appearance that the reader's system asks for. */

const json = (id: string) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
const analysis: Analysis = json("analysis");
const jobs: Jobs = json("jobs");
const darkness = matchMedia("(prefers-color-scheme: dark)");
const theme = (): Theme => (darkness.matches ? dark : light);
const charts: LiveChart[] = [];

document.documentElement.classList.add("scripted");
for (const section of analysis.sections) show(section);
for (const figure of acrossFigures(analysis)) {
  const place = document.querySelector<HTMLElement>(`[data-figure="${figure.id}"]`);
  if (place !== null) charts.push(new LiveChart(place, figure, theme(), () => {}));
}

darkness.addEventListener("change", () => {
  for (const chart of charts) chart.show(theme());
});
// Paper is light, whatever the screen is.
addEventListener("beforeprint", () => {
  for (const chart of charts) chart.showOnPaper(light);
});
addEventListener("afterprint", () => {
  for (const chart of charts) chart.show(theme());
});
addEventListener("hashchange", openTarget);
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]'))
  link.addEventListener("click", () => setTimeout(openTarget));
openTarget();

function show(section: Section): void {
  const open = (configuration: string) => {
    if (!section.configurations.some(({ id }) => id === configuration)) return;
    const hash = `#${section.id}-${configuration}`;
    if (location.hash === hash) openTarget();
    else location.hash = hash;
  };
  const own = Object.values(sectionFigures(section))
    .flat()
    .flatMap((figure) => {
      const place = document.querySelector<HTMLElement>(`[data-figure="${figure.id}"]`);
      return place === null ? [] : [new LiveChart(place, figure, theme(), open)];
    });
  charts.push(...own);
  brushing(section, own);
  choosing(section);

  const select = document.querySelector<HTMLSelectElement>(`select.trial[data-section="${section.id}"]`);
  const place = document.querySelector<HTMLElement>(`#${section.id} .trial-figure .chart`);
  const drawn = drawnRuns(section, jobs);
  const [first] = drawn;
  if (select === null || place === null || first === undefined) return;
  const live = new LiveChart(place, trialFigure(section, first), theme(), () => open(live.subject));
  live.subject = first.configuration;
  charts.push(live);
  select.addEventListener("change", () => {
    const chosen = drawn.find(({ run }) => run.id === select.value) ?? first;
    live.subject = chosen.configuration;
    live.setFigure(trialFigure(section, chosen));
  });
}

/** Opens the provenance that the address points to, and puts the focus there. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.querySelector("summary")?.focus();
  target.scrollIntoView({ block: "start" });
}
