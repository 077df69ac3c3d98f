import { complain, say } from "../../../analysis/say.ts";
import type { Demand } from "../../../model/capacity.ts";
import { isCompleted } from "../../../model/trial-file.ts";
import { secondsFrom } from "../../plan/estimate.ts";
import { requireCapacity } from "../../plan/host.ts";
import { type Standing, standings, units } from "../../plan/plan.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import type { Sweep } from "../../plan/sweep.ts";
import { discardAll, discardBy } from "../../run/discard.ts";
import { listenToSignals } from "../../run/interruption.ts";
import { localExecutor } from "../../run/local-executor.ts";
import { machines } from "../../run/machine-host.ts";
import { progressOn } from "../../run/progress.ts";
import { runSweep, type SweepEnd } from "../../run/run-sweep.ts";
import { SavedClusters, savingOf } from "../../run/saved-clusters.ts";
import { submitArray } from "../../run/slurm-executor.ts";
import type { Claim } from "../../store/claims.ts";
import { logsFolder } from "../../store/folders.ts";
import { claims, exit, hostsOf, infrastructureOf, refuse, store } from "../project.ts";

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
  const { sweep, trials } = await readTrials(name);
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
  if (toRun.length === 0) return say(`sweep ${name}: nothing to run`);
  await (options.executor === "slurm" ? submit : runHere)(name, sweep, toRun, options);
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

async function runHere(
  name: string,
  sweep: Sweep,
  standing: readonly Standing[],
  { parallel, keepGoing, ...start }: RunOptions,
): Promise<void> {
  const trials = standing.map(({ trial }) => trial);
  const hosts = await hostsOf(trials);
  requireCapacity(name, trials, hosts);
  const command = [process.execPath, ...process.execArgv, "sweep/cli/main.ts"] as const;
  const interruption = listenToSignals();
  const clusters = new SavedClusters(claims, savingOf(start));
  const end = await runSweep(trials, {
    start: localExecutor([...command, "trial"], logsFolder(name)),
    hosts,
    savedClusters: clusters,
    parallel: parallel ?? Infinity,
    keepGoing: keepGoing ?? false,
    hours: sweep.budget.hours,
    interruption,
    progress: progressOn(process.stderr),
    secondsOf: secondsFrom(store.list().trials),
  });
  const left = await discardAll(clusters.all(), discardBy([...command, "discard"], name, interruption));
  conclude(name, { ...end, left: [...end.left, ...left] });
}

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

async function submit(name: string, sweep: Sweep, standing: readonly Standing[], options: RunOptions): Promise<void> {
  const dealt = units(standing, options.units);
  const job = await submitArray({
    units: dealt,
    parallel: options.parallel,
    demand: largest(standing.map(({ trial }) => trial.demand)),
    minutes: sweep.trialMinutes * Math.max(...dealt.map((unit) => unit.length)),
    command: ["sweep/sweep", "trial", name],
    folder: logsFolder(name),
    options: options.sbatch,
  });
  say(`submitted ${standing.length} trials as ${dealt.length} tasks of job ${job}; "sweep status ${name}" says how far they are`);
}

/** The most that any takes, of each resource. */
function largest(demands: readonly Demand[]): Demand {
  const most = (of: (demand: Demand) => number) => Math.max(...demands.map(of));
  return {
    machines: most(({ machines }) => machines),
    cpus: most(({ cpus }) => cpus),
    memoryGiB: most(({ memoryGiB }) => memoryGiB),
    diskGiB: most(({ diskGiB }) => diskGiB),
  };
}
