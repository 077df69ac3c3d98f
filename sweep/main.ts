import { Command, InvalidArgumentError } from "commander";
import { InvalidInput } from "../model/problem.ts";
import { Claims } from "./claims.ts";
import { compare, stops, verdictText } from "./compare.ts";
import { secondsFrom } from "./estimate.ts";
import { claimsFolder, logsFolder, stacksFolder, trialsFolder } from "./folders.ts";
import { findGarbage, garbageText, removeGarbage } from "./gc.ts";
import { type Host, probeHost, requireCapacity } from "./host.ts";
import { listenToSignals } from "./interruption.ts";
import { findLeftovers, removeAllLeftovers } from "./leftovers.ts";
import { localExecutor, type Said } from "./local-executor.ts";
import { studentsPairs } from "./paired-comparison.ts";
import { planJson, planOf, planText, standings, units } from "./plan.ts";
import { progressOn } from "./progress.ts";
import { readSide } from "./read-side.ts";
import { readTrials } from "./read-sweep.ts";
import { runSweep, type SweepEnd } from "./run-sweep.ts";
import { runTrial } from "./run-trial.ts";
import { submitArray } from "./slurm-executor.ts";
import { statusText } from "./status.ts";
import type { Sweep } from "./sweep.ts";
import { isCompleted } from "./trial-file.ts";
import { TrialStore } from "./trial-store.ts";
import type { PlannedTrial } from "./trials.ts";

/** The command `sweep`: plan, run, status, compare, gc; and trial, which the others start. */

/** Exit statuses: 1 is "no", 2 a mistake in what was asked, 75 "not finished, try again" (sysexits.h). */
const exit = { fine: 0, no: 1, usage: 2, unfinished: 75 } as const;

const store = new TrialStore(trialsFolder);
const claims = new Claims(claimsFolder);

const program = new Command("sweep")
  .description("Runs one trial for each configuration and seed of sweeps/<name>.yaml, and tells what came of them.")
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exit.fine : exit.usage));

const retry = ["--retry", "run failed trials again"] as const;
const parallel = ["--parallel <n>", "most trials at once; cores and memory may allow fewer", wholeNumber] as const;

program
  .command("plan <sweep>")
  .description("say what a run would do: trials, memory, disk, time; what has a result, and why the rest must run")
  .option(...parallel)
  .option(...retry)
  .option("--json", "for programs")
  .option("--matrix <n>", "print a matrix for GitHub Actions of at most n jobs", wholeNumber)
  .action(async (name: string, options: { parallel?: number; retry?: boolean; json?: boolean; matrix?: number }) => {
    const { sweep, trials } = readTrials(name);
    const { trials: files } = store.list();
    if (options.matrix !== undefined) {
      const found = units(standings(trials, files, options.retry ?? false), options.matrix);
      console.log(JSON.stringify({ include: found.map((ids, i) => ({ unit: i + 1, trials: ids.join(" ") })) }));
      return;
    }
    const hosts = await hostsOf(sweep, trials).catch((error: Error) => {
      if (!(error instanceof InvalidInput)) console.error(error.message);
      return [];
    });
    if (hosts.length > 0) requireCapacity(name, trials, hosts);
    const plan = planOf(name, trials, files, { hosts, parallel: options.parallel ?? Infinity, retry: options.retry ?? false });
    console.log(options.json ? JSON.stringify(planJson(plan), null, 2) : planText(plan));
  });

program
  .command("run <sweep>")
  .description("run every trial that has no result yet, as many side by side as cores and memory allow")
  .option(...parallel)
  .option("--resume", "go on where an earlier run was interrupted; what it left is removed first")
  .option("--keep-going", "go on after a trial that failed")
  .option(...retry)
  .option("--executor <kind>", "local: here, or on the sweep's hosts; slurm: as an array of jobs", executor, "local")
  .option("--units <n>", "slurm: most tasks, which share the trials", wholeNumber, 1000)
  .option("--sbatch <option>", "slurm: a further option of sbatch; may be given again", collect, [])
  .action(run);

