import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../model/topology.ts";
import type { Connection } from "../connection.ts";
import { onceDone, script } from "../script.ts";
import { domains } from "./names.ts";

export interface RestoredClusterArgs {
  readonly topology: Topology;
  /** The stack whose machines these are. */
  readonly owner: string;
  /** The stack that saved them. */
  readonly savedBy: string;
  /** Whether a scheduler runs on them: it would take nodes for lost if its clock leapt to today. */
  readonly isRunning: boolean;
  /** How the stack that saved them reached them. */
  readonly connection: pulumi.Input<Connection>;
}

/** Machines of another stack as they were when they were saved; they are off when this is gone. */
export class RestoredCluster extends pulumi.ComponentResource {
  /** How to reach the machines; exists once all of them answer and their clocks are set. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;

  constructor(
    name: string,
    { topology, owner, savedBy, isRunning, connection }: RestoredClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("schedfront:index:RestoredCluster", name, {}, opts);
    const { uri } = topology.hypervisor;
    const restored = script<object>(
      `${name}-restore`,
      "libvirt/scripts/restore-machines",
      {
        input: { uri, domains: domains(owner, topology), snapshot: savedBy, clocks: isRunning ? "kept" : "set" },
        connection,
        undo: "libvirt/scripts/stop-machines",
      },
      { parent: this },
    );
    this.connection = onceDone(connection, restored.reply);
    this.registerOutputs();
  }
}
