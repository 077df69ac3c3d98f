import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { moveResults, writingTo } from "../../storage/room.ts";
import { killSession } from "./processes.ts";
import type { Crashed, RunningTrial, StartTrial } from "./run-sweep.ts";
import type { TrialEnd } from "./run-trial.ts";

/** What the process of a trial says on standard output, a line of JSON each. */
export type Said = { readonly step: string } | { readonly end: TrialEnd };

/** Undefined where something else wrote the line. */
function saidIn(line: string): Said | undefined {
  try {
    const said = JSON.parse(line) as unknown;
    return typeof said === "object" && said !== null && ("step" in said || "end" in said) ? (said as Said) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts each trial as a process of its own, in a session of its own: the terminal's Ctrl-C reaches the sweep only, which
 * decides what becomes of its trials. What the process writes to standard error goes to `<logs>/<stack>.log`, all of which is
 * written when the trial has ended; a log that cannot be written ends no trial.
 */
export const trialProcess =
  (command: readonly [string, ...string[]], logs: string): StartTrial =>
  (trial, { hypervisor, savedCluster, savedScheduler }, onStep): RunningTrial => {
    const log = join(logs, `${trial.stack}.log`);
    const file = writingTo("logs", logs, moveResults, () => {
      mkdirSync(logs, { recursive: true });
      return openSync(log, "a");
    });
    const [program, ...args] = command;
    const start = [
      ...(savedCluster === undefined ? [] : ["--saved-cluster", savedCluster]),
      ...(savedScheduler === undefined ? [] : ["--saved-scheduler", savedScheduler]),
    ];
    const child = spawn(program, [...args, trial.sweep, trial.id, "--hypervisor", hypervisor, ...start, "--events"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const whereMore = finished(child.stderr.pipe(createWriteStream(log, { fd: file }))).then(
      () => `more is in ${log}`,
      (error: Error) => `${log} could not be written: ${error.message}`,
    );
    const ended = new Promise<TrialEnd | Crashed>((resolve) => {
      let end: TrialEnd | undefined;
      createInterface({ input: child.stdout }).on("line", (line) => {
        const said = saidIn(line);
        if (said === undefined) return;
        if ("end" in said) end = said.end;
        else onStep(said.step);
      });
      let lastWords = "";
      createInterface({ input: child.stderr }).on("line", (line) => {
        lastWords = line;
      });
      let spawnError: Error | undefined;
      child.on("error", (error) => {
        spawnError = error;
      });
      child.on("close", async (status, signal) => {
        const more = await whereMore;
        const how = `its process ended by ${signal ?? `exit status ${status}`}: "${lastWords.trim()}"; ${more}`;
        resolve(end ?? { kind: "crashed", message: spawnError?.message ?? how });
      });
    });
    return {
      ended,
      stop: () => child.kill("SIGINT"),
      kill: () => killSession(child),
    };
  };
