import { mkdirSync, writeFileSync } from "node:fs";
import type { JobEnd, JobEvent } from "../../model/event.ts";
import type { Job } from "../../model/job.ts";
import type { DaemonUse } from "../../model/metrics/control-plane-use.ts";
import { scriptOf, scriptTexts } from "../bodies.ts";
import { forgetPeak, usedSince, useOf } from "../daemon-use.ts";
import { FileTail } from "../file-tail.ts";
import { base, jobOutput, user, work } from "../paths.ts";
import { run } from "../process.ts";
import type { Progress, Records, SchedulerAdapter } from "../scheduler.ts";
import { differences, parseConfiguration, parseNodes, parsePartitions, usableStates } from "./slurm/configuration.ts";
import { type Completion, type ControllerEvent, parseCompletion, parseControllerLine } from "./slurm/records.ts";
import { outOfUse, parseTrouble } from "./slurm/trouble.ts";

/** Slurm, driven by its own commands and read from slurmctld's log and the job completion log, as the role has set them up. */

const controllerLog = "/var/log/slurm/slurmctld.log";
const completionLog = "/var/log/slurm/jobcomp.log";
/** On the head; mariadbd is slurmdbd's, munged signs every message. */
const daemons = ["slurmctld", "slurmdbd", "mariadbd", "munged"];
const bodies = `${base}/bodies`;

/** A command that does not answer in this time will not, even on an emulated processor. */
const commandSeconds = 60;

/** Slurm kills a job that ignores its end only after KillWait, 30 s by default. */
const emptySeconds = 180;

const command = (file: string, ...args: string[]) => run(file, args, { timeoutSeconds: commandSeconds });
const text = async (file: string, ...args: string[]) => (await command(file, ...args)).toString("utf8");

export class SlurmAdapter implements SchedulerAdapter {
  readonly #numbers = new Map<number, string>();
  readonly #seen: ControllerEvent[] = [];
  readonly #running = new Set<number>();
  readonly #completions = new Map<number, Completion>();
  #controller = new FileTail(controllerLog);
  #completion = new FileTail(completionLog);
  readonly #troubled = new Map<string, string>();
  #useBefore: readonly DaemonUse[] = [];

  async effectiveConfiguration() {
    const [configuration, partitions, nodes] = await Promise.all([
      text("scontrol", "show", "config"),
      text("scontrol", "--oneliner", "show", "partition"),
      text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E"),
    ]);
    const names = [...parseNodes(nodes).keys()].sort().join(",");
    const effective: Record<string, string> = { ...parseConfiguration(configuration), ...parsePartitions(partitions), Nodes: names };
    const version = effective.SLURM_VERSION;
    if (version === undefined) throw new Error(`scontrol show config has no SLURM_VERSION: ${configuration.slice(0, 200)}`);
    return { version: `slurm ${version}`, effective };
  }

  differences = differences;

