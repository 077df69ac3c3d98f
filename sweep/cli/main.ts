import { Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import { symbolsOf } from "../../analysis/objective-words.ts";
import { complain } from "../../analysis/say.ts";
import { hypervisorUri, localHypervisor } from "../../model/hypervisor-uri.ts";
import { objectiveList } from "../../model/objectives.ts";
import { InvalidInput, parse } from "../../model/problem.ts";
import { stackName } from "../../model/stack-name.ts";
import { NoRoom } from "../../storage/room.ts";
import { exit } from "./project.ts";
import { compare } from "./verbs/compare.ts";
import { discard } from "./verbs/discard.ts";
import { gc } from "./verbs/gc.ts";
import { plan } from "./verbs/plan.ts";
import { run } from "./verbs/run.ts";
import { status } from "./verbs/status.ts";
import { trial } from "./verbs/trial.ts";

/** The command `sweep`: what it can be asked, and in which file that is done. */

const command = new Command("sweep")
  .description("Runs one trial for each configuration and seed of sweeps/<name>.yaml, and tells what came of them.")
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exit.fine : exit.usage));

const on = (wanted: "log" | "linear") => symbolsOf(objectiveList.filter(({ scale }) => scale === wanted));

const retry = ["--retry", "run failed trials again"] as const;
const parallel = ["--parallel <n>", "most trials at once; cores and memory may allow fewer", wholeNumber] as const;
const savedClusters = ["--saved-clusters", "trials of one image and topology start from a saved cluster instead of a boot"] as const;
const savedSchedulers = [
  "--saved-schedulers",
  "trials that have the same scheduler, too, start from a saved cluster on which it runs; implies --saved-clusters",
] as const;
const json = ["--json", "for programs"] as const;

command
  .command("plan <sweep>")
  .description("say what a run would do: trials, memory, disk, time; what has a result, and why the rest must run")
  .option(...parallel)
  .option(...retry)
  .option(...savedClusters)
  .option(...savedSchedulers)
  .option(...json)
  .option("--matrix <n>", "print a matrix for GitHub Actions of at most n jobs", wholeNumber)
  .action(plan);

command
  .command("run <sweep>")
  .description("run every trial that has no result yet, as many side by side as cores and memory allow")
  .option(...parallel)
  .option("--resume", "go on where an earlier run was interrupted; what it left is removed first")
  .option("--keep-going", "go on after a trial that failed")
  .option(...retry)
  .option(...savedClusters)
  .option(...savedSchedulers)
  .option("--executor <kind>", "local: here, or on the sweep's hosts; slurm: as an array of jobs", oneOf("local", "slurm"), "local")
  .option("--units <n>", "slurm: most tasks, which share the trials", wholeNumber, 1000)
  .option("--sbatch <option>", "slurm: a further option of sbatch; may be given again", appended, [])
  .action(run);

command
  .command("status <sweep>")
  .description("say how far the sweep is, and what failed")
  .option(...json)
  .action(status);

command
  .command("compare <baseline> <candidate>")
  .description("compare two sides, each a sweep or a folder of trials, perhaps with :axis=value,…; exit status 1: the candidate is worse")
  .option(
    "--margin <share>",
    `how much worse the candidate may be, such as 5%: of ${on("log")}; percentage points of ${on("linear")}`,
    share,
  )
  .option(...json)
  .action(compare);

command
  .command("gc [sweep]")
  .description("show what is left over of the sweep's stacks, or without one, of every stack that is gone; trials that run are left alone")
  .option("--hypervisor <uri>", "without a sweep: connection to the host", connection, localHypervisor)
  .option("--remove <stacks...>", "without a sweep: remove what these stacks left")
  .option("--yes", "remove it")
  .action(gc);

command
  .command("trial <sweep> <ids...>")
  .description("run some of the sweep's trials here, one after another; for batch systems")
  .option("--hypervisor <uri>", "host in place of the tuple's: its connection", connection)
  .option(...savedClusters)
  .option(...savedSchedulers)
  .option("--saved-cluster <stack>", "start from what this stack has saved, which is made where it is not there", stack)
  .option("--saved-scheduler <stack>", "start from what this stack has saved on that cluster's machines, which is made likewise", stack)
  .option("--events", "print what happens as lines of JSON")
  .action(trial);

command
  .command("discard", { hidden: true })
  .argument("<sweep>")
  .argument("<stack>", "", stack)
  .description("destroy the stack of a saved cluster or scheduler")
  .requiredOption("--hypervisor <uri>", "connection to the host of its machines", connection)
  .action(discard);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("it is not a whole number from 1.");
  return value;
}

/** `5%` or `0.05`. */
function share(text: string): number {
  const found = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text);
  const value = found === null ? Number.NaN : Number(found[1]) / (found[2] === "%" ? 100 : 1);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError("it is not a share from 0 to 100 %, such as 5% or 0.05.");
  return value;
}

/** A connection as a stack may name it. */
function connection(text: string): string {
  return parse("option", z.strictObject({ hypervisor: hypervisorUri }), { hypervisor: text }).hypervisor;
}

/** A stack by its name. */
function stack(text: string): string {
  return parse("option", z.strictObject({ stack: stackName }), { stack: text }).stack;
}

function oneOf(...allowed: readonly string[]) {
  return (text: string): string => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`it is not one of ${allowed.join(", ")}.`);
    return text;
  };
}

function appended(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

command.parseAsync().catch((error: unknown) => {
  const isForPeople = error instanceof InvalidInput || error instanceof NoRoom;
  complain(error instanceof Error ? (isForPeople ? error.message : (error.stack ?? error.message)) : String(error));
  process.exitCode = exit.usage;
});
