import type { Configuration } from "./analysis.ts";

/** Seeds below which differences are a hint, no claim. */
const seedsForAClaim = 10;

/** What holds of a section as a whole and weakens what it says. */
export function cautionsOf(configurations: readonly Configuration[], seeds: number): string[] {
  const trials = configurations.flatMap((own) => own.trials);
  const different = (what: (provenance: NonNullable<(typeof trials)[number]["provenance"]>) => string) =>
    new Set(trials.flatMap(({ provenance }) => (provenance === null ? [] : [what(provenance)]))).size;
  const bounded = trials.filter(({ lowerBounds }) => lowerBounds.length > 0).length;
  const mixed = [
    { what: "versions of the program", count: different(({ program, sources }) => `${program} ${sources}`) },
    { what: "images", count: different(({ image }) => image) },
    { what: "kinds of hypervisor", count: different(({ hypervisor }) => hypervisor) },
  ];
  const ranked = configurations.filter(({ standing }) => standing.kind === "ranked");
  const seedSets = new Set(
    ranked.map((own) => [...new Set(own.trials.filter(({ status }) => status === "valid").map(({ seed }) => seed))].join(" ")),
  );
  return [
    ...(ranked.length > 0 && seeds < seedsForAClaim
      ? [`${seeds} ${seeds === 1 ? "seed" : "seeds"}: a claim needs ${seedsForAClaim}. Take differences for hints.`]
      : []),
    ...(seedSets.size > 1 ? ["Configurations were not all run with the same seeds; comparisons use the seeds that both have."] : []),
    ...(bounded > 0
      ? [
          `In ${bounded} ${bounded === 1 ? "trial" : "trials"} an objective is a lower bound (≥), for jobs were cut off: the true value is worse.`,
        ]
      : []),
    ...mixed.filter(({ count }) => count > 1).map(({ what, count }) => `Trials of ${count} ${what} are mixed.`),
  ];
}
