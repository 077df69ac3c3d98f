import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { FailureAnswer } from "../model/failure.ts";
import type { Connection } from "./connection.ts";
import { refusal } from "./refusal.ts";

/** Scripts, by their paths below `components/`. */
export type ScriptFile =
  | "libvirt/scripts/archive-root"
  | "libvirt/scripts/await-hosts"
  | "libvirt/scripts/claim-names"
  | "libvirt/scripts/empty-pool"
  | "libvirt/scripts/inventory"
  | "libvirt/scripts/make-seed"
  | "libvirt/scripts/probe-hypervisor"
  | "libvirt/scripts/prove-acceleration"
  | "libvirt/scripts/put-image"
  | "libvirt/scripts/remove"
  | "libvirt/scripts/remove-volumes"
  | "libvirt/scripts/restore-machines"
  | "libvirt/scripts/run-virtual"
  | "libvirt/scripts/save-machines"
  | "libvirt/scripts/settle-leftovers"
  | "libvirt/scripts/stop-machines"
  | "scripts/ask-agent"
  | "scripts/build-image"
  | "scripts/build-programs"
  | "scripts/generate-key"
  | "scripts/generate-secret"
  | "scripts/keep-choice"
  | "scripts/play"
  | "scripts/probe-image"
  | "scripts/probe-nix"
  | "scripts/write-record";

const path = (file: ScriptFile) => `components/${file}`;

export interface ScriptArgs {
  /** JSON that the script reads from standard input; the script runs again when it changes. */
  readonly input: pulumi.Input<object>;
  /** The cluster's machines, for a script that talks to them; their key travels with the secrets. */
  readonly connection?: pulumi.Input<Connection>;
  /** What is merged into the input by way of the environment, so that a preview can show the rest. */
  readonly secrets?: object;
  /** Gets the same input when the resource is deleted. */
  readonly undo?: ScriptFile;
  /** The reply is a secret, and is neither shown nor stored in the clear. */
  readonly secret?: boolean;
}

export interface Script<Reply> {
  /** For `dependsOn`, where only order matters. */
  readonly command: pulumi.Resource;
  readonly reply: pulumi.Output<Reply>;
}

/**
 * Runs `components/<file>` as a resource: JSON in, short JSON out, progress on standard error.
 * With {@link runNow} the only place where the program starts a process.
 */
export function script<Reply>(name: string, file: ScriptFile, args: ScriptArgs, opts: pulumi.CustomResourceOptions): Script<Reply> {
  const { input, connection, secrets, undo, secret = false } = args;
  const reach = connection === undefined ? {} : { connection: pulumi.unsecret(pulumi.output(connection).apply(withoutKey)) };
  const key = connection === undefined ? {} : { connection: pulumi.output(connection).apply(onlyKey) };
  const hasSecrets = connection !== undefined || secrets !== undefined;
  const inputs: local.CommandArgs = {
    create: path(file),
    ...(undo === undefined ? {} : { delete: path(undo) }),
    stdin: pulumi.jsonStringify(pulumi.Output.isInstance(input) ? pulumi.all([input, reach]).apply(merged) : { ...input, ...reach }),
    logging: "stderr",
    addPreviousOutputInEnv: false,
    ...(hasSecrets ? { environment: { SCHEDFRONT_SECRETS: pulumi.secret(pulumi.jsonStringify({ ...secrets, ...key })) } } : {}),
  };
  const command = new local.Command(name, inputs, secret ? { ...opts, additionalSecretOutputs: ["stdout"] } : opts);
  // The environment is a secret, which makes the provider call the output one, too.
  const stdout = secret ? command.stdout : pulumi.unsecret(command.stdout);
  return { command, reply: stdout.apply(replyIn<Reply>) as pulumi.Output<Reply> };
}

const merged = ([input, reach]: [object, object]) => ({ ...input, ...reach });
const withoutKey = ({ hosts, jump }: Connection) => ({ hosts, jump });
const onlyKey = ({ privateKey }: Connection) => ({ privateKey });

/** Runs a script now, and as no resource. */
export async function runNow<Reply>(file: ScriptFile, input: unknown): Promise<Reply> {
  const { stdout } = await local.run({ command: path(file), stdin: JSON.stringify(input), logging: "none" });
  return parseReply<Reply>(stdout);
}

/** The same at preview too: the script looks, and changes nothing. Its `{error}` stops the program with that message. */
export async function lookUp<Reply extends object>(file: ScriptFile, input: unknown): Promise<Reply> {
  const reply = await runNow<Reply | FailureAnswer>(file, input);
  if ("error" in reply) throw refusal(reply.error.message);
  return reply;
}

/** A value that others may use only once what comes with it is done. */
export const onceDone = <Value>(value: pulumi.Input<Value>, done: pulumi.Input<unknown>): pulumi.Output<Value> =>
  pulumi.all([value, done]).apply(firstOf<Value>);

const firstOf = <Value>([value]: unknown[]) => value as Value;

/** An update with `--target` or `--exclude` leaves scripts out that never ran; what depends on them it leaves out, too. */
const replyIn = <Reply>(stdout: string | undefined) =>
  stdout === undefined ? (pulumi.output(pulumi.unknown) as Reply) : parseReply<Reply>(stdout);

const parseReply = <Reply>(stdout: string) => JSON.parse(stdout) as Reply;
