import { mkdirSync, writeFileSync } from "node:fs";
import type { JobEnd, JobEvent } from "../../model/event.ts";
import type { Job } from "../../model/job.ts";
import { scriptOf, scriptTexts } from "../bodies.ts";
import { forgetPeak, useOf } from "../daemon-use.ts";
import { FileTail } from "../file-tail.ts";
import { base, jobOutput, user, work } from "../paths.ts";
import { run } from "../process.ts";
import type { ControlPlaneUse, Progress, Records, SchedulerAdapter } from "../scheduler.ts";
import { differences, parseConfiguration, parseNodes, parsePartitions, usableStates } from "./slurm/configuration.ts";
import { type Completion, type ControllerEvent, parseCompletion, parseControllerLine } from "./slurm/records.ts";

/** Slurm, driven by its own commands and read from slurmctld's log and the job completion log, as the role has set them up. */

const controllerLog = "/var/log/slurm/slurmctld.log";
const completionLog = "/var/log/slurm/jobcomp.log";
const daemons = ["slurmctld", "slurmdbd"];
const bodies = `${base}/bodies`;

/** A command that does not answer in this time will not, even on an emulated processor. */
const commandSeconds = 60;

/** Slurm kills a job that ignores its end only after KillWait, 30 s by default. */
const emptySeconds = 180;

const command = (file: string, ...args: string[]) => run(file, args, { timeoutSeconds: commandSeconds });
const text = async (file: string, ...args: string[]) => (await command(file, ...args)).toString("utf8");

export class SlurmAdapter implements SchedulerAdapter {
  readonly #numbers = new Map<number, string>();
  /** Slurm's number of each job that was submitted, once it has answered; null where it did not take the job. */
  readonly #submitted = new Map<string, Promise<number | null>>();
  readonly #seen: ControllerEvent[] = [];
  readonly #running = new Set<number>();
  readonly #completions = new Map<number, Completion>();
  #controller = new FileTail(controllerLog);
  #completion = new FileTail(completionLog);
  #cpuSecondsBefore = 0;

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
    this.#submitted.clear();
    this.#seen.length = 0;
    this.#running.clear();
    this.#completions.clear();
    this.#controller = new FileTail(controllerLog);
    this.#completion = new FileTail(completionLog);
    forgetPeak(daemons);
    this.#cpuSecondsBefore = useOf(daemons).cpuSeconds;
  }

  async submit(job: Job, node?: string) {
    const script = scriptOf(job, launcher(job));
    const submission = this.#unended(job).then(async (after) => {
      const options = [...submitOptions(job, after), ...(node === undefined ? [] : [`--nodelist=${node}`])];
      const args = [...options, `${bodies}/${script.name}`, ...script.arguments];
      const reply = await run("sbatch", args, { as: job.user ?? user, timeoutSeconds: commandSeconds });
      const number = Number.parseInt(reply.toString("utf8"), 10);
      this.#numbers.set(number, job.id);
      return number;
    });
    this.#submitted.set(
      job.id,
      submission.catch(() => null),
    );
    await submission;
  }

  /** Numbers of the jobs that this one waits for. Slurm forgets a job some minutes after its end: what has ended needs no waiting. */
  async #unended({ after = [] }: Job): Promise<number[]> {
    const numbers = await Promise.all(after.map((id) => this.#submitted.get(id)));
    return numbers.flatMap((number) => (number == null || this.#completions.has(number) ? [] : [number]));
  }

  progress(): Progress {
    this.#read();
    return { running: this.#running.size, ended: this.#completions.size };
  }

  async cancel() {
    // Whoever's they are. What waits goes first, or it would start on the nodes of what runs.
    for (const state of ["PENDING", "SUSPENDED", "RUNNING"]) await command("scancel", `--state=${state}`);
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

  controlPlaneUse(): ControlPlaneUse {
    const { cpuSeconds, peakMemoryMiB } = useOf(daemons);
    return { cpuSeconds: cpuSeconds - this.#cpuSecondsBefore, peakMemoryMiB };
  }

  #queue = async () => (await text("squeue", "--noheader", "--format=%j %T %N")).trim();

  #read() {
    for (const line of this.#controller.lines()) {
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

/**
 * Slurm counts walltime in whole minutes. A requeued job would be counted twice.
 * @param after Slurm's numbers of the jobs that must have ended
 */
function submitOptions(
  { id, nodes, ranksPerNode, coresPerRank, memoryMiBPerNode, gpusPerNode, walltimeSeconds }: Job,
  after: readonly number[],
): string[] {
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
    ...(after.length > 0 ? [`--dependency=afterany:${after.join(":")}`] : []),
    ...(memoryMiBPerNode > 0 ? [`--mem=${memoryMiBPerNode}M`] : []),
    ...(gpusPerNode > 0 ? [`--gres=gpu:${gpusPerNode}`] : []),
  ];
}

/** Starts the ranks of an MPI program on the job's nodes, one on each core or group of cores. */
const launcher = ({ coresPerRank }: Job) => ["srun", "--mpi=pmix", `--cpus-per-task=${coresPerRank}`, "--cpu-bind=cores"];
