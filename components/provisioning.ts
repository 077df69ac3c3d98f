import * as pulumi from "@pulumi/pulumi";
import type { Verified } from "../model/record.ts";
import { type Scheduler, schedulerKind } from "../model/schedulers/index.ts";
import { accounts } from "../model/stream/users.ts";
import type { Topology } from "../model/topology.ts";
import type { Connection } from "./connection.ts";
import { script } from "./script.ts";
import { agentDigest, schedulerRole, sourcesDigest } from "./sources.ts";

export interface ProvisioningArgs {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  /** Machines that are ready for plain mpirun, and that nothing else is done with any more. */
  readonly connection: pulumi.Input<Connection>;
  /** Whether it runs on them already, and has only to be verified: machines that were saved with it. */
  readonly isRunning?: boolean;
}

/** Prepared machines turned into a scheduler that has already run one job on every node. */
export class Provisioning extends pulumi.ComponentResource {
  readonly verified: pulumi.Output<Verified>;

  constructor(name: string, args: ProvisioningArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Provisioning", name, {}, opts);
    const { topology, scheduler, connection, isRunning = false } = args;
    const own = { parent: this };
    const configured = isRunning ? null : started(name, args, own);
    // What reads the configuration back and drives the canary jobs.
    const sources = agentDigest({ scheduler: scheduler.kind, workloads: [] });
    const checked = script<Verified>(
      `${name}-verify`,
      "scripts/ask-agent",
      { input: { configured, request: { verb: "verify", scheduler, topology }, sources }, connection },
      own,
    );
    this.verified = checked.reply;
    this.registerOutputs({ verified: this.verified });
  }
}

/** The scheduler's role, and what it was. */
function started(name: string, { topology, scheduler, connection }: ProvisioningArgs, own: pulumi.CustomResourceOptions) {
  const kind = schedulerKind(scheduler);
  const secrets = Object.entries(kind.secrets(topology)).map(
    ([variable, recipe]) =>
      [
        variable,
        script<unknown>(`${name}-${dashed(variable)}`, "scripts/generate-secret", { input: recipe, secret: true }, own).reply,
      ] as const,
  );
  return script<object>(
    `${name}-scheduler`,
    "scripts/play",
    {
      input: {
        playbook: "scheduler",
        variables: {
          scheduler_kind: scheduler.kind,
          cluster_users: accounts,
          ...kind.roleVariables(scheduler, topology),
        },
        sources: sourcesDigest(schedulerRole(scheduler.kind)),
      },
      connection,
      secrets: { variables: Object.fromEntries(secrets) },
    },
    own,
  ).reply;
}

const dashed = (variable: string) => variable.replaceAll("_", "-");
