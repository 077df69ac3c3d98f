import { complain, say, sayJson } from "../../../analysis/say.ts";
import { InvalidInput } from "../../../model/problem.ts";
import { requireCapacity } from "../../plan/host.ts";
import { planJson, planOf, planText, standings } from "../../plan/plan.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import { matrixExecutor } from "../../run/matrix-executor.ts";
import { savingOf } from "../../run/saved-clusters.ts";
import { hostsOf, store } from "../project.ts";

export interface PlanOptions {
  readonly parallel?: number;
  readonly retry?: boolean;
  readonly savedClusters?: boolean;
  readonly savedSchedulers?: boolean;
  readonly json?: boolean;
  readonly matrix?: number;
}

/** Says what a run would do, and does nothing. */
export async function plan(
  name: string,
  { parallel = Infinity, retry = false, json = false, matrix, ...start }: PlanOptions,
): Promise<void> {
  const { sweep, trials } = await readTrials(name);
  const { trials: files } = store.list();
  if (matrix !== undefined) {
    const toRun = standings(trials, files, retry).flatMap(({ trial, reason }) => (reason === null ? [] : [trial]));
    const executed = await matrixExecutor(matrix).execute({ name, sweep, trials: toRun });
    if (executed.kind === "handed over") say(executed.text);
    return;
  }
  // A plan may be made where there is no hypervisor; it then says less.
  const hosts = await hostsOf(trials).catch((error: unknown) => {
    complain(error instanceof InvalidInput ? error.message : String(error));
    return [];
  });
  requireCapacity(name, trials, hosts);
  const found = planOf(name, trials, files, { hosts, parallel, retry, saving: savingOf(start) });
  json ? sayJson(planJson(found), 2) : say(planText(found));
}
