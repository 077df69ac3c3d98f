import { existsSync, statSync } from "node:fs";
import { readFacts } from "../../analysis/comparability.ts";
import type { Side } from "../../analysis/compare.ts";
import type { AxisValues } from "../../model/axis-values.ts";
import { shortPath } from "../../model/axis-values.ts";
import { canonical } from "../../model/identity.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { TrialFile } from "../../model/trial-file.ts";
import { readTrials } from "../plan/read-sweep.ts";
import { TrialStore } from "../store/trial-store.ts";

/**
 * One side of a comparison as it is written: a sweep's name or a folder of trial files, and behind a colon the
 * configurations that are meant, `backfill:SchedulerType=sched/builtin,PriorityWeightJobSize=0`.
 */
export async function readSide(text: string, results: TrialStore): Promise<Side> {
  const colon = text.indexOf(":");
  const source = colon < 0 ? text : text.slice(0, colon);
  const trials = latest(await trialsOf(source, results));
  const picked = colon < 0 ? {} : picks(text.slice(colon + 1), trials);
  const wanted = trials.filter((trial) =>
    Object.entries(picked).every(([path, value]) => canonical(pickable(trial)[path]) === canonical(value)),
  );
  return { name: text, trials: wanted, picked, facts: readFacts(wanted, isFolderOf(source) ? source : results.folder) };
}

const isFolderOf = (source: string) => existsSync(source) && statSync(source).isDirectory();

async function trialsOf(source: string, results: TrialStore): Promise<readonly TrialFile[]> {
  const isFolder = isFolderOf(source);
  const { trials, unreadable } = (isFolder ? new TrialStore(source, results.declared) : results).list();
  const [bad] = unreadable;
  if (bad !== undefined) refuse(`${bad.file} cannot be read: ${bad.reason}`);
  if (isFolder) return trials;
  const planned = new Set((await readTrials(source)).trials.map(({ id }) => id));
  return trials.filter(({ id }) => planned.has(id));
}

/** `a=1,b=x` with axes by the end of their paths, and values as JSON or plain text. */
function picks(text: string, trials: readonly TrialFile[]): AxisValues {
  const paths = [...new Set(trials.flatMap((trial) => Object.keys(pickable(trial))))];
  const entries = text.split(",").map((part) => {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals);
    const found = paths.filter((path) => path === name || path.endsWith(`.${name}`));
    const [path] = found;
    if (equals < 0 || path === undefined || found.length > 1)
      return refuse(`"${part}" is not axis=value with one of the axes ${paths.map((each) => shortPath(each, paths)).join(", ")}`);
    return [path, plainOrJson(part.slice(equals + 1))] as const;
  });
  return Object.fromEntries(entries);
}

/** A repetition can be picked as if it were an axis: two of them compare a configuration with itself. */
const pickable = ({ values, repetition }: TrialFile): AxisValues => ({ ...values, repetition });

function plainOrJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Of trials of the same configuration, seed and repetition, made by different versions of the program, the last. */
function latest(trials: readonly TrialFile[]): TrialFile[] {
  const byKey = new Map<string, TrialFile>();
  for (const trial of trials.toSorted((a, b) => (a.ended < b.ended ? -1 : 1)))
    byKey.set(canonical([trial.values, trial.seed, trial.repetition]), trial);
  return [...byKey.values()];
}

function refuse(message: string): never {
  throw new InvalidInput("comparison", [{ path: ["side"], message }]);
}
