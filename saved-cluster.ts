import { machinesOrigin, readTuple, requireCapacity } from "./components/configuration.ts";
import { machines } from "./components/libvirt/machines.ts";
import { machinesFrom, type Saved } from "./components/prepared-machines.ts";
import { Provisioning } from "./components/provisioning.ts";
import { onceDone } from "./components/script.ts";

/**
 * The program of a stack that runs nothing and saves machines for others to start from: its own when they are ready for a
 * scheduler, or those of such a stack once more, with the scheduler that it started on them.
 */
export = async (): Promise<Saved> => {
  const tuple = readTuple();
  const { topology, scheduler } = tuple;
  const { owner, savedBy } = machinesOrigin();
  await requireCapacity(topology, owner);
  const { image, domainType, network, prepared } = await machinesFrom(tuple, { owner, savedBy });
  const ready =
    savedBy === null
      ? prepared
      : onceDone(prepared, new Provisioning("provisioning", { topology, scheduler, connection: prepared }).verified);
  const { connection } = machines.snapshot("snapshot", { topology, owner, connection: ready });
  return { image, domainType, network, prepared: connection };
};
