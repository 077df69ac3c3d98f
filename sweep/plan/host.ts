import { sum } from "simple-statistics";
import { describe } from "../../model/axis-values.ts";
import { capacityProblems, type HypervisorFacts } from "../../model/capacity.ts";
import { InvalidInput, type Problem } from "../../model/problem.ts";
import type { PlannedTrial } from "./trials.ts";

/** What a host has to know of a trial. */
export type Placed = Pick<PlannedTrial, "demand" | "hypervisors">;

/** A hypervisor that holds as many trials at once as its cores and memory allow. */
export class Host {
  private readonly held = new Set<Placed>();

  constructor(
    readonly uri: string,
    readonly facts: HypervisorFacts,
  ) {}

  /** Whether the trial may start here now. Alone it may have more virtual cores than there are: its own doubts say so. */
  hasRoomFor(trial: Placed): boolean {
    if (!trial.hypervisors.includes(this.uri)) return false;
    if (this.held.size === 0) return true;
    const all = [trial, ...this.held].map(({ demand }) => demand);
    const { cpus, memoryAvailableGiB, diskAvailableGiB } = this.facts;
    return (
      sum(all.map((demand) => demand.cpus)) <= cpus &&
      sum(all.map((demand) => demand.memoryGiB)) <= memoryAvailableGiB &&
      sum(all.map((demand) => demand.diskGiB)) <= (diskAvailableGiB ?? Infinity)
    );
  }

  take(trial: Placed): void {
    this.held.add(trial);
  }

  free(trial: Placed): void {
    this.held.delete(trial);
  }
}

/** Throws InvalidInput with every configuration that one of the hosts cannot hold even when it is empty. */
export function requireCapacity(sweep: string, trials: readonly PlannedTrial[], hosts: readonly Host[]): void {
  const configurations = [...new Map(trials.map((trial) => [describe(trial.values), trial])).values()];
  const problems = hosts.flatMap(({ uri, facts }) =>
    configurations
      .filter(({ hypervisors }) => hypervisors.includes(uri))
      .flatMap(({ values, tuple }): Problem[] =>
        capacityProblems(tuple.topology, facts).map(({ path, message }) => ({
          path,
          message: `${message} (${uri}, in ${describe(values)})`,
        })),
      ),
  );
  if (problems.length > 0) throw new InvalidInput(`sweep ${sweep}`, problems);
}
