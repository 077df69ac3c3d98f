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
  const all = new Set(ranked.flatMap((own) => own.trials.map(({ seed }) => seed))).size;
  return [
    ...(ranked.length > 0 && seeds < seedsForAClaim
      ? [`${seeds} ${seeds === 1 ? "seed" : "seeds"}: a claim needs ${seedsForAClaim}. Treat differences as hints.`]
      : []),
    ...(ranked.length > 0 && seeds < all
      ? [`${seeds} of ${all} seeds have a valid trial of every ranked configuration: means and comparisons use these alone.`]
      : []),
    ...ranked.flatMap(lostTrials),
    ...configurations.flatMap(saturatedTrials),
    ...(bounded > 0
      ? [
          `In ${bounded} ${bounded === 1 ? "trial" : "trials"} an objective is a lower bound (≥), for jobs were cut off: the true value may be higher. It counts as the worst that it may be.`,
        ]
      : []),
    ...mixed.filter(({ count }) => count > 1).map(({ what, count }) => `Trials of ${count} ${what} are mixed.`),
  ];
}

function saturatedTrials({ id, trials }: Configuration): string[] {
  const saturated = trials.filter(({ status, doubts }) => status === "valid" && doubts.some(({ code }) => code === "saturated")).length;
  return saturated === 0
    ? []
    : [`${id}: saturated in ${saturated} of ${trials.length} trials. α grows with the stream; its number is no result.`];
}

/** `A: 5 of 10 trials invalid (driver late)`: counts against it, though its means look no worse for that. */
function lostTrials({ id, trials }: Configuration): string[] {
  const lost = trials.filter(({ status }) => status === "invalid");
  if (lost.length === 0) return [];
  const codes = new Set(
    lost.flatMap(({ doubts, reason }) => [
      ...doubts.filter(({ severity }) => severity === "invalid").map(({ code }) => code),
      ...(reason?.startsWith("host loaded") ? ["host loaded"] : []),
    ]),
  );
  return [`${id}: ${lost.length} of ${trials.length} trials invalid${codes.size > 0 ? ` (${[...codes].join(", ")})` : ""}.`];
}
