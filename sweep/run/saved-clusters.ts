import { sum } from "simple-statistics";
import type { Demand } from "../../model/capacity.ts";
import { digestOf } from "../../model/identity.ts";
import type { Start } from "../../model/record.ts";
import { type PlannedTrial, stackOf } from "../plan/trials.ts";
import { type Claims, type Held, isHeld } from "../store/claims.ts";

/** A stack that has machines saved, from which trials start, one at a time. */
export interface SavedStack {
  readonly stack: string;
  readonly hypervisor: string;
  readonly claim: Held;
}

/** Machines that were saved when they were ready for a scheduler. */
export interface SavedCluster extends SavedStack {
  /** What its machines are and what is on them. */
  readonly key: string;
  readonly demand: Demand;
  /** The same machines saved once more each, with a scheduler that runs; by what the scheduler is. */
  readonly schedulers: Map<string, SavedStack>;
}

/** What a trial starts from. */
export interface SavedStart {
  readonly cluster: SavedCluster;
  /** Where it finds its scheduler running. */
  readonly scheduler?: SavedStack;
}

/** Stacks that a trial starts from, which are made where they are not there yet. */
export interface SavedStacks {
  /** Of a saved cluster; where there is none, the trial boots. */
  readonly savedCluster?: string;
  /** One that saved that cluster once more, with the trial's scheduler running. */
  readonly savedScheduler?: string;
}

/** The stacks that a trial starts from. */
export const stacksOf = (saved: SavedStart | undefined): SavedStacks => ({
  ...(saved === undefined ? {} : { savedCluster: saved.cluster.stack }),
  ...(saved?.scheduler === undefined ? {} : { savedScheduler: saved.scheduler.stack }),
});

/** How a trial starts there. */
export const startFrom = ({ savedCluster, savedScheduler }: SavedStacks): Start =>
  savedCluster === undefined ? "booted" : savedScheduler === undefined ? "restored" : "restored running";

/** What is saved for trials to start from, each of which has all that comes before it. */
export type Saving = "nothing" | "clusters" | "schedulers";

/** By the command's options. */
export const savingOf = ({
  savedClusters,
  savedSchedulers,
}: {
  readonly savedClusters?: boolean;
  readonly savedSchedulers?: boolean;
}): Saving => (savedSchedulers ? "schedulers" : savedClusters ? "clusters" : "nothing");

/** Trials for which this is the same may start from the same saved cluster: one image, one topology, one program. */
export const clusterKey = ({ tuple: { topology }, key: { image, program } }: PlannedTrial): string => {
  const { uri: _anyOfItsHosts, ...hypervisor } = topology.hypervisor;
  return digestOf([{ ...topology, hypervisor }, image, program]);
};

const schedulerKey = ({ tuple: { scheduler } }: PlannedTrial): string => digestOf(scheduler);

/** The saved clusters that a run of the sweep makes and keeps for as long as it lasts, one for each trial that runs at once. */
export class SavedClusters {
  private readonly idle: SavedCluster[] = [];
  private readonly busy = new Set<SavedCluster>();

  constructor(
    private readonly claims: Claims,
    private readonly saving: Saving,
  ) {}

  /**
   * What the trial is to start from; undefined where it has to boot: it says so itself, no other of `waiting` could use the
   * cluster after it, or the hypervisor has no room for the file. A new one has still to be made.
   */
  take(trial: PlannedTrial, hypervisor: string, waiting: readonly PlannedTrial[], diskGiB: number): SavedStart | undefined {
    if (this.saving === "nothing" || trial.tuple.fresh) return undefined;
    const key = clusterKey(trial);
    const mayFollow = (other: PlannedTrial) => other !== trial && !other.tuple.fresh && clusterKey(other) === key;
    const found = this.idle.find((cluster) => cluster.key === key && cluster.hypervisor === hypervisor);
    if (found !== undefined) this.idle.splice(this.idle.indexOf(found), 1);
    const { diskGiB: disks, memoryGiB: memory } = trial.demand;
    const isWorthwhile = () => this.savedGiB() + disks + memory <= diskGiB && waiting.some(mayFollow);
    const cluster = found ?? (isWorthwhile() ? this.made(key, trial, hypervisor) : undefined);
    if (cluster === undefined) return undefined;
    this.busy.add(cluster);
    const scheduler = this.scheduler(
      cluster,
      trial,
      (key) => waiting.some((other) => mayFollow(other) && schedulerKey(other) === key),
      diskGiB,
    );
    return scheduler === undefined ? { cluster } : { cluster, scheduler };
  }

  free({ cluster }: SavedStart): void {
    this.busy.delete(cluster);
    this.idle.push(cluster);
  }

  /**
   * Whose stacks have to be destroyed once no trial runs any more: first all of the first list, for the machines are those
   * of the second.
   */
  all(): readonly [readonly SavedStack[], readonly SavedStack[]] {
    const clusters = this.clusters();
    return [clusters.flatMap(({ schedulers }) => [...schedulers.values()]), clusters];
  }

  private clusters(): SavedCluster[] {
    return [...this.idle, ...this.busy];
  }

  /** Disks, and memory as often as it is saved. */
  private savedGiB(): number {
    return sum(this.clusters().map(({ demand, schedulers }) => demand.diskGiB + demand.memoryGiB * (1 + schedulers.size)));
  }

  /** The trial's own, saved on this cluster; undefined where no other that waits could use it after the trial, or there is no room. */
  private scheduler(
    cluster: SavedCluster,
    trial: PlannedTrial,
    isWanted: (key: string) => boolean,
    diskGiB: number,
  ): SavedStack | undefined {
    if (this.saving !== "schedulers") return undefined;
    const key = schedulerKey(trial);
    const found = cluster.schedulers.get(key);
    if (found !== undefined) return found;
    if (this.savedGiB() + trial.demand.memoryGiB > diskGiB || !isWanted(key)) return undefined;
    const made = this.claimed(["saved scheduler", cluster.stack, key], trial.sweep, cluster.hypervisor);
    if (made !== undefined) cluster.schedulers.set(key, made);
    return made;
  }

  /** The first that no other run of the sweep has. */
  private made(key: string, { sweep, demand }: PlannedTrial, hypervisor: string): SavedCluster {
    for (let slot = 0; ; slot++) {
      const made = this.claimed(["saved cluster", key, hypervisor, slot], sweep, hypervisor);
      if (made !== undefined) return { ...made, key, demand, schedulers: new Map() };
    }
  }

  /** Undefined where it is there already, of this run or another. */
  private claimed(what: readonly unknown[], sweep: string, hypervisor: string): SavedStack | undefined {
    const id = digestOf(what).slice(0, 16);
    const stack = stackOf(sweep, id);
    if (this.clusters().some((cluster) => cluster.stack === stack)) return undefined;
    const claim = this.claims.take({ id, sweep, stack }, hypervisor);
    return isHeld(claim) ? { stack, hypervisor, claim } : undefined;
  }
}
