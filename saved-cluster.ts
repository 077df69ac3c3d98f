import { machinesOrigin, readTuple, requireCapacity } from "./components/configuration.ts";
import { bootedMachines, restoredMachines, type Saved } from "./components/machines.ts";
import { Provisioning } from "./components/provisioning.ts";
import { onceDone } from "./components/script.ts";
import { Snapshot } from "./components/snapshot.ts";

/**
 * The program of a stack that runs nothing and saves machines for others to start from: its own when they are ready for a
 * scheduler, or those of such a stack once more, with the scheduler that it started on them.
 */
export = async (): Promise<Saved> => {
  const tuple = readTuple();
  const { topology, scheduler } = tuple;
  const { owner, savedBy } = machinesOrigin();
  await requireCapacity(topology, owner);
  if (savedBy === null) {
    const { image, domainType, network, prepared } = await bootedMachines(tuple);
    return { image, domainType, network, prepared: new Snapshot("snapshot", { topology, owner, connection: prepared }).connection };
  }
  const { image, domainType, network, prepared } = restoredMachines(tuple, { owner, savedBy });
  const { verified } = new Provisioning("provisioning", { topology, scheduler, connection: prepared });
  const snapshot = new Snapshot("snapshot", { topology, owner, connection: onceDone(prepared, verified) });
  return { image, domainType, network, prepared: snapshot.connection };
};
