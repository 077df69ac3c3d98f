import * as pulumi from "@pulumi/pulumi";
import { type Scheduler, schedulerKind } from "../model/schedulers/index.ts";
import { accounts } from "../model/stream/users.ts";
import { computeNodes, type Topology } from "../model/topology.ts";
import type { NetworkMeasurement, Verified } from "../model/trial.ts";
import type { KeyPair } from "./cloud-init.ts";
import type { Connection } from "./connection.ts";
import { onceDone, script } from "./script.ts";
import { sourcesDigest } from "./sources.ts";

export interface ProvisioningArgs {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly connection: pulumi.Input<Connection>;
}

/** Booted machines turned into a cluster, and then into a scheduler that has already run one job on every node. */
export class Provisioning extends pulumi.ComponentResource {
  /** How to reach machines that are ready for plain mpirun; exists once they are. */
  readonly prepared: pulumi.Output<Connection>;
  readonly network: pulumi.Output<NetworkMeasurement>;
  readonly verified: pulumi.Output<Verified>;

  constructor(name: string, { topology, scheduler, connection }: ProvisioningArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Provisioning", name, {}, opts);
    const own = { parent: this };
    const clusterKey = script<KeyPair>(`${name}-cluster-key`, "generate-key", { input: { comment: "cluster" }, secret: true }, own).reply;
    const kind = schedulerKind(scheduler);
    const secrets = Object.entries(kind.secrets(topology)).map(
      ([variable, recipe]) =>
        [variable, script<unknown>(`${name}-${dashed(variable)}`, "generate-secret", { input: recipe, secret: true }, own).reply] as const,
    );
    const nodes = script<object>(
      `${name}-nodes`,
      "play",
      {
        input: {
          playbook: "nodes",
          variables: { node_network: topology.network, node_users: accounts },
          sources: sourcesDigest("ansible/nodes.yml", "ansible/roles/node", "agent", "model"),
        },
        connection,
        secrets: { variables: { node_cluster_key: clusterKey } },
      },
      own,
    );
    this.prepared = onceDone(connection, nodes.reply);
    const measured = script<NetworkMeasurement>(
      `${name}-network`,
      "ask-agent",
      {
        input: { request: { verb: "network", network: topology.network, nodes: computeNodes(topology).map((node) => node.name) } },
        connection: this.prepared,
      },
      own,
    );
    this.network = measured.reply;
    // After the measurement, so that it has the machines to itself.
    const configured = script<object>(
      `${name}-scheduler`,
      "play",
      {
        input: {
          playbook: "scheduler",
          variables: {
            scheduler_kind: scheduler.kind,
            cluster_users: accounts,
            ...kind.roleVariables(scheduler, topology),
          },
          sources: sourcesDigest("ansible/scheduler.yml", `ansible/roles/scheduler_${scheduler.kind}`),
        },
        connection: this.prepared,
        secrets: { variables: Object.fromEntries(secrets) },
      },
      { ...own, dependsOn: measured.command },
    );
    const checked = script<Verified>(
      `${name}-verify`,
      "ask-agent",
      { input: { configured: configured.reply, request: { verb: "verify", scheduler, topology } }, connection: this.prepared },
      own,
    );
    this.verified = checked.reply;
    this.registerOutputs({ network: this.network, verified: this.verified });
  }
}

const dashed = (variable: string) => variable.replaceAll("_", "-");
