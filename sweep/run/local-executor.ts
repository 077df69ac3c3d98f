import type { SecondsOf } from "../plan/estimate.ts";
import type { Host } from "../plan/host.ts";
import type { Claims } from "../store/claims.ts";
import { logsFolder } from "../store/folders.ts";
import { discardAll, discardBy } from "./discard.ts";
import type { Executor } from "./executor.ts";
import type { Interruption } from "./interruption.ts";
import type { Progress } from "./progress.ts";
import { runSweep } from "./run-sweep.ts";
import { SavedClusters, type Saving } from "./saved-clusters.ts";
import { trialProcess } from "./trial-process.ts";

export interface LocalSetting {
  /** The command `sweep`, to which its verbs are appended. */
  readonly command: readonly [string, ...string[]];
  /** Where the machines run: this machine, or hypervisors elsewhere. */
  readonly hosts: readonly Host[];
  readonly claims: Claims;
  readonly saving: Saving;
  /** Most trials at once, whatever the hosts could hold. */
  readonly parallel: number;
  /** Go on after a trial that failed. */
  readonly keepGoing: boolean;
  readonly interruption: Interruption;
  readonly progress: Progress;
  readonly secondsOf: SecondsOf;
}

/** Runs the trials by processes of this machine, as many side by side as the hosts hold, and waits for them. */
export const localExecutor = ({ command, claims, saving, ...setting }: LocalSetting): Executor => ({
  execute: async ({ name, sweep, trials }) => {
    const savedClusters = new SavedClusters(claims, saving);
    const end = await runSweep(trials, {
      ...setting,
      start: trialProcess([...command, "trial"], logsFolder(name)),
      savedClusters,
      hours: sweep.budget.hours,
    });
    const left = await discardAll(savedClusters.all(), discardBy([...command, "discard"], name, setting.interruption));
    return { kind: "ended", end: { ...end, left: [...end.left, ...left] } };
  },
});
