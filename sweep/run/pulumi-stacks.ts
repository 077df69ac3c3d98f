import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type EngineEvent, LocalWorkspace, type OutputMap, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { parse as parseName } from "../../model/problem.ts";
import { parseOutputs } from "../../model/record.ts";
import { stackName } from "../../model/stack-name.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import type { Failure, Infrastructure, OldStack, StackSettings, UpResult } from "./infrastructure.ts";
import { machines } from "./machine-host.ts";
import { outputOf } from "./processes.ts";

/**
 * Stacks of this project by Pulumi's Automation API. Each has a folder of its own, with a project file that points back to
 * this one's program and its own stack file, so that stacks side by side write to no file in common.
 */
export class PulumiStacks implements Infrastructure {
  /** `folder` is below the project's, which is the working directory. */
  constructor(private readonly folder: string) {}

  async save(settings: StackSettings, onStep: (step: string) => void, signal: AbortSignal): Promise<{ failure?: Failure }> {
    const done = join(this.workDirectory(settings.name), "saved");
    if (existsSync(done)) return {};
    const made = await this.update(await this.select(settings, onStep, savedClusterProgram), onStep, signal);
    if ("failure" in made) return made;
    writeFileSync(done, "");
    return {};
  }

  async up(settings: StackSettings, onStep: (step: string) => void, signal: AbortSignal): Promise<UpResult> {
    const made = await this.update(await this.select(settings, onStep), onStep, signal);
    if ("failure" in made) return made;
    return { outputs: parseOutputs(Object.fromEntries(Object.entries(made.outputs).map(([name, { value }]) => [name, value]))) };
  }

  private async update(
    stack: Stack,
    onStep: (step: string) => void,
    signal: AbortSignal,
  ): Promise<{ outputs: OutputMap } | { failure: Failure }> {
    // What an interrupted run left of it would not be a fresh cluster.
    await clear(stack, onStep);
    const failure = noFailure();
    const onEvent = (event: EngineEvent) => {
      note(event, failure);
      tell(event, onStep);
    };
    signal.throwIfAborted();
    const ended = new AbortController();
    const interrupt = () => void interruptPulumi(ended.signal);
    signal.addEventListener("abort", interrupt);
    try {
      const { outputs } = await stack.up({ onEvent, suppressOutputs: true, color: "never" });
      return { outputs };
    } catch (error) {
      signal.throwIfAborted();
      const messages = failure.messages.length > 0 ? failure.messages : [(error as Error).message];
      return { failure: { failed: failure.failed, messages } };
    } finally {
      ended.abort();
      signal.removeEventListener("abort", interrupt);
    }
  }

  async destroy(settings: OldStack, onStep: (step: string) => void): Promise<void> {
    const stack = await this.select(settings, onStep);
    await clear(stack, onStep);
    if (settings.raw !== undefined) {
      const { topology } = settings.raw as { topology: { hypervisor: { uri: string } } };
      await machines.remove(topology.hypervisor.uri, [settings.name]);
    }
    // The Automation API's own leaves a copy of each of the stack's states, which nobody will go back to.
    const workDir = this.workDirectory(settings.name);
    await outputOf("pulumi", ["--cwd", workDir, "stack", "rm", "--yes", "--non-interactive", "--remove-backups", "--", settings.name]);
    rmSync(workDir, { recursive: true, force: true });
  }

  async list(): Promise<string[]> {
    const workspace = await LocalWorkspace.create({ workDir: "." });
    return (await workspace.listStacks()).map(({ name }) => name);
  }

  private workDirectory(stack: string): string {
    return join(this.folder, parseName("stack name", stackName, stack));
  }

