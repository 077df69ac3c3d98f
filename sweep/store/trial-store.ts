import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { jsonIn, mostJsonBytes, readForeignFile, reasonFor } from "../../analysis/foreign-file.ts";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import { parseTrialFile, type TrialFile } from "../../model/trial-file.ts";
import { moveResults, writingTo } from "../../storage/room.ts";

/** A file in the store that is no trial. */
export interface Unreadable {
  readonly file: string;
  readonly reason: string;
}

/** Trials as files of a folder, one each. Any number of processes, on any number of machines, may write at once. */
export class TrialStore {
  /** @param declared the objectives that a trial may have */
  constructor(
    readonly folder: string,
    readonly declared: readonly DeclaredObjective[] = objectiveList,
  ) {}

  /** The file is whole or not there, whatever interrupts this. */
  write(trial: TrialFile): void {
    const partial = join(this.folder, `.${trial.id}.${process.pid}`);
    writingTo("trials", this.folder, moveResults, () => {
      mkdirSync(this.folder, { recursive: true });
      try {
        writeWhole(partial, `${JSON.stringify(trial, null, 1)}\n`);
        renameSync(partial, this.path(trial.id));
      } finally {
        rmSync(partial, { force: true });
      }
    });
  }

  /** Undefined where the trial did not end yet, or its file cannot be read. */
  read(id: string): TrialFile | undefined {
    if (!existsSync(this.path(id))) return undefined;
    const read = readTrial(this.path(id), this.declared);
    return "reason" in read ? undefined : read;
  }

  list(): { readonly trials: readonly TrialFile[]; readonly unreadable: readonly Unreadable[] } {
    if (!existsSync(this.folder)) return { trials: [], unreadable: [] };
    const read = readdirSync(this.folder)
      .filter((file) => /^[0-9a-f]{16}\.json$/.test(file))
      .map((file) => readTrial(join(this.folder, file), this.declared));
    return {
      trials: read.flatMap((trial) => ("reason" in trial ? [] : [trial])),
      unreadable: read.flatMap((trial) => ("reason" in trial ? [trial] : [])),
    };
  }

  private path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

function readTrial(file: string, declared: readonly DeclaredObjective[]): TrialFile | Unreadable {
  try {
    return parseTrialFile(jsonIn(readForeignFile(file, { mostBytes: mostJsonBytes })), declared);
  } catch (problem) {
    return { file, reason: reasonFor(problem) };
  }
}

/** Returns when the disk has it. */
function writeWhole(path: string, text: string): void {
  const descriptor = openSync(path, "w");
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
