import { complain, sayJson } from "../../../analysis/say.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import { discardAll } from "../../run/discard.ts";
import { listenToSignals } from "../../run/interruption.ts";
import { machines } from "../../run/machine-host.ts";
import { runTrial } from "../../run/run-trial.ts";
import { SavedClusters, savingOf, stacksOf } from "../../run/saved-clusters.ts";
import type { Said } from "../../run/trial-process.ts";
import { claims, exit, infrastructureOf, refuse, store } from "../project.ts";

export interface TrialOptions {
  readonly hypervisor?: string;
  readonly savedCluster?: string;
  readonly savedScheduler?: string;
  readonly savedClusters?: boolean;
  readonly savedSchedulers?: boolean;
  readonly events?: boolean;
}

/** Runs trials one after another in this process. One that failed is a result: whoever started this need not run it again. */
export async function trial(
  name: string,
  ids: readonly string[],
  { hypervisor, savedCluster, savedScheduler, events = false, ...start }: TrialOptions,
): Promise<void> {
  if (savedScheduler !== undefined && savedCluster === undefined)
    refuse("trial", `--saved-scheduler ${savedScheduler} needs --saved-cluster, the stack whose machines it is saved on`);
  const { sweep, trials } = await readTrials(name);
  const wanted = ids.map(
    (id) =>
      trials.find((planned) => planned.id === id) ??
      refuse("trial", `"${id}" is not one of the sweep's trials: the sweep or the program has changed since the plan was made`),
  );
  const interruption = listenToSignals();
  interruption.abandon.addEventListener("abort", () => process.exit(exit.unfinished));
  const infrastructure = await infrastructureOf(name);
  const say = (said: Said) => events && sayJson(said);
  // Of its own, where it runs several and nobody says where they start.
  const savedClusters = new SavedClusters(claims, savingOf(start));
  for (const [i, planned] of wanted.entries()) {
    if (interruption.stop.aborted) break;
    const uri = hypervisor ?? planned.tuple.topology.hypervisor.uri;
    const own = savedCluster === undefined ? savedClusters.take(planned, uri, wanted.slice(i), Infinity) : undefined;
    const given = { ...(savedCluster && { savedCluster }), ...(savedScheduler && { savedScheduler }) };
    const end = await runTrial(planned, {
      infrastructure,
      store,
      claims,
      limitMinutes: sweep.trialMinutes,
      stop: interruption.stop,
      onStep: (step) => {
        say({ step });
        complain(`${new Date().toISOString()} ${planned.stack}: ${step}`);
      },
      ...(hypervisor === undefined ? {} : { hypervisor }),
      ...(own === undefined ? given : stacksOf(own)),
    });
    if (own !== undefined) savedClusters.free(own);
    say({ end });
    const how =
      end.kind === "ended" ? end.trial.outcome.kind : end.kind === "taken" ? `run by process ${end.by.pid} on ${end.by.machine}` : end.kind;
    complain(`${planned.stack}: ${how}`);
    if ("left" in end) complain(`${planned.stack} could not be destroyed: ${end.left}`);
  }
  const left = await discardAll(savedClusters.all(), async ({ stack, hypervisor: uri }) => {
    try {
      await infrastructure.destroy({ name: stack }, () => {});
      await machines.remove(uri, [stack]);
    } catch (error) {
      return (error as Error).message;
    }
  });
  for (const line of left) complain(`could not be destroyed: ${line}`);
  process.exitCode = interruption.stop.aborted ? exit.unfinished : exit.fine;
}
