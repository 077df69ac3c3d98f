import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { complain, say } from "../analysis/say.ts";
import { InvalidInput } from "../model/problem.ts";
import { NoRoom } from "../storage/room.ts";
import { alibabaNodes, alibabaPods } from "./pods/columns.ts";
import { type CheckOptions, check } from "./verbs/check.ts";
import { type FluxOptions, flux } from "./verbs/flux.ts";
import { type PodsOptions, pods } from "./verbs/pods.ts";
import { type SlurmOptions, slurm } from "./verbs/slurm.ts";

/** The command `import`: what it can be asked, and in which file that is done. */

/** Where npm starts it. */
const project = process.cwd();

/** npm starts scripts in the project's folder; paths are meant from where the person is. */
const here = (path: string) => resolve(process.env.npm_lifecycle_event === "import" ? (process.env.INIT_CWD ?? ".") : ".", path);
const appended = (value: string, before: readonly string[]) => [...before, value];

const command = new Command("import")
  .description("Makes a stack and a trace of a site's own configuration and log, and says what of them it took.")
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

function importer(name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .requiredOption("--name <stack>", "write Pulumi.<stack>.yaml, traces/<stack>.swf, and beside it a table and the log's figures")
    .option("--overwrite", "where these files are there already, write them anew")
    .option("--anonymise", "replace users, accounts, job names and numbers, and the names of hosts; partitions and queues stay")
    .option(
      "--only <key=names>",
      "jobs of these only: partition, queue (or qos), account (or group), user, name or state; may be given again",
      appended,
      [],
    )
    .option("--exclude <key=names>", "no jobs of these; may be given again", appended, [])
    .option("--from <time>", "jobs submitted from then on: 2024-01-31 or 2024-01-31T12:00:00")
    .option("--to <time>", "jobs submitted before");
}

importer("slurm", "a slurm.conf, and what sacct --parsable2 printed")
  .requiredOption("--conf <file>", "slurm.conf; what it includes is read from its folder", here)
  .option("--nodes <file>", "what scontrol show node printed, which knows better than slurm.conf", here)
  .option("--qos <file>", "what sacctmgr show qos --parsable2, or sacctmgr dump, printed", here)
  .option("--log <file>", "what sacct --parsable2 printed, plain or gzip", here)
  .option("--time-zone <zone>", "of the log's times, which sacct prints in the cluster's own: Europe/Berlin", "UTC")
  .option("--skip-bad", "skip malformed lines of the log and count them")
  .option("--delimiter <character>", "between the log's fields", "|")
  .action((options: SlurmOptions) => told(slurm(options, project)));

/** Options of an import that reads no configuration. */
function withNodes(to: Command, scheduler: string): Command {
  return to
    .option("--scheduler <kind>", "slurm, volcano or flux, which is to run the jobs", scheduler)
    .option("--node-count <n>", "nodes of the machine; the most that were in use at once where it is not given", wholeNumber)
    .option("--cpus-per-node <n>", "the most that a job had on one where it is not given", wholeNumber)
    .option("--gpus-per-node <n>", "the most that a job had on one where it is not given", wholeNumber)
    .option("--memory-per-node <mib>", "memory of a node in MiB", wholeNumber);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("a whole number from 1 on.");
}

withNodes(importer("flux", "what flux jobs --json printed, or lines of JSON with a job, or its events and jobspec, each"), "flux")
  .requiredOption("--log <file>", "plain or gzip", here)
  .option("--skip-bad", "skip malformed jobs and count them")
  .action((options: FluxOptions) => told(flux(options, project)));

withNodes(importer("pods", "a table of pods as CSV, by default in the form of Alibaba's cluster-trace-gpu-v2023"), "volcano")
  .requiredOption("--log <file>", "CSV with a header, plain or gzip", here)
  .option("--columns <list>", "FIELD=COLUMN, or FIELD=COLUMN/DIVISOR, separated by commas", alibabaPods)
  .option("--nodes <file>", "CSV of the nodes, one a row", here)
  .option("--node-columns <list>", "the same for the nodes", alibabaNodes)
  .option("--time-zone <zone>", "of times that are no numbers of seconds", "UTC")
  .option("--skip-bad", "skip malformed rows and count them")
  .action((options: PodsOptions) => told(pods(options, project)));

command
  .command("check")
  .description("compare a replay's waits with those of the log, job by job, by size class and partition")
  .requiredOption("--record <file>", "results/<stack>/trial-….json of a trial that replayed an imported trace", here)
  .requiredOption("--trace <file>", "traces/<stack>.swf, beside which its table and figures are", here)
  .option("--json", "for programs")
  .action((options: CheckOptions) => told(check(options)));

async function told(text: Promise<string>): Promise<void> {
  say((await text).trimEnd());
}

command.parseAsync().catch((error: unknown) => {
  if (!(error instanceof InvalidInput || error instanceof NoRoom)) throw error;
  complain(error.message);
  process.exitCode = 2;
});
