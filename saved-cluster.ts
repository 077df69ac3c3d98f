import * as pulumi from "@pulumi/pulumi";
import { readTuple, requireCapacity } from "./components/configuration.ts";
import { bootedMachines } from "./components/machines.ts";
import { Snapshot } from "./components/snapshot.ts";

/** The program of a stack that runs nothing: its machines are made ready and saved, for others to be restored from. */
export = async () => {
  const tuple = readTuple();
  const { topology } = tuple;
  await requireCapacity(topology, pulumi.getStack());
  const { image, domainType, network, prepared } = await bootedMachines(tuple);
  const saved = new Snapshot("snapshot", { topology, connection: prepared }).connection;
  return { image, domainType, network, prepared: saved };
};
