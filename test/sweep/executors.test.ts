import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Host } from "../../sweep/plan/host.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { type Executor, units } from "../../sweep/run/executor.ts";
import { localExecutor } from "../../sweep/run/local-executor.ts";
import { matrixExecutor } from "../../sweep/run/matrix-executor.ts";
import { slurmExecutor } from "../../sweep/run/slurm-executor.ts";
import { Claims } from "../../sweep/store/claims.ts";
import { facts } from "../model/hypervisor-facts.ts";
import { interval, trialsOf } from "./fixtures.ts";

let folder: string;
const here = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-executors-"));
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
});
afterEach(() => {
  process.chdir(here);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** An executor, and the ids that each process was given after it has returned. */
interface Stand {
  readonly executor: Executor;
  readonly processes: (text: string) => string[][];
}

const progress = { update() {}, step() {}, note() {}, end() {} };

/** One after another; each notes its arguments, and says that it was interrupted, which leaves no file. */
function local(uris: readonly string[]): Stand {
  process.chdir(folder);
  writeFileSync(join(folder, "sweep"), `echo "$*" >>${folder}/ran; echo '{"end":{"kind":"interrupted"}}'\n`);
  const signal = new AbortController().signal;
  const executor = localExecutor({
    command: ["bash", join(folder, "sweep")],
    hosts: uris.map((uri) => new Host(uri, facts)),
    claims: new Claims(join(folder, "claims")),
    saving: "nothing",
    parallel: 2,
    keepGoing: true,
    interruption: { stop: signal, abandon: signal },
    progress,
    secondsOf: () => undefined,
  });
  const ran = () => readFileSync(join(folder, "ran"), "utf8").trim().split("\n");
  return { executor, processes: () => ran().map((words) => words.split(" ").slice(2, 3)) };
}

/** sbatch notes the file of units, and how many tasks are to read a line of it each. */
function slurm(): Stand {
  mkdirSync(join(folder, "logs"));
  const stub = `#!/bin/sh\nfor word; do case $word in --array=*) echo "$word" ;; */units-*) cat "$word" ;; esac; done >${folder}/asked\necho "12;here"\n`;
  writeFileSync(join(folder, "sbatch"), stub, { mode: 0o755 });
  const executor = slurmExecutor({ command: ["sweep"], most: 3, parallel: undefined, folder: join(folder, "logs"), options: [] });
  return {
    executor,
    processes: () => {
      const [array = "", ...lines] = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
      const tasks = Number(/^--array=0-(\d+)$/.exec(array)?.[1]) + 1;
      return lines.slice(0, tasks).map((line) => line.split(" "));
    },
  };
}

const matrix = (): Stand => ({
  executor: matrixExecutor(3),
  processes: (text) => (JSON.parse(text) as { include: { trials: string }[] }).include.map(({ trials }) => trials.split(" ")),
});

const trials = trialsOf({ axes: { [interval]: [1, 2, 3, 4, 5] } });
const on = (hosts: readonly string[]) => trialsOf({ axes: { [interval]: [1, 2, 3, 4, 5] }, hosts });
const uris = ["qemu:///system", "qemu+ssh://me@b/system"] as const;

test.each<[string, () => Stand, readonly PlannedTrial[]]>([
  ["local", () => local([uris[0]]), trials],
  ["hypervisors", () => local(uris), on(uris)],
  ["a Slurm array", slurm, trials],
  ["a CI matrix", matrix, trials],
])("%s: every trial is given to one process, and to no second one", async (_, stand, given) => {
  const { executor, processes } = stand();
  const executed = await executor.execute({ name: "s", sweep: { trialMinutes: 1, budget: { trials: 10 } }, trials: given });
  const found = processes(executed.kind === "handed over" ? executed.text : "");
  expect(found.flat().toSorted()).toEqual(given.map(({ id }) => id).toSorted());
  if (executed.kind === "ended") expect(executed.end).toMatchObject({ interrupted: given.length, waiting: 0 });
});

describe("units", () => {
  test("share the trials, dealt in turn, none empty", () => {
    const ids = trials.map(({ id }) => id);
    expect(units(trials, 2)).toEqual([
      [ids[0], ids[2], ids[4]],
      [ids[1], ids[3]],
    ]);
    expect(units(trials, 256)).toEqual(ids.map((id) => [id]));
    expect(units([], 256)).toEqual([]);
  });
});
