import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../model/topology.ts";
import type { Connection } from "./connection.ts";
import { domains } from "./names.ts";
import { onceDone, script } from "./script.ts";

export interface RestoredClusterArgs {
  readonly topology: Topology;
  /** The stack whose machines these are. */
  readonly stack: string;
  /** How that stack reached them. */
  readonly connection: pulumi.Input<Connection>;
}

/** Machines of another stack as they were when that saved them; they are off when this is gone. */
export class RestoredCluster extends pulumi.ComponentResource {
  /** How to reach the machines; exists once all of them answer and their clocks are set. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;

  constructor(name: string, { topology, stack, connection }: RestoredClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:RestoredCluster", name, {}, opts);
    const { uri } = topology.hypervisor;
    const restored = script<object>(
      `${name}-restore`,
      "restore-machines",
      { input: { uri, domains: domains(stack, topology) }, connection, undo: "stop-machines" },
      { parent: this },
    );
    this.connection = onceDone(connection, restored.reply);
    this.registerOutputs();
  }
}
