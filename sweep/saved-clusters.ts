import { sum } from "simple-statistics";
import { digestOf } from "../analysis/canonical.ts";
import type { Demand } from "../model/capacity.ts";
import { type Claims, type Held, isHeld } from "./claims.ts";
import { type PlannedTrial, stackOf } from "./trials.ts";

/** A stack whose machines were saved when they were ready for a scheduler; trials start from there, one at a time. */
export interface SavedCluster {
  readonly stack: string;
  readonly hypervisor: string;
  /** What its machines are and what is on them. */
  readonly key: string;
  readonly demand: Demand;
  readonly claim: Held;
}

/** Trials for which this is the same may start from the same saved cluster: one image, one topology, one program. */
export const clusterKey = ({ tuple: { topology }, key: { image, program } }: PlannedTrial): string => {
  const { uri: _anyOfItsHosts, ...hypervisor } = topology.hypervisor;
  return digestOf([{ ...topology, hypervisor }, image, program]);
};

/** The saved clusters that a run of the sweep makes and keeps for as long as it lasts, one for each trial that runs at once. */
export class SavedClusters {
  private readonly idle: SavedCluster[] = [];
  private readonly busy = new Set<SavedCluster>();

  /** Where they are not wanted, every trial boots. */
  constructor(
    private readonly claims: Claims,
    private readonly wanted: boolean,
  ) {}

  /**
   * What the trial is to start from; undefined where it has to boot: it says so itself, no other of `waiting` could use the
   * cluster after it, or the hypervisor has no room for the file. A new one has still to be made.
   */
  take(trial: PlannedTrial, hypervisor: string, waiting: readonly PlannedTrial[], diskGiB: number): SavedCluster | undefined {
    if (!this.wanted || trial.tuple.fresh) return undefined;
    const key = clusterKey(trial);
    const found = this.idle.find((cluster) => cluster.key === key && cluster.hypervisor === hypervisor);
    if (found !== undefined) this.idle.splice(this.idle.indexOf(found), 1);
    const cluster = found ?? (this.isWorthwhile(key, trial, waiting, diskGiB) ? this.made(key, trial, hypervisor) : undefined);
    if (cluster !== undefined) this.busy.add(cluster);
    return cluster;
  }

  free(cluster: SavedCluster): void {
    this.busy.delete(cluster);
    this.idle.push(cluster);
  }

  /** Whose stacks have to be destroyed once no trial runs any more. */
  all(): readonly SavedCluster[] {
    return [...this.idle, ...this.busy];
  }

  private isWorthwhile(key: string, trial: PlannedTrial, waiting: readonly PlannedTrial[], diskGiB: number): boolean {
    const room = sum([trial, ...this.all()].map(({ demand }) => demand.diskGiB + demand.memoryGiB)) <= diskGiB;
    return room && waiting.some((other) => other !== trial && !other.tuple.fresh && clusterKey(other) === key);
  }

  /** The first that no other run of the sweep has. */
  private made(key: string, { sweep, demand }: PlannedTrial, hypervisor: string): SavedCluster {
    for (let slot = 0; ; slot++) {
      const id = digestOf(["saved cluster", key, hypervisor, slot]).slice(0, 16);
      if (this.all().some(({ stack }) => stack === stackOf(sweep, id))) continue;
      const claim = this.claims.take({ id, sweep, stack: stackOf(sweep, id) }, hypervisor);
      if (isHeld(claim)) return { stack: stackOf(sweep, id), hypervisor, key, demand, claim };
    }
  }
}
