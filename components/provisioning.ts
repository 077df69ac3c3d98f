import * as pulumi from "@pulumi/pulumi";
import { type Scheduler, schedulerKind } from "../model/schedulers/index.ts";
import { accounts } from "../model/stream/users.ts";
import type { Topology } from "../model/topology.ts";
import type { Verified } from "../model/trial.ts";
import type { Connection } from "./connection.ts";
import { script } from "./script.ts";
import { sourcesDigest } from "./sources.ts";

export interface ProvisioningArgs {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  /** Machines that are ready for plain mpirun, and that nothing else is done with any more. */
  readonly connection: pulumi.Input<Connection>;
}

/** A scheduler that runs, however it came to. */
export interface RunningScheduler {
  readonly verified: pulumi.Output<Verified>;
  /** Done once it is verified. */
  readonly ready: pulumi.Resource;
}

/** One that this stack starts. */
export function startedScheduler(args: ProvisioningArgs): RunningScheduler {
  const provisioning = new Provisioning("provisioning", args);
  return { verified: provisioning.verified, ready: provisioning };
}

/** Prepared machines turned into a scheduler that has already run one job on every node. */
export class Provisioning extends pulumi.ComponentResource {
  readonly verified: pulumi.Output<Verified>;

  constructor(name: string, { topology, scheduler, connection }: ProvisioningArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Provisioning", name, {}, opts);
    const own = { parent: this };
    const kind = schedulerKind(scheduler);
    const secrets = Object.entries(kind.secrets(topology)).map(
      ([variable, recipe]) =>
        [variable, script<unknown>(`${name}-${dashed(variable)}`, "generate-secret", { input: recipe, secret: true }, own).reply] as const,
    );
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
        connection,
        secrets: { variables: Object.fromEntries(secrets) },
      },
      own,
    );
    const checked = script<Verified>(
      `${name}-verify`,
      "ask-agent",
      { input: { configured: configured.reply, request: { verb: "verify", scheduler, topology } }, connection },
      own,
    );
    this.verified = checked.reply;
    this.registerOutputs({ verified: this.verified });
  }
}

const dashed = (variable: string) => variable.replaceAll("_", "-");
