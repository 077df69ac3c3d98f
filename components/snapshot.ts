import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../model/topology.ts";
import type { Connection } from "./connection.ts";
import { domains } from "./names.ts";
import { onceDone, script } from "./script.ts";

export interface SnapshotArgs {
  readonly topology: Topology;
  readonly connection: pulumi.Input<Connection>;
}

/** This stack's machines saved as they are, disks and memory; they are off afterwards. */
export class Snapshot extends pulumi.ComponentResource {
  /** How to reach the machines once they are restored; exists once they are saved. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;

  constructor(name: string, { topology, connection }: SnapshotArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Snapshot", name, {}, opts);
    const { uri } = topology.hypervisor;
    const saved = script<object>(
      `${name}-save`,
      "save-machines",
      { input: { uri, domains: domains(pulumi.getStack(), topology) }, connection },
      { parent: this },
    );
    this.connection = onceDone(connection, saved.reply);
    this.registerOutputs();
  }
}
