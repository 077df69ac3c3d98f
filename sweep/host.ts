import { capacityProblems, type Demand, type HypervisorFacts } from "../model/capacity.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { describe } from "./configurations.ts";
import { ask } from "./processes.ts";
import type { PlannedTrial } from "./trials.ts";

/** A hypervisor that holds as many trials at once as its cores and memory allow. */
export class Host {
  private taken: Demand[] = [];

  constructor(
    readonly uri: string,
    readonly facts: HypervisorFacts,
  ) {}

  /** Whether a trial may start now. Alone it may have more virtual cores than there are: its own doubts say so. */
  hasRoomFor(demand: Demand): boolean {
    if (this.taken.length === 0) return true;
    const with_ = (of: (demand: Demand) => number) => this.taken.reduce((sum, other) => sum + of(other), of(demand));
    const { cpus, memoryAvailableGiB, diskAvailableGiB } = this.facts;
    return (
      with_(({ cpus }) => cpus) <= cpus &&
      with_(({ memoryGiB }) => memoryGiB) <= memoryAvailableGiB &&
      with_(({ diskGiB }) => diskGiB) <= (diskAvailableGiB ?? Infinity)
    );
  }

  take(demand: Demand): void {
    this.taken.push(demand);
  }

  free(demand: Demand): void {
    this.taken = this.taken.filter((other) => other !== demand);
  }
}

/** Asks the hypervisor what it has; throws InvalidInput where it does not answer. */
export async function probeHost(uri: string, imagesDirectory: string): Promise<Host> {
  // No stack has this prefix: memory that trials take already is not counted as free.
  const facts = await ask<HypervisorFacts | { error: string }>("components/scripts/probe-hypervisor", {
    uri,
    imagesDirectory,
    prefix: "none",
  });
  if ("error" in facts) throw new InvalidInput("host", [{ path: ["hosts", uri], message: facts.error }]);
  return new Host(uri, facts);
}

/** Throws InvalidInput with every configuration that one of the hosts cannot hold even when it is empty. */
export function requireCapacity(sweep: string, trials: readonly PlannedTrial[], hosts: readonly Host[]): void {
  const configurations = [...new Map(trials.map((trial) => [describe(trial.values), trial])).values()];
  const problems = hosts.flatMap(({ uri, facts }) =>
    configurations.flatMap(({ values, tuple }): Problem[] =>
      capacityProblems(tuple.topology, facts).map(({ path, message }) => ({
        path,
        message: `${message} (${uri}, in ${describe(values)})`,
      })),
    ),
  );
  if (problems.length > 0) throw new InvalidInput(`sweep ${sweep}`, problems);
}
