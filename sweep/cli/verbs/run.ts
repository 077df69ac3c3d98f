import { complain, say } from "../../../analysis/say.ts";
import { isCompleted } from "../../../model/trial-file.ts";
import { secondsFrom } from "../../plan/estimate.ts";
import { requireCapacity } from "../../plan/host.ts";
import { standings } from "../../plan/plan.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import type { Executor, Work } from "../../run/executor.ts";
import { type Interruption, listenToSignals } from "../../run/interruption.ts";
import { localExecutor } from "../../run/local-executor.ts";
import { machines } from "../../run/machine-host.ts";
import { progressOn } from "../../run/progress.ts";
import type { SweepEnd } from "../../run/run-sweep.ts";
import { savingOf } from "../../run/saved-clusters.ts";
import { slurmExecutor } from "../../run/slurm-executor.ts";
import type { Claim } from "../../store/claims.ts";
import { writeSummary } from "../../store/summary.ts";
import { claims, exit, hostsOf, infrastructureOf, refuse, store } from "../project.ts";

import { searchHere } from "./search.ts";

export interface RunOptions {
  readonly parallel?: number;
  readonly resume?: boolean;
  readonly keepGoing?: boolean;
  readonly retry?: boolean;
  readonly savedClusters?: boolean;
  readonly savedSchedulers?: boolean;
  readonly executor: "local" | "slurm";
  readonly units: number;
  readonly sbatch: readonly string[];
}

/** Runs every trial that has no result yet and that nobody runs. */
export async function run(name: string, options: RunOptions): Promise<void> {
  const { sweep, trials, base, raw } = await readTrials(name);
  writeSummary(name, sweep, base);
  const { left, held } = claims.list(name);
  if (left.length > 0 && !options.resume)
    refuse(
      "run",
      `an earlier run left ${left.map(({ stack }) => stack).join(", ")}: go on with --resume, or remove them with gc ${name} --yes`,
    );
  for (const { stack, machine, pid } of held) complain(`${stack} is being run by process ${pid} on ${machine}`);
  const toRun = standings(trials, store.list().trials, options.retry ?? false).filter(
    ({ trial, reason }) => reason !== null && !held.some(({ id }) => id === trial.id),
  );
  // What is left of a trial that runs again goes when it begins.
  await clear(
    name,
    left.filter(({ id }) => !toRun.some(({ trial }) => trial.id === id)),
  );
  const { search } = sweep;
  if (search !== undefined) {
    if (options.executor === "slurm") refuse("executor", "slurm does not run a search, which must know what came of its trials: use local");
    const interruption = listenToSignals();
    const began = performance.now();
    let failed = false;
    const isDone = await searchHere(name, { ...sweep, search }, raw, async (wanted) => {
      const { hours } = sweep.budget;
      const left = hours === undefined ? undefined : Math.max(0, hours - (performance.now() - began) / 3_600_000);
      const work: Work = { name, sweep: { ...sweep, budget: { ...sweep.budget, hours: left } }, trials: wanted };
      const executed = await (await executors.local(work, { ...options, keepGoing: true }, () => interruption)).execute(work);
      if (executed.kind !== "ended") return false;
      failed ||= executed.end.left.length > 0;
      return executed.end.why === null;
    });
    process.exitCode = isDone ? (failed ? exit.no : exit.fine) : exit.unfinished;
    return;
  }
  if (toRun.length === 0) return say(`sweep ${name}: nothing to run`);
  const work: Work = { name, sweep, trials: toRun.map(({ trial }) => trial) };
  const executor = await executors[options.executor](work, options, listenToSignals);
  const executed = await executor.execute(work);
  executed.kind === "ended" ? conclude(name, executed.end) : say(executed.text);
}

/** Destroys what is left of trials that do not run again. */
async function clear(name: string, left: readonly Claim[]): Promise<void> {
  if (left.length === 0) return;
  const infrastructure = await infrastructureOf(name);
  for (const claim of left) {
    complain(`destroying ${claim.stack}, which an earlier run left`);
    try {
      await infrastructure.destroy({ name: claim.stack }, () => {});
      await machines.remove(claim.hypervisor, [claim.stack]);
      claims.drop(claim);
    } catch (error) {
      complain(`${claim.stack} could not be destroyed and was left: ${(error as Error).message}`);
    }
  }
}

/** Here and on the sweep's hosts, or as an array of a Slurm cluster's. */
const executors: Record<
  RunOptions["executor"],
  (work: Work, options: RunOptions, interruptionOf: () => Interruption) => Promise<Executor>
> = {
  local: async ({ name, trials }, { parallel, keepGoing, ...start }, interruptionOf) => {
    const hosts = await hostsOf(trials);
    requireCapacity(name, trials, hosts);
    return localExecutor({
      command: [process.execPath, ...process.execArgv, "sweep/cli/main.ts"],
      hosts,
      claims,
      saving: savingOf(start),
      parallel: parallel ?? Infinity,
      keepGoing: keepGoing ?? false,
      interruption: interruptionOf(),
      progress: progressOn(process.stderr),
      secondsOf: secondsFrom(store.list().trials),
    });
  },
  slurm: async (_, { units, parallel, sbatch }) => slurmExecutor({ command: ["sweep/sweep"], most: units, parallel, options: sbatch }),
};

function conclude(name: string, { ended, interrupted, waiting, why, left }: SweepEnd): void {
  const failed = ended.filter((trial) => !isCompleted(trial)).length;
  const rest = interrupted + waiting;
  const parts = [
    `${ended.length} trials ended`,
    ...(failed > 0 ? [`${failed} of them failed`] : []),
    ...(rest > 0 ? [`${rest} are still to run (${why ?? "interrupted"}): go on with --resume`] : []),
  ];
  say(`sweep ${name}: ${parts.join(", ")}`);
  for (const line of left) complain(`left running: ${line}`);
  process.exitCode = rest > 0 ? exit.unfinished : failed > 0 ? exit.no : exit.fine;
}
