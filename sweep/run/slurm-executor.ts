import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Demand } from "../../model/capacity.ts";
import { digestOf } from "../../model/identity.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import { outputOf } from "./processes.ts";

export interface SlurmArray {
  /** Trials of each task, by id. */
  readonly units: readonly (readonly string[])[];
  /** Most tasks at once; undefined: as Slurm sees fit. */
  readonly parallel: number | undefined;
  /** What one task's machines take of its node. */
  readonly demand: Demand;
  /** Time limit of one task. */
  readonly minutes: number;
  /** What runs trials whose ids are appended. */
  readonly command: readonly string[];
  /** Folder for the list of units and the tasks' output; all nodes see it. */
  readonly folder: string;
  /** Further options of sbatch. */
  readonly options: readonly string[];
}

/** How long before its end a task is told of it, so that it can take its machines down. */
const warningSeconds = 300;

/** Submits the units as one array, a task each, and returns the job's number. */
export async function submitArray({ units, parallel, demand, minutes, command, folder, options }: SlurmArray): Promise<string> {
  const file = resolve(folder, `units-${digestOf(units).slice(0, 12)}.txt`);
  writingTo("tasks", folder, moveResults, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, units.map((unit) => `${unit.join(" ")}\n`).join(""));
  });
  const printed = await outputOf("sbatch", [
    "--parsable",
    `--array=0-${units.length - 1}${parallel === undefined ? "" : `%${parallel}`}`,
    `--cpus-per-task=${demand.cpus}`,
    `--mem=${Math.ceil(demand.memoryGiB * 1024)}M`,
    `--time=${Math.ceil(minutes + warningSeconds / 60)}`,
    `--signal=B:INT@${warningSeconds}`,
    `--output=${join(resolve(folder), "slurm-%A_%a.log")}`,
    ...options,
    "sweep/run/slurm-array",
    resolve("."),
    file,
    ...command,
  ]);
  // "12", or "12;cluster".
  return printed.trim().split(";")[0] ?? "";
}
