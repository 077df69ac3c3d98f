import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** The files in `components/scripts/`. */
export type ScriptFile =
  | "ask-agent"
  | "await-hosts"
  | "build-image"
  | "generate-key"
  | "generate-secret"
  | "play"
  | "probe-hypervisor"
  | "prove-acceleration"
  | "write-record";

const path = (file: ScriptFile) => `components/scripts/${file}`;

export interface ScriptArgs {
  /** JSON that the script reads from standard input; the script runs again when it changes. */
  readonly input: pulumi.Input<unknown>;
  /** The reply is a secret, and is neither shown nor stored in the clear. */
  readonly secret?: boolean;
}

export interface Script<Reply> {
  /** For `dependsOn`, where only order matters. */
  readonly command: pulumi.Resource;
  readonly reply: pulumi.Output<Reply>;
}

/**
 * Runs `components/scripts/<file>` as a resource: JSON in, short JSON out, progress on standard error.
 * With {@link lookUp} the only place where the program starts a process.
 */
export function script<Reply>(
  name: string,
  file: ScriptFile,
  { input, secret = false }: ScriptArgs,
  opts: pulumi.CustomResourceOptions,
): Script<Reply> {
  const args: local.CommandArgs = {
    create: path(file),
    stdin: pulumi.jsonStringify(input),
    logging: "stderr",
    addPreviousOutputInEnv: false,
  };
  const command = new local.Command(name, args, secret ? { ...opts, additionalSecretOutputs: ["stdout"] } : opts);
  // Every input may hold a key, which makes the provider call the output a secret, too.
  const stdout = secret ? command.stdout : pulumi.unsecret(command.stdout);
  return { command, reply: stdout.apply(parseReply<Reply>) };
}

/** Runs a script now, at preview too: it looks, and changes nothing. Its `{error}` stops the program with those words. */
export async function lookUp<Reply extends object>(file: ScriptFile, input: unknown): Promise<Reply> {
  const { stdout } = await local.run({ command: path(file), stdin: JSON.stringify(input), logging: "none" });
  const reply = parseReply<Reply | { error: string }>(stdout);
  if ("error" in reply) throw new pulumi.RunError(reply.error);
  return reply;
}

const parseReply = <Reply>(stdout: string) => JSON.parse(stdout) as Reply;
