import type { Analysis, Jobs, Section } from "../analysis.ts";
import { distributionFigures } from "./distributions.ts";
import { dominanceFigures } from "./dominance.ts";
import { effectFigures } from "./effects.ts";
import type { Figure } from "./figure.ts";
import { loadFigures } from "./load.ts";
import { parallelFigures } from "./parallel.ts";
import { scalingFigures } from "./scaling.ts";
import { scatterFigures } from "./scatter.ts";
import { type DrawnRun, trialFigure } from "./trial.ts";

/** A section's figures by what they are about; the same in the page and as files. */
export interface SectionFigures {
  readonly scatter: readonly Figure[];
  readonly parallel: readonly Figure[];
  readonly dominance: readonly Figure[];
  readonly effects: readonly Figure[];
  readonly distributions: readonly Figure[];
}

export const sectionFigures = (section: Section): SectionFigures => ({
  scatter: scatterFigures(section),
  parallel: parallelFigures(section),
  dominance: dominanceFigures(section),
  effects: effectFigures(section),
  distributions: distributionFigures(section),
});

/** Figures over several sections. */
export const acrossFigures = (analysis: Pick<Analysis, "againstNodes" | "sections">): Figure[] => [
  ...loadFigures(analysis.sections),
  ...scalingFigures(analysis),
];

/** Every run whose jobs are at hand, streams first. */
export function drawnRuns({ configurations }: Section, jobs: Jobs): DrawnRun[] {
  const all = configurations.flatMap(({ id, trials }) =>
    trials.flatMap(({ seed, status, runs }) =>
      runs.flatMap((run) => {
        const rows = jobs[run.id];
        return rows === undefined || rows.length === 0 ? [] : [{ configuration: id, seed, status, run, jobs: rows }];
      }),
    ),
  );
  const isStream = ({ run }: DrawnRun) => run.purpose === "stream";
  return [...all.filter(isStream), ...all.filter((drawn) => !isStream(drawn))];
}

export { trialFigure };