  private async select({ name, raw, restoreFrom }: OldStack, onStep: (step: string) => void, program = ""): Promise<Stack> {
    const workDir = this.workDirectory(name);
    const project = parse(readFileSync("Pulumi.yaml", "utf8"));
    const write = (name: string, text: string) => writingTo("stack", workDir, moveResults, () => writeFileSync(join(workDir, name), text));
    writingTo("stack", workDir, moveResults, () => mkdirSync(workDir, { recursive: true }));
    write("Pulumi.yaml", stringify({ ...project, main: `${relative(realpathSync(workDir), realpathSync("."))}/${program}` }));
    const file = join(workDir, `Pulumi.${name}.yaml`);
    // The salt of a stack that is there already belongs to its secrets.
    const kept = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
    const tuple = Object.fromEntries(Object.entries(raw ?? {}).map(([part, value]) => [`schedfront:${part}`, value]));
    const source = restoreFrom && { "restore:from": restoreFrom.savedBy, "restore:machines": restoreFrom.machines };
    const config = { ...tuple, ...source };
    write(`Pulumi.${name}.yaml`, stringify({ ...kept, ...(raw === undefined ? {} : { config }) }, { aliasDuplicateObjects: false }));
    await outputOf("toolchain/break-stale-lock", [name, "--claimed"], onStep);
    return LocalWorkspace.createOrSelectStack({ stackName: name, workDir }, { envVars: { SCHEDFRONT_ERRORS: "json" } });
  }
}

/** What a stack runs that is there for others to start from, instead of index.cjs. */
const savedClusterProgram = "saved-cluster.cjs";

/** Destroys what the state knows, and first ends the update that a killed process left unfinished. */
async function clear(stack: Stack, onStep: (step: string) => void): Promise<void> {
  // Refused where there is none. A trial is claimed before its stack is touched, so nobody's living update is ended.
  await stack.cancel().catch(() => undefined);
  const { deployment } = await stack.exportStack();
  const { resources = [], pending_operations: pending = [] } = deployment ?? {};
  if (resources.length + pending.length === 0) return;
  const options = { onEvent: (event: EngineEvent) => tell(event, onStep), color: "never", suppressOutputs: true } as const;
  try {
    await stack.destroy(options);
  } catch {
    // The state and the hypervisor differ: an update was cut off, or this is another machine than the one it ran on.
    await stack.refresh(options);
    await stack.destroy(options);
  }
}

/** How long an interrupted update may take; the provider waits for a machine's lease whatever it is told. */
const graceSeconds = 60;

/**
 * Interrupts this process's pulumi, and kills it where that does not help. The Automation API's own `signal` misses an
 * abort that comes before pulumi was started, and never kills.
 */
async function interruptPulumi(ended: AbortSignal): Promise<void> {
  while (!ended.aborted && !(await signalPulumi("INT"))) await setTimeout(200);
  await setTimeout(graceSeconds * 1000, undefined, { signal: ended, ref: false }).then(
    () => signalPulumi("KILL"),
    () => undefined,
  );
}

/** Whether there was one to be signalled. */
const signalPulumi = (signal: "INT" | "KILL"): Promise<boolean> =>
  outputOf("pkill", ["--signal", signal, "--parent", String(process.pid), "--exact", "pulumi"]).then(
    () => true,
    () => false,
  );

function tell(event: EngineEvent, onStep: (step: string) => void): void {
  const step = stepOf(event);
  if (step !== undefined) onStep(step);
}

/** `urn:pulumi:stack::project::type::name` → `name`. */
const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

export const noFailure = (): { failed: { name: string; type: string }[]; messages: string[] } => ({ failed: [], messages: [] });

/** Keeps what an event says of a failure. A script's answer is in a diagnostic as it was given (components/scripts/failure.bash). */
export function note({ resOpFailedEvent, diagnosticEvent }: EngineEvent, failure: ReturnType<typeof noFailure>): void {
  if (resOpFailedEvent !== undefined) {
    const { urn, type } = resOpFailedEvent.metadata;
    failure.failed.push({ name: nameOf(urn), type });
  }
  if (diagnosticEvent?.severity === "error") failure.messages.push(plainText(diagnosticEvent.message));
}

/** What is going on, for a progress line: a resource that begins, or what a script says. */
function stepOf({ resourcePreEvent, diagnosticEvent }: EngineEvent): string | undefined {
  if (resourcePreEvent !== undefined && resourcePreEvent.metadata.op !== "same") return nameOf(resourcePreEvent.metadata.urn);
  if (diagnosticEvent === undefined || !diagnosticEvent.severity.startsWith("info")) return undefined;
  return plainText(diagnosticEvent.message).split("\n").filter(Boolean).at(-1);
}

/** Without Pulumi's colour marks, `<{%reset%}>`. */
const plainText = (message: string) => message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
