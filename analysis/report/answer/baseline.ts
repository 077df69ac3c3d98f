import { basename, dirname } from "node:path";
import type { SweepSummary } from "../../../model/sweep-summary.ts";
import type { Configuration } from "../analysis.ts";

/** The configuration that others are compared with, or why none is known. */
export interface Baseline {
  readonly configuration: Configuration | null;
  readonly source: string;
}

/**
 * The one that was asked for, by a stack's name, the start of its digest or some of its parameters; else what a sweep of its trials says
 * is its base; else a stack that was brought up by itself, where there is only one.
 */
export function baselineOf(known: readonly Configuration[], asked: string | null, sweeps: readonly SweepSummary[]): Baseline {
  if (asked !== null)
    return {
      ...only(
        known.filter((own) => isMeant(own, asked)),
        asked,
      ),
    };
  const bases = sweeps.flatMap((sweep) => {
    const found = known.find(({ comparedDigest }) => comparedDigest === sweep.baseline);
    const trials = known.flatMap((own) => own.trials).filter((trial) => trial.sweep?.name === sweep.sweep).length;
    return found === undefined ? [] : [{ found, sweep, trials }];
  });
  const [base] = bases.toSorted((a, b) => b.trials - a.trials);
  if (base !== undefined) return { configuration: base.found, source: `the base of sweep ${base.sweep.sweep}, stack ${base.sweep.base}` };
  const alone = known.filter(({ trials }) => trials.some(({ sweep, sha256 }) => sweep === null && sha256 !== null));
  const [first] = alone;
  if (first !== undefined && alone.length === 1 && known.length > 1)
    return { configuration: first, source: "the only configuration that was brought up by itself and not by a sweep" };
  return {
    configuration: null,
    source:
      sweeps.length > 0
        ? `none: the base of ${sweeps.map(({ sweep }) => sweep).join(", ")} was not run; set includeBase: true in the sweep, or name another with --baseline`
        : "none is known: name one with --baseline",
  };
}

function only(found: readonly Configuration[], asked: string): Baseline {
  const [first] = found;
  if (first === undefined) return { configuration: null, source: `none: no configuration of this section is "${asked}"` };
  if (found.length === 1) return { configuration: first, source: `--baseline ${asked}` };
  return { configuration: null, source: `none: "${asked}" means ${found.map(({ id }) => id).join(", ")}; name more parameters` };
}

function isMeant({ digest, parameters, trials }: Configuration, asked: string): boolean {
  if (trials.some(({ file, sweep }) => sweep === null && basename(dirname(file)) === asked)) return true;
  if (/^[0-9a-f]{8,64}$/.test(asked)) return digest.startsWith(asked);
  const picks = asked.split(",").map((part) => part.split("="));
  return picks.every(([name, value]) =>
    Object.entries(parameters).some(([path, own]) => `.${path}`.endsWith(`.${name}`) && String(own) === value),
  );
}
