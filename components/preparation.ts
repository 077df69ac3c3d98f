import * as pulumi from "@pulumi/pulumi";
import type { NetworkMeasurement } from "../model/record.ts";
import type { Scheduler } from "../model/schedulers/index.ts";
import { accounts } from "../model/stream/users.ts";
import { areEmulated, computeNodes, type Topology } from "../model/topology.ts";
import type { KeyPair } from "./cloud-init.ts";
import type { Connection } from "./connection.ts";
import { onceDone, script } from "./script.ts";
import { agentDigest, nodeRole, sourcesDigest } from "./sources.ts";

export interface PreparationArgs {
  readonly topology: Topology;
  /** Which the agent, brought here, is to drive. */
  readonly scheduler: Scheduler;
  readonly connection: pulumi.Input<Connection>;
}

/** Booted machines turned into a cluster that knows no scheduler yet, and its network measured. */
export class Preparation extends pulumi.ComponentResource {
  /** How to reach machines that are ready for plain mpirun; exists once they are and are measured. A secret, for it holds the key. */
  readonly prepared: pulumi.Output<Connection>;
  readonly network: pulumi.Output<NetworkMeasurement>;

  constructor(name: string, { topology, scheduler, connection }: PreparationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Preparation", name, {}, opts);
    const own = { parent: this };
    const clusterKey = script<KeyPair>(
      `${name}-cluster-key`,
      "scripts/generate-key",
      { input: { comment: "cluster" }, secret: true },
      own,
    ).reply;
    const nodes = script<object>(
      `${name}-nodes`,
      "scripts/play",
      {
        input: {
          playbook: "nodes",
          variables: { node_network: topology.network, node_users: accounts },
          agent: scheduler.kind,
          sources: pulumi.all([sourcesDigest(nodeRole), agentDigest({ scheduler: scheduler.kind })]),
        },
        connection,
        secrets: { variables: { node_cluster_key: clusterKey } },
      },
      own,
    );
    const ready = onceDone(connection, nodes.reply);
    this.network = areEmulated(topology)
      ? onceDone<NetworkMeasurement>({ asked: topology.network, paths: [], reason: "emulated nodes have no network" }, nodes.reply)
      : script<NetworkMeasurement>(
          `${name}-network`,
          "scripts/ask-agent",
          {
            input: { request: { verb: "network", network: topology.network, nodes: computeNodes(topology).map((node) => node.name) } },
            connection: ready,
          },
          own,
        ).reply;
    // Whoever uses the machines has them to himself, for the measurement had, too.
    this.prepared = onceDone(connection, this.network);
    this.registerOutputs({ network: this.network });
  }
}
