import * as pulumi from "@pulumi/pulumi";
import type { NetworkMeasurement } from "../model/record.ts";
import { parseSaved, type SavedPart } from "../model/saved-machines.ts";
import type { ImageFiles, TrialParts } from "../model/trial.ts";
import type { Tuple } from "../model/tuple.ts";
import type { Origin } from "./configuration.ts";
import type { Connection } from "./connection.ts";
import { chooseBackend, Image, requireSource } from "./image.ts";
import { machines } from "./libvirt/machines.ts";
import { Preparation } from "./preparation.ts";
import { forPeople } from "./refusal.ts";

/** PreparedMachines that are ready for a scheduler, however they came to be. */
export interface PreparedMachines {
  readonly image: pulumi.Output<ImageFiles>;
  readonly domainType: pulumi.Output<TrialParts["domainType"]>;
  readonly network: pulumi.Output<NetworkMeasurement>;
  readonly start: TrialParts["start"];
  /** How to reach them; exists once they are ready. A secret, for it holds the key. */
  readonly prepared: pulumi.Output<Connection>;
}

/** This stack's own, or as another saved them. */
export const machinesFrom = async (tuple: Tuple, { owner, savedBy }: Origin): Promise<PreparedMachines> =>
  savedBy === null ? bootedMachines(tuple) : restoredMachines(tuple, owner, savedBy);

/** Made of the image, booted, and prepared. */
async function bootedMachines(tuple: Tuple): Promise<PreparedMachines> {
  const { topology } = tuple;
  await requireSource(tuple);
  const choice = await chooseBackend(tuple);
  const settled = machines.removeLeftovers(topology, pulumi.getStack());
  const image = new Image("image", { tuple, choice }).files;
  const { connection, domainType } = machines.up("cluster", { topology, image, settled });
  const { prepared, network } = new Preparation("preparation", { topology, scheduler: tuple.scheduler, connection });
  return { image, domainType, network, start: "booted", prepared };
}

/** What a stack that saves machines hands on: its outputs. */
export type Saved = Omit<PreparedMachines, "start">;

/** As another stack saved them: when they were ready for a scheduler, or when that ran. */
function restoredMachines({ topology }: Tuple, owner: string, savedBy: string): PreparedMachines {
  const saved = new pulumi.StackReference("saved", { name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${savedBy}` });
  const part = <Part extends SavedPart>(name: Part) => saved.requireOutput(name).apply(savedAs(savedBy, name)) as Saved[Part];
  const isRunning = savedBy !== owner;
  const cluster = machines.restored("cluster", { topology, owner, savedBy, isRunning, connection: part("prepared") });
  return {
    image: part("image"),
    domainType: part("domainType"),
    network: part("network"),
    prepared: cluster.connection,
    start: isRunning ? "restored running" : "restored",
  };
}

const savedAs = (stack: string, part: SavedPart) => (raw: unknown) => forPeople(() => parseSaved(stack, part)(raw));
