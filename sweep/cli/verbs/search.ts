import { scaleOf } from "../../../analysis/objective-scale.ts";
import { complain, say } from "../../../analysis/say.ts";
import type { AxisValues } from "../../../model/axis-values.ts";
import { objectiveList } from "../../../model/objectives.ts";
import { isCompleted, type TrialFile } from "../../../model/trial-file.ts";
import { type RawTuple, searchedDigest, seedsOf } from "../../plan/configurations.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import type { Sweep } from "../../plan/sweep.ts";
import type { PlannedTrial } from "../../plan/trials.ts";
import { logAsked, suggestionsIn } from "../../search/log.ts";
import { type Evaluated, falselyGivenUp, runSearch, type SearchedObjective } from "../../search/loop.ts";
import { gridSearch, type Optimiser, randomSearch } from "../../search/optimiser.ts";
import { optuna } from "../../search/optuna.ts";
import type { Search } from "../../search/space.ts";
import { searchLog } from "../../store/folders.ts";
import { store } from "../project.ts";

/** Runs trials that have no result yet; false: it was interrupted, or the hours are used up. */
export type RunTrials = (trials: readonly PlannedTrial[]) => Promise<boolean>;

/** Searches `sweeps/<name>.yaml`: asks, runs what has no result, tells. What an earlier run asked for comes first. */
export async function searchHere(
  name: string,
  sweep: Sweep & { readonly search: Search },
  raw: RawTuple,
  runTrials: RunTrials,
): Promise<boolean> {
  const { search } = sweep;
  const objectives = searchedObjectives(search);
  const seeds = seedsOf(sweep);
  const log = searchLog(name);
  let isStopped = false;
  const evaluate = async (asked: readonly { readonly values: AxisValues; readonly seed: number }[]): Promise<Evaluated[]> => {
    const { trials } = await readTrials(name);
    const digests = new Map(trials.map(({ id, values }) => [id, searchedDigest(name, sweep, raw, values)]));
    const planned = asked.map(({ values, seed }) => {
      const digest = searchedDigest(name, sweep, raw, values);
      return { values, seed, own: trials.filter((trial) => trial.seed === seed && digests.get(trial.id) === digest) };
    });
    const before = new Set(store.list().trials.map(({ id }) => id));
    const toRun = planned
      .flatMap(({ own }) => own)
      .filter(({ id }, i, all) => !before.has(id) && all.findIndex((other) => other.id === id) === i);
    if (toRun.length > 0 && !isStopped && !(await runTrials(toRun))) isStopped = true;
    const files = new Map(store.list().trials.map((file) => [file.id, file]));
    return planned.map(({ values, seed, own }) => ({
      values,
      seed,
      objectives: numbersOf(
        own.flatMap(({ id }) => files.get(id) ?? []),
        objectives,
      ),
    }));
  };
  await evaluate(seeds.map((seed) => ({ values: {}, seed })));
  const optimiser = optimiserOf(search);
  try {
    const { why, evaluated } = await runSearch({
      optimiser,
      objectives,
      seeds,
      seedsFirst: Math.min(search.seedsFirst, seeds.length),
      configurations: search.configurations,
      atOnce: search.atOnce,
      patience: search.patience,
      evaluate,
      onAsked: (suggestions) => logAsked(log, suggestions),
      pending: suggestionsIn(log),
      isStopped: () => isStopped,
      onStep: ({ configurations, trials, onFront, hypervolume }) =>
        complain(
          `search ${name}: ${configurations} of ${search.configurations} configurations, ${trials} trials, ${onFront} on the front${hypervolume === null ? "" : `, hypervolume ${hypervolume.toPrecision(4)}`}`,
        ),
    });
    say(
      `search ${name}: ended after ${evaluated.length} trials: ${why}; a configuration of the front was given up with a probability of ${100 * falselyGivenUp} % at most`,
    );
    return why !== "interrupted";
  } finally {
    await optimiser.close();
  }
}

function optimiserOf({ method, parameters: space, objectives, seed, gridSteps }: Search): Optimiser {
  if (method === "random") return randomSearch(space, seed);
  if (method === "grid") return gridSearch(space, gridSteps);
  return optuna({ space, method, objectives: Object.keys(objectives).length, seed });
}

const searchedObjectives = ({ objectives }: Search): SearchedObjective[] =>
  objectiveList.flatMap((own) => {
    const wanted = objectives[own.key];
    return wanted === undefined ? [] : [{ key: own.key, better: own.better, scale: scaleOf(own), limit: wanted.limit }];
  });

/** Means over repetitions; null where no trial has all objectives. */
function numbersOf(files: readonly TrialFile[], objectives: readonly SearchedObjective[]): Record<string, number> | null {
  const found = files.flatMap((file) => {
    if (!isCompleted(file) || !("objectives" in file.outcome)) return [];
    const all = file.outcome.objectives;
    const values = objectives.map(({ key, scale }) => {
      const value = all[key]?.value ?? null;
      return value === null || (scale === "log10" && value <= 0) ? null : value;
    });
    return values.includes(null) ? [] : [values as number[]];
  });
  if (found.length === 0) return null;
  return Object.fromEntries(objectives.map(({ key }, k) => [key, found.reduce((sum, own) => sum + (own[k] as number), 0) / found.length]));
}
