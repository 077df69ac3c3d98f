import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Demand } from "../../model/capacity.ts";
import { digestOf } from "../../model/identity.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import { logsFolder } from "../store/folders.ts";
import { type Executor, units } from "./executor.ts";
import { outputOf } from "./processes.ts";

export interface SlurmSetting {
  /** The command `sweep`, to which its verb is appended. */
  readonly command: readonly string[];
  /** Most tasks, which share the trials. */
  readonly most: number;
  /** Most tasks at once; undefined: as Slurm sees fit. */
  readonly parallel: number | undefined;
  /** Folder for the list of units and the tasks' output; all nodes see it. Default: the sweep's own. */
  readonly folder?: string;
  /** Further options of sbatch. */
  readonly options: readonly string[];
}

/** How long before its end a task is told of it, so that it can take its machines down. */
const warningSeconds = 300;

/** Submits the trials as one array, a unit of them each task, which asks for what the machines of any of its trials take of a node. */
export const slurmExecutor = ({ command, most, parallel, options, ...setting }: SlurmSetting): Executor => ({
  execute: async ({ name, sweep, trials }) => {
    const folder = setting.folder ?? logsFolder(name);
    const dealt = units(trials, most);
    const file = resolve(folder, `units-${digestOf(dealt).slice(0, 12)}.txt`);
    writingTo("tasks", folder, moveResults, () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, dealt.map((unit) => `${unit.join(" ")}\n`).join(""));
    });
    const { cpus, memoryGiB } = largest(trials.map(({ demand }) => demand));
    const minutes = sweep.trialMinutes * Math.max(...dealt.map((unit) => unit.length));
    const printed = await outputOf("sbatch", [
      "--parsable",
      `--array=0-${dealt.length - 1}${parallel === undefined ? "" : `%${parallel}`}`,
      `--cpus-per-task=${cpus}`,
      `--mem=${Math.ceil(memoryGiB * 1024)}M`,
      `--time=${Math.ceil(minutes + warningSeconds / 60)}`,
      `--signal=B:INT@${warningSeconds}`,
      `--output=${join(resolve(folder), "slurm-%A_%a.log")}`,
      ...options,
      "sweep/run/slurm-array",
      resolve("."),
      file,
      ...command,
      "trial",
      name,
    ]);
    // "12", or "12;cluster".
    const job = printed.trim().split(";")[0] ?? "";
    const text = `submitted ${trials.length} trials as ${dealt.length} tasks of job ${job}; "sweep status ${name}" says how far they are`;
    return { kind: "handed over", text };
  },
});

/** The most that any takes, of each resource. */
function largest(demands: readonly Demand[]): Pick<Demand, "cpus" | "memoryGiB"> {
  const most = (of: (demand: Demand) => number) => Math.max(...demands.map(of));
  return { cpus: most(({ cpus }) => cpus), memoryGiB: most(({ memoryGiB }) => memoryGiB) };
}
