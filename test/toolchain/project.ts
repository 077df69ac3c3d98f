import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** What a run of pulumi said and how it ended. */
export interface Run {
  readonly status: number | null;
  /** stdout and stderr, in this order. */
  readonly text: string;
}

/**
 * A Pulumi project with one stack in a directory of its own, its state beside it. Programs see
 * `events`, the file in which commands note that they ran.
 */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "schedfront-toolchain-"));
  private readonly environment: NodeJS.ProcessEnv;

  constructor(runtimeOptions: Record<string, unknown> = {}) {
    this.environment = {
      ...toolchainEnvironment(),
      PULUMI_BACKEND_URL: `file://${this.directory}`,
      PULUMI_CONFIG_PASSPHRASE: "only a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // For --event-log, as the Automation API sets it.
      PULUMI_DEBUG_COMMANDS: "true",
    };
    delete this.environment.PULUMI_CONFIG_PASSPHRASE_FILE;

    const options = { tsconfig: "tsconfig.json", ...runtimeOptions };
    this.write("Pulumi.yaml", JSON.stringify({ name: "fixture", runtime: { name: "nodejs", options } }));
    this.write("package.json", JSON.stringify({ name: "fixture", main: "index.ts" }));
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: { noCheck: true, allowImportingTsExtensions: true } }));
    symlinkSync(join(root, "node_modules"), join(this.directory, "node_modules"));
    this.succeed("stack", "init", "test");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** Runs pulumi, whatever its exit status. */
  pulumi(...args: string[]): Run {
    const run = spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.directory,
      env: this.environment,
      encoding: "utf8",
      timeout: 60_000,
      maxBuffer: 256 * 2 ** 20,
    });
    return { status: run.status, text: run.stdout + run.stderr };
  }

  succeed(...args: string[]): Run {
    const run = this.pulumi(...args);
    if (run.status !== 0) throw new Error(`pulumi ${args.join(" ")}: exit status ${run.status}\n${run.text}`);
    return run;
  }

  preview(program: string): Run {
    this.write("index.ts", program);
    return this.succeed("preview");
  }

  up(program: string): Run {
    this.write("index.ts", program);
    return this.succeed("up", "--yes", "--skip-preview");
  }

  failingUp(program: string): Run {
    this.write("index.ts", program);
    const run = this.pulumi("up", "--yes", "--skip-preview");
    if (run.status === 0) throw new Error(`pulumi up was to fail:\n${run.text}`);
    return run;
  }

  /** Presses Ctrl-C as soon as `ready` exists, and waits for pulumi to end. */
  async interruptedUp(program: string, ready: string): Promise<number | null> {
    this.write("index.ts", program);
    const run = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
      cwd: this.directory,
      env: this.environment,
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((done) => run.once("exit", done));
    await until(() => existsSync(join(this.directory, ready)));
    run.kill("SIGINT");
    return ended;
  }

  outputs(): Record<string, unknown> {
    return JSON.parse(this.stackOutputs("--show-secrets"));
  }

  stackOutputs(...args: string[]): string {
    return execFileSync("pulumi", ["stack", "output", "--json", ...args], {
      cwd: this.directory,
      env: this.environment,
      encoding: "utf8",
      maxBuffer: 256 * 2 ** 20,
    });
  }

  /** The stack's state as it is on disk. */
  state(): string {
    return readFileSync(join(this.directory, ".pulumi/stacks/fixture/test.json"), "utf8");
  }

  events(): string[] {
    const file = join(this.directory, "events");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function until(condition: () => boolean, timeoutSeconds = 30): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutSeconds} s: ${condition}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The environment that `toolchain/env` makes of this one. */
function toolchainEnvironment(): NodeJS.ProcessEnv {
  const script = 'set -e; exports=$("$1"); eval "$exports"; env -0';
  const environment = execFileSync("bash", ["-c", script, "bash", join(root, "toolchain/env")], { encoding: "utf8" });
  return Object.fromEntries(
    environment
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
