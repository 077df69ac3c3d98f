import { costBasis } from "../../model/metrics/control-plane-cost.ts";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import type { Run } from "../../model/run.ts";
import type { Purpose } from "../../model/workload.ts";

/** What is looked at of a record. */
interface Measured {
  readonly runs: readonly { readonly purpose: Purpose; readonly run: Pick<Run, "metrics"> }[];
  readonly objectives: Readonly<Record<string, unknown>>;
}

/** On what each of a record's objectives rests, by its key: `free nodes`, `last cleaned`. Two of different bases are not comparable. */
export function basesOf(
  { runs, objectives }: Measured,
  declared: readonly DeclaredObjective[] = objectiveList,
): Readonly<Record<string, string>> {
  const found = Object.keys(objectives).flatMap((key): [string, string][] => {
    const source = declared.find((objective) => objective.key === key)?.restsOn;
    if (source === undefined) return [];
    const own = runs.filter(({ purpose }) => source.purposes.includes(purpose));
    const bases = own.flatMap(({ run }) => {
      const metric = run.metrics.find(({ name }) => name === source.metric);
      const told = metric?.basis === undefined ? undefined : costBasis(metric.basis);
      const basis = told ?? (source.metric === "meanBoundedSlowdown" ? startTold(run.metrics) : undefined);
      return basis === undefined ? [] : [basis];
    });
    return bases.length === 0 ? [] : [[key, [...new Set(bases)].sort().join(" and ")]];
  });
  return Object.fromEntries(found);
}

/** Of records of before α had a basis: only jobs that told their own start have a launch time. */
function startTold(metrics: readonly { readonly name: string; readonly value: number | null }[]): string | undefined {
  const launch = metrics.find(({ name }) => name === "p50Launch");
  if (launch === undefined) return undefined;
  return launch.value === null ? "starts told by the scheduler" : "starts told by the jobs";
}