program
  .command("status <sweep>")
  .description("say how far the sweep is, and what failed")
  .option("--json", "for programs")
  .action((name: string, options: { json?: boolean }) => {
    const { trials } = readTrials(name);
    const { trials: files, unreadable } = store.list();
    for (const { file, reason } of unreadable) console.error(`${file} cannot be read and counts as not there: ${reason}`);
    const found = standings(trials, files, false);
    const claimed = claims.list(name);
    if (options.json)
      console.log(JSON.stringify({ sweep: name, ...claimed, trials: found.map(({ trial: { id }, file }) => file ?? { id }) }, null, 2));
    else console.log(statusText(name, found, claimed));
  });

program
  .command("compare <baseline> <candidate>")
  .description(
    "compare two sides, each a sweep or a folder of trials and perhaps :axis=value,…; exit status 1 where the candidate is worse",
  )
  .option("--json", "for programs")
  .action((baseline: string, candidate: string, options: { json?: boolean }) => {
    const found = compare(readSide(baseline, store), readSide(candidate, store), studentsPairs);
    console.log(options.json ? JSON.stringify(found, null, 2) : verdictText(found));
    process.exitCode = found.some(stops) ? exit.no : exit.fine;
  });

program
  .command("gc <sweep>")
  .description("show what is left over of the sweep's stacks; trials that run are left alone")
  .option("--yes", "remove it")
  .action(async (name: string, options: { yes?: boolean }) => {
    const { sweep, trials } = readTrials(name);
    const setting = {
      infrastructure: await infrastructure(name),
      claims,
      folder: stacksFolder(name),
      hosts: urisOf(sweep, trials),
      find: findLeftovers,
      remove: removeAllLeftovers,
    };
    const garbage = await findGarbage(name, setting);
    console.log(garbageText(name, garbage));
    if (options.yes) await removeGarbage(name, garbage, setting, (step) => console.error(step));
  });

program
  .command("trial <sweep> <ids...>")
  .description("run some of the sweep's trials here, one after another, and nothing else; for batch systems")
  .option("--hypervisor <uri>", "libvirt connection in place of the tuple's")
  .option("--events", "say what happens in lines of JSON")
  .action(trial);

/** Loaded where it is needed, for it is large and the other verbs can do without. */
async function infrastructure(sweep: string) {
  const { PulumiStacks } = await import("./pulumi-stacks.ts");
  return new PulumiStacks(stacksFolder(sweep));
}

interface RunOptions {
  readonly parallel?: number;
  readonly resume?: boolean;
  readonly keepGoing?: boolean;
  readonly retry?: boolean;
  readonly executor: "local" | "slurm";
  readonly units: number;
  readonly sbatch: readonly string[];
}

async function run(name: string, options: RunOptions): Promise<void> {
  const { sweep, trials } = readTrials(name);
  const { left, held } = claims.list(name);
  if (left.length > 0 && !options.resume)
    refuse(
      "run",
      `an earlier run left ${left.map(({ stack }) => stack).join(", ")}: go on with --resume, or remove them with gc ${name} --yes`,
    );
  // Their stacks are destroyed when their trials run again.
  for (const claim of left) claims.drop(claim);
  const { trials: files } = store.list();
  const toRun = standings(trials, files, options.retry ?? false).flatMap(({ trial, reason }) => (reason === null ? [] : [trial]));
  const free = toRun.filter(({ id }) => !held.some((claim) => claim.id === id));
  for (const { stack, machine, pid } of held) console.error(`${stack} is being run by process ${pid} on ${machine}`);
  const [first] = free;
  if (first === undefined)
    return console.log(`sweep ${name}: nothing to run, ${trials.length - toRun.length} of ${trials.length} trials have a result`);

  if (options.executor === "slurm") {
    const dealt = units(standings(free, files, options.retry ?? false), options.units);
    const job = await submitArray({
      units: dealt,
      parallel: options.parallel,
      demand: largest(free),
      minutes: sweep.trialMinutes * Math.max(...dealt.map((unit) => unit.length)),
      command: ["sweep/sweep", "trial", name],
      folder: logsFolder(name),
      options: options.sbatch,
    });
    return console.log(
      `submitted ${free.length} trials as ${dealt.length} tasks of job ${job}; "sweep status ${name}" says how far they are`,
    );
  }

  const hosts = await hostsOf(sweep, trials);
  requireCapacity(name, free, hosts);
  const end = await runSweep(free, {
    start: localExecutor([process.execPath, ...process.execArgv, "sweep/main.ts", "trial"], logsFolder(name)),
    hosts,
    parallel: options.parallel ?? Infinity,
    keepGoing: options.keepGoing ?? false,
    hours: sweep.budget.hours,
    interruption: listenToSignals(),
    progress: progressOn(process.stderr),
    secondsOf: secondsFrom(files),
  });
  conclude(name, end);
}

