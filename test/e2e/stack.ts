import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { StackOutputs } from "../../model/record.ts";

const execute = promisify(execFile);

/** A folder with a Pulumi backend of its own, so that a test never meets the user's stacks. */
const home = mkdtempSync(join(tmpdir(), "schedfront-e2e-"));
const environment = {
  ...process.env,
  PULUMI_BACKEND_URL: `file://${home}`,
  PULUMI_CONFIG_PASSPHRASE: "end to end",
};

/** What a program printed, whether it succeeded or not. */
export interface Result {
  readonly ok: boolean;
  readonly text: string;
}

/** Runs a program and passes on what it prints as it comes, for emulated machines take minutes. */
export function run(program: string, ...args: string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        process.stderr.write(chunk);
      });
    }
    child.on("error", reject).on("close", (status) => resolve({ ok: status === 0, text }));
  });
}

/** Standard output of a program that must succeed. */
export async function outputOf(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(program, args, { env: environment, maxBuffer: 64 << 20 });
  return stdout;
}

/** Where the stacks of these tests keep their volumes. */
const images = "/var/lib/libvirt/images";

/** What libvirt has, of every kind, by name. */
export async function libvirtInventory(): Promise<Record<string, string[]>> {
  const list = async (...args: string[]) =>
    (await outputOf("virsh", "--quiet", "--connect", "qemu:///system", ...args)).split("\n").filter(Boolean).sort();
  const pools = await list("pool-list", "--all", "--name");
  const volumes = await Promise.all(pools.map(async (pool) => (await list("vol-list", pool.trim())).map((line) => line.trim())));
  return {
    domains: await list("list", "--all", "--name"),
    networks: await list("net-list", "--all", "--name"),
    pools,
    volumes: volumes.flat(),
    files: existsSync(images) ? readdirSync(images, { recursive: true, encoding: "utf8" }).sort() : [],
  };
}

/** One step of a preview: what happens to which resource. */
export interface Step {
  readonly op: string;
  readonly name: string;
}

/** A stack of the project with a configuration that the test may change. */
export class Stack {
  private readonly file: string;

  constructor(
    readonly name: string,
    configuration: object,
  ) {
    this.file = join(home, `Pulumi.${name}.yaml`);
    this.configure(configuration);
  }

  configure(configuration: object): void {
    writeFileSync(this.file, stringify({ config: configuration }));
  }

  private pulumi(verb: string, ...args: string[]) {
    return run("pulumi", verb, "--stack", this.name, "--config-file", this.file, "--non-interactive", ...args);
  }

  /** Pulumi writes a stack file beside the project's own, which is not the one that is used here. */
  async create(): Promise<void> {
    await run("pulumi", "stack", "init", this.name);
    rmSync(`Pulumi.${this.name}.yaml`, { force: true });
  }

  up(): Promise<Result> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  destroy(): Promise<Result> {
    return this.pulumi("destroy", "--yes", "--skip-preview");
  }

  preview(): Promise<Result> {
    return this.pulumi("preview");
  }

  /** What `up` would do, for resources that would not stay as they are; components left out. */
  async steps(): Promise<Step[]> {
    const text = await outputOf("pulumi", "preview", "--json", "--stack", this.name, "--config-file", this.file, "--non-interactive");
    const { steps } = JSON.parse(text) as { steps: { op: string; urn: string }[] };
    return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => ({ op, name: urn.split("::").at(-1) ?? "" }));
  }

  async outputs(): Promise<StackOutputs> {
    return JSON.parse(await outputOf("pulumi", "stack", "output", "--json", "--stack", this.name));
  }
}
