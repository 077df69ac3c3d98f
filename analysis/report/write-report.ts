import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printableJson } from "../../model/printable.ts";
import { writingTo } from "../../storage/room.ts";
import { type AnalysisRequest, analyse } from "./analyse.ts";
import type { Analysis, Jobs, Section } from "./analysis.ts";
import { anchorsText } from "./anchors-file.ts";
import { diffsOf, diffText, pasteText } from "./answer/file-diff.ts";
import { browserScript, pageStyle } from "./bundle.ts";
import type { Figure } from "./figures/figure.ts";
import { acrossFigures, drawnRuns, sectionFigures, trialFigure } from "./figures/figures.ts";
import { csv, trialRows } from "./page/downloads.ts";
import { page } from "./page/page.ts";
import { svg } from "./page/svg.ts";

/** Writes report.html, analysis.json, trials.csv, anchors/*.json, lines/* and figures/*.svg to the folder, which is replaced whole. */
export async function writeReport(request: AnalysisRequest, folder: string): Promise<Analysis> {
  const { analysis, jobs } = analyse(request);
  const script = await browserScript();
  const partial = `${folder}.partial`;
  try {
    writingTo("report", folder, "name another folder with --output", () => writeParts(analysis, jobs, script, partial, folder));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return analysis;
}

function writeParts(analysis: Analysis, jobs: Jobs, script: string, partial: string, folder: string): void {
  rmSync(partial, { recursive: true, force: true });
  for (const part of ["figures", "anchors", "lines"]) mkdirSync(join(partial, part), { recursive: true });
  writeFileSync(join(partial, "report.html"), page({ analysis, jobs, style: pageStyle(), script }));
  writeFileSync(join(partial, "analysis.json"), `${printableJson(analysis, 1)}\n`);
  writeFileSync(join(partial, "trials.csv"), csv(trialRows(analysis)));
  const draw = (figure: Figure) => writeFileSync(join(partial, "figures", `${figure.id}.svg`), svg(figure));
  acrossFigures(analysis).forEach(draw);
  for (const section of analysis.sections) {
    for (const [name, text] of linesFiles(section)) writeFileSync(join(partial, "lines", name), text);
    const anchors = anchorsText(section);
    if (anchors !== null) writeFileSync(join(partial, "anchors", `${section.id}.json`), anchors);
    // One run of each configuration: any other can be had from the page.
    const runs = drawnRuns(section, jobs).filter(
      ({ configuration }, i, all) => all.findIndex((other) => other.configuration === configuration) === i,
    );
    [...Object.values(sectionFigures(section)).flat(), ...runs.map((drawn) => trialFigure(section, drawn))].forEach(draw);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** The scheduler's own lines to change, from baseline to recommendation: `section-1-slurm.conf` to paste, `section-1-slurm.conf.diff`. */
function linesFiles(section: Section): [string, string][] {
  const { id, configurations, answer } = section;
  const [before, after] = [answer.baseline.configuration, answer.recommendation?.configuration].map((wanted) =>
    configurations.find((own) => own.id === wanted),
  );
  if (before === undefined || after === undefined) return [];
  return diffsOf(section, before, after).flatMap((diff): [string, string][] => [
    [`${id}-${diff.name}`, pasteText(diff, [`from ${before.label}`, `to ${after.label}`])],
    [`${id}-${diff.name}.diff`, diffText(diff)],
  ]);
}
