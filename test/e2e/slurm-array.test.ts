import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { type SlurmSetting, slurmExecutor } from "../../sweep/run/slurm-executor.ts";
import { trialsOf } from "../sweep/fixtures.ts";
import { until } from "../toolchain/project.ts";
import { hasSlurm, RealSlurm } from "./real-slurm.ts";

/** A sweep's trials as an array of a real Slurm, with a command in the trials' place that only notes what it was asked. */
describe.runIf(hasSlurm)("a Slurm array", () => {
  const slurm = new RealSlurm();
  const notes = join(slurm.folder, "notes");
  const command = join(slurm.folder, "trial");
  const demand = { machines: 3, cpus: 3, memoryGiB: 3.45, diskGiB: 2.5 };

  beforeAll(async () => {
    mkdirSync(notes);
    // Its note is whole once it has its name. Interrupted, it takes a moment to clean up, as a trial does.
    writeFileSync(
      command,
      `#!/usr/bin/env bash
file=${notes}/$SLURM_ARRAY_TASK_ID
trap 'sleep 0.2; echo "interrupted $*" >$file.stopped; exit 75' INT
began=$EPOCHREALTIME
touch $file.began
for ((i = 0; i < 10 * $1; i++)); do sleep 0.1; done
echo "$began $EPOCHREALTIME $PWD $*" >$file.partial
mv $file.partial $file
`,
      { mode: 0o755 },
    );
    process.env.SLURM_CONF = slurm.environment.SLURM_CONF;
    await slurm.start();
  });
  afterAll(() => slurm.stop());
  beforeEach(() => {
    for (const file of readdirSync(notes)) rmSync(join(notes, file));
  });

  const [planned] = trialsOf({}) as [PlannedTrial];

  /** The array's job. */
  async function submit(ids: readonly string[], seconds: number, parts: Partial<SlurmSetting> = {}): Promise<string> {
    const setting = { most: 3, parallel: undefined, folder: join(slurm.folder, "logs"), options: [], ...parts };
    const executor = slurmExecutor({ command: [command, String(seconds)], ...setting });
    const trials = ids.map((id) => ({ ...planned, id, demand }));
    const executed = await executor.execute({ name: "backfill", sweep: { trialMinutes: 5, budget: { trials: 10 } }, trials });
    return /job (\d+);/.exec(executed.kind === "handed over" ? executed.text : "")?.[1] ?? "";
  }

  const noted = (files: readonly string[]) =>
    files.map((file) => {
      const [began, ended, folder, ...args] = readFileSync(join(notes, file), "utf8").trim().split(" ");
      return { began: Number(began), ended: Number(ended), folder, args };
    });
  const ended = (job: string) => slurm.says("squeue", "--noheader", "--jobs", job).trim() === "";

  test("gives each task its unit, in the project's folder, and as much of the node as its machines take", async () => {
    const job = await submit(["a1", "b1", "c1", "a2"], 1);
    const asked = slurm.says("scontrol", "show", "job", job);
    for (const words of ["NumCPUs=3 ", "mem=3533M,", "TimeLimit=00:15:00 ", "Requeue=1 "]) expect(asked).toContain(words);
    await until(() => ended(job), 60);
    const found = noted(["0", "1", "2"]);
    expect(found.map(({ args }) => args)).toEqual([
      ["1", "trial", "backfill", "a1", "a2"],
      ["1", "trial", "backfill", "b1"],
      ["1", "trial", "backfill", "c1"],
    ]);
    expect(new Set(found.map(({ folder }) => folder))).toEqual(new Set([process.cwd()]));
    // Two of three cores each fit on eight.
    const [first, second, third] = found.toSorted((a, b) => a.began - b.began) as [(typeof found)[0], (typeof found)[0], (typeof found)[0]];
    expect(second.began).toBeLessThan(first.ended);
    expect(third.began).toBeGreaterThan(first.ended);
  });

  test("runs no more at once than asked for", async () => {
    const job = await submit(["a", "b"], 1, { parallel: 1 });
    await until(() => ended(job), 60);
    const found = noted(["0", "1"]);
    const [first, second] = found.toSorted((a, b) => a.began - b.began) as [(typeof found)[0], (typeof found)[0]];
    expect(second.began).toBeGreaterThan(first.ended);
  });

  test("tells the trial, not only a shell around it, to end", async () => {
    const job = await submit(["a"], 600);
    await until(
      () => existsSync(join(notes, "0.began")) && slurm.says("squeue", "--noheader", "--format=%T", "--jobs", job).trim() === "RUNNING",
      30,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    slurm.says("scancel", "--batch", "--signal=INT", `${job}_0`);
    await until(() => ended(job), 60);
    expect(readFileSync(join(notes, "0.stopped"), "utf8")).toBe("interrupted 600 trial backfill a\n");
  });

  test("says what Slurm says of a wrong option", async () => {
    await expect(submit(["a"], 1, { options: ["--partition=none-such"] })).rejects.toThrow(/sbatch: .*invalid partition/i);
  });

  test("leaves what tasks said in the sweep's folder", () => {
    expect(readdirSync(join(slurm.folder, "logs")).filter((file) => file.endsWith(".log")).length).toBeGreaterThanOrEqual(5);
  });
});