  async unusable(nodes: readonly string[]) {
    const known = parseNodes(await text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E"));
    return new Map(
      nodes.flatMap((node) => {
        const { state = "unknown to slurmctld", reason = "none" } = known.get(node) ?? {};
        return usableStates.has(state) ? [] : [[node, reason === "none" ? state : `${state}: ${reason}`] as const];
      }),
    );
  }

  async reset() {
    await this.cancel();
    if (!(await this.drain(emptySeconds)))
      throw new Error(`slurm's queue is not empty ${emptySeconds} s after scancel: ${await this.#queue()}`);
    mkdirSync(bodies, { recursive: true });
    for (const [name, content] of Object.entries(scriptTexts)) writeFileSync(`${bodies}/${name}`, content, { mode: 0o755 });
    this.#numbers.clear();
    this.#seen.length = 0;
    this.#running.clear();
    this.#completions.clear();
    this.#controller = new FileTail(controllerLog);
    this.#completion = new FileTail(completionLog);
    forgetPeak(daemons);
    this.#troubled.clear();
    this.#useBefore = useOf(daemons);
  }

  async submit(job: Job, node?: string) {
    const script = scriptOf(job, launcher(job));
    const options = [...submitOptions(job), ...(node === undefined ? [] : [`--nodelist=${node}`])];
    const args = [...options, `${bodies}/${script.name}`, ...script.arguments];
    const reply = await run("sbatch", args, { as: user, timeoutSeconds: commandSeconds });
    this.#numbers.set(Number.parseInt(reply.toString("utf8"), 10), job.id);
  }

  progress(): Progress {
    this.#read();
    return { running: this.#running.size, ended: this.#completions.size };
  }

  async cancel() {
    await command("scancel", `--user=${user}`);
  }

  async drain(timeoutSeconds: number) {
    const limit = Date.now() + timeoutSeconds * 1000;
    while ((await this.#queue()) !== "") {
      if (Date.now() > limit) return false;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return true;
  }

  records(): Records {
    this.#read();
    // Not every submission's answer comes back; the record has the name, too.
    for (const { number, name } of this.#completions.values()) this.#numbers.set(number, name);
    const scheduler = (number: number, event: JobEvent["event"], seconds: number, precisionSeconds: number): JobEvent[] => {
      const job = this.#numbers.get(number);
      return job === undefined ? [] : [{ job, event, seconds, clock: "scheduler", precisionSeconds }];
    };
    const precise = this.#seen.flatMap(({ number, event, seconds }) => scheduler(number, event, seconds, 0.001));
    const whole = [...this.#completions.values()].flatMap(({ number, endSeconds }) => scheduler(number, "ended", endSeconds, 1));
    const ends = [...this.#completions.values()].map(
      ({ name, outcome, nodes, exitCode }): JobEnd => ({ job: name, outcome, nodes, exitCode }),
    );
    return { events: [...precise, ...whole], ends };
  }

  controlPlaneUse() {
    return usedSince(this.#useBefore, useOf(daemons));
  }

  async troubledNodes(nodes: readonly string[]) {
    this.#read();
    const now = outOfUse(parseNodes(await text("sinfo", "--Node", "--noheader", "--format=%N|%T|%E")));
    return new Map([...this.#troubled, ...now].filter(([node]) => nodes.includes(node)));
  }

  #queue = async () => (await text("squeue", "--noheader", "--format=%j %T %N")).trim();

  #read() {
    for (const line of this.#controller.lines()) {
      for (const [node, what] of parseTrouble(line)) this.#troubled.set(node, what);
      const event = parseControllerLine(line);
      if (event === null) continue;
      this.#seen.push(event);
      if (event.event === "allocated") this.#running.add(event.number);
    }
    for (const line of this.#completion.lines()) {
      const completion = parseCompletion(line);
      if (completion === null) continue;
      this.#completions.set(completion.number, completion);
      this.#running.delete(completion.number);
    }
  }
}

/** Slurm counts walltime in whole minutes. A requeued job would be counted twice. */
function submitOptions({ id, nodes, ranksPerNode, coresPerRank, memoryMiBPerNode, gpusPerNode, walltimeSeconds }: Job): string[] {
  return [
    "--parsable",
    "--no-requeue",
    `--job-name=${id}`,
    `--nodes=${nodes}`,
    `--ntasks-per-node=${ranksPerNode}`,
    `--cpus-per-task=${coresPerRank}`,
    `--time=${Math.ceil(walltimeSeconds / 60)}`,
    `--chdir=${work}`,
    `--output=${jobOutput(id)}`,
    ...(memoryMiBPerNode > 0 ? [`--mem=${memoryMiBPerNode}M`] : []),
    ...(gpusPerNode > 0 ? [`--gres=gpu:${gpusPerNode}`] : []),
  ];
}

/** Starts the ranks of an MPI program on the job's nodes, one on each core or group of cores. */
const launcher = ({ coresPerRank }: Job) => ["srun", "--mpi=pmix", `--cpus-per-task=${coresPerRank}`, "--cpu-bind=cores"];