function conclude(name: string, { ended, interrupted, waiting, why, left }: SweepEnd): void {
  const failed = ended.filter((trial) => !isCompleted(trial)).length;
  const rest = interrupted + waiting;
  console.log(
    `sweep ${name}: ${ended.length} trials ended${failed > 0 ? `, ${failed} of them failed` : ""}${rest > 0 ? `; ${rest} are still to run (${why ?? "interrupted"}): go on with --resume` : ""}`,
  );
  for (const line of left) console.error(`left over: ${line}`);
  process.exitCode = rest > 0 ? exit.unfinished : failed > 0 ? exit.no : exit.fine;
}

async function trial(name: string, ids: readonly string[], options: { hypervisor?: string; events?: boolean }): Promise<void> {
  const { sweep, trials } = readTrials(name);
  const wanted = ids.map(
    (id) =>
      trials.find((planned) => planned.id === id) ??
      refuse("trial", `"${id}" is not one of the sweep's trials; did the program change since the plan was made?`),
  );
  const interruption = listenToSignals();
  interruption.abandon.addEventListener("abort", () => process.exit(exit.unfinished));
  const stacks = await infrastructure(name);
  const say = (said: Said) => console.log(JSON.stringify(said));
  for (const planned of wanted) {
    if (interruption.stop.aborted) break;
    const end = await runTrial(planned, {
      infrastructure: stacks,
      store,
      claims,
      limitMinutes: sweep.trialMinutes,
      stop: interruption.stop,
      onStep: (step) => (options.events ? say({ step }) : console.error(`${planned.stack}: ${step}`)),
      ...(options.hypervisor === undefined ? {} : { hypervisor: options.hypervisor }),
    });
    if (options.events) say({ end });
    else console.log(`${planned.stack}: ${end.kind === "ended" ? end.trial.outcome.kind : end.kind}`);
    if ("left" in end && end.left !== undefined) console.error(`${planned.stack} could not be destroyed: ${end.left}`);
  }
  // A trial that failed is a result: the batch system need not run it again.
  process.exitCode = interruption.stop.aborted ? exit.unfinished : exit.fine;
}

/** libvirt connections that the sweep's trials run on. */
const urisOf = ({ hosts }: Sweep, trials: readonly PlannedTrial[]) =>
  hosts ?? [...new Set(trials.map(({ tuple }) => tuple.topology.hypervisor.uri))];

async function hostsOf(sweep: Sweep, trials: readonly PlannedTrial[]): Promise<Host[]> {
  const [first] = trials;
  const directory = first?.tuple.topology.hypervisor.imagesDirectory ?? "/";
  return Promise.all(urisOf(sweep, trials).map((uri) => probeHost(uri, directory)));
}

/** The most that any of the trials takes, of each resource. */
function largest(trials: readonly PlannedTrial[]) {
  const most = (of: (trial: PlannedTrial) => number) => Math.max(...trials.map(of));
  return {
    machines: most(({ demand }) => demand.machines),
    cpus: most(({ demand }) => demand.cpus),
    memoryGiB: most(({ demand }) => demand.memoryGiB),
    diskGiB: most(({ demand }) => demand.diskGiB),
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("it is not a whole number from 1.");
  return value;
}

function executor(text: string): string {
  if (text !== "local" && text !== "slurm") throw new InvalidArgumentError("it is not one of local, slurm.");
  return text;
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

function refuse(at: string, message: string): never {
  throw new InvalidInput("command", [{ path: [at], message }]);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof InvalidInput ? error.message : error);
  process.exitCode = exit.usage;
});
