import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../connection.ts";
import type { RestoredArgs } from "../machines.ts";
import { onceDone, script } from "../script.ts";
import { domains } from "./names.ts";

/** Machines of another stack as they were when they were saved; they are off when this is gone. */
export class RestoredCluster extends pulumi.ComponentResource {
  /** How to reach the machines; exists once all of them answer and their clocks are set. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;

  constructor(name: string, { topology, owner, savedBy, isRunning, connection }: RestoredArgs, opts?: pulumi.ComponentResourceOptions) {
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
