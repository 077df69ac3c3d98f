import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../connection.ts";
import type { SnapshotArgs } from "../machines.ts";
import { onceDone, script } from "../script.ts";
import { domains } from "./names.ts";

/** Machines saved as they are, disks and memory, under this stack's name; they are off afterwards. */
export class Snapshot extends pulumi.ComponentResource {
  /** How to reach the machines once they are restored; exists once they are saved. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;

  constructor(name: string, { topology, owner, connection }: SnapshotArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Snapshot", name, {}, opts);
    const { uri } = topology.hypervisor;
    const saved = script<object>(
      `${name}-save`,
      "libvirt/scripts/save-machines",
      { input: { uri, domains: domains(owner, topology), snapshot: pulumi.getStack() }, connection },
      { parent: this },
    );
    this.connection = onceDone(connection, saved.reply);
    this.registerOutputs();
  }
}
