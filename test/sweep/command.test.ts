import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { SlurmParameters } from "../../model/schedulers/slurm.ts";
import { readTrials } from "../../sweep/plan/read-sweep.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { completed, interval, trialsOf } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "schedfront-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command as people call it, for verbs that touch no machine. */
function sweep(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("node", ["--import", "tsx", "sweep/cli/main.ts", ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const trials = trialsOf({ axes: { [interval]: [10, 30] }, seeds: [1, 2, 3] });

/** A folder of trials whose objective is a function of the interval and the seed. */
function side(name: string, value: (interval: number, seed: number) => number): string {
  const store = new TrialStore(join(folder, name));
  for (const trial of trials) store.write(completed(trial, value(trial.values[interval] as number, trial.seed)));
  return store.folder;
}

const ofFlux = ["flux-scale"];
const sweeps = readdirSync("sweeps").map((file) => file.replace(/\.yaml$/, ""));

test.each(sweeps.filter((name) => !ofFlux.includes(name)))("the project's sweep %s can be planned", async (name) => {
  expect((await readTrials(name)).trials.length).toBeGreaterThan(0);
});

test.each(ofFlux)("the project's sweep %s lacks nothing but where Flux comes from", async (name) => {
  let complaints: string[] = [];
  try {
    await readTrials(name);
  } catch (error) {
    complaints = (error as Error).message.split("\n").filter((line) => / \(in /.test(line));
  }
  expect(complaints.length).toBeGreaterThan(0);
  expect(complaints.filter((line) => !line.includes("image.source: is missing: Debian has no Flux"))).toEqual([]);
});

test("backfill is twelve trials: two schedulers, two weights, three seeds", async () => {
  const { trials } = await readTrials("backfill");
  expect(trials).toHaveLength(12);
  const chosen = trials.map(({ tuple, seed }) => {
    const { SchedulerType, PriorityWeightJobSize } = tuple.scheduler as SlurmParameters;
    return `${SchedulerType} ${PriorityWeightJobSize} ${seed}`;
  });
  expect(new Set(chosen).size).toBe(12);
});

describe("compare", () => {
  const before = side("before", (_, seed) => 10 + seed / 10);

  test("lets pass what is no worse", () => {
    const { status, stdout } = sweep(
      "compare",
      before,
      side("same", (_, seed) => 10 + seed / 9.9),
    );
    expect(status).toBe(0);
    expect(stdout).toContain("no objective is shown to be worse by more than the margin");
  });

  test("stops what is worse, and says which", () => {
    const worse = side("worse", (interval, seed) => (interval === 30 ? 20 : 10) + seed / 10);
    const { status, stdout } = sweep("compare", before, worse);
    expect([status, stdout.trim().split("\n").at(-1)]).toEqual([1, "worse: responsiveness of bf_interval=30"]);
    expect(JSON.parse(sweep("compare", "--json", before, worse).stdout)).toMatchObject([
      { configuration: "bf_interval=10", verdict: "no difference told" },
      {
        configuration: "bf_interval=30",
        verdict: "worse",
        pairs: 3,
        judgement: { scale: "log10", change: { value: expect.closeTo((((((20.1 / 10.1) * 20.2) / 10.2) * 20.3) / 10.3) ** (1 / 3), 9) } },
      },
    ]);
  });

  test("lets pass what is worse by less than the margin", () => {
    const worse = side("little", (_, seed) => 10.3 + (1.03 * seed) / 10 + seed / 10_000);
    expect(sweep("compare", before, worse).status).toBe(1);
    expect(sweep("compare", "--margin", "5%", before, worse).status).toBe(0);
    expect(sweep("compare", "--margin", "five", before, worse)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("it is not a share from 0 to 100 %, such as 5% or 0.05"),
    });
  });

  test("picks configurations by axis values", () => {
    const mixed = side("mixed", (interval, seed) => interval + seed / 10);
    expect(sweep("compare", `${mixed}:bf_interval=30`, `${mixed}:bf_interval=10`)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/better/),
    });
    expect(sweep("compare", `${mixed}:bf_interval=10`, `${mixed}:bf_interval=30`)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/worse/),
    });
    expect(sweep("compare", mixed, `${mixed}:interval=10`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"interval=10" is not axis=value with one of the axes bf_interval, repetition'),
    });
  });
});

test("a configuration is compared with itself over its repetitions", () => {
  const store = new TrialStore(join(folder, "repeated"));
  for (const trial of trialsOf({ seeds: [1, 2, 3], repetitions: 2 })) store.write(completed(trial, trial.seed + trial.repetition / 100));
  expect(JSON.parse(sweep("compare", "--json", `${store.folder}:repetition=0`, `${store.folder}:repetition=1`).stdout)).toMatchObject([
    {
      configuration: "the base",
      pairs: 3,
      seeds: 3,
      judgement: { change: { value: expect.closeTo(((1.01 / 1) * (2.01 / 2) * (3.01 / 3)) ** (1 / 3), 9) } },
    },
  ]);
});

describe("what makes no sense ends with status 2 and a sentence", () => {
  test.each([
    ["an unknown sweep", ["plan", "none-such"], 'name: "none-such" is not one of backfill'],
    ["a way out of the folder", ["status", "../Pulumi"], 'name: "../Pulumi" is not one of backfill'],
    ["an unknown verb", ["go"], "unknown command 'go'"],
    ["no number", ["run", "backfill", "--parallel", "many"], "it is not a whole number from 1"],
    ["an unknown trial", ["trial", "backfill", "0000000000000000"], '"0000000000000000" is not one of the sweep\'s trials'],
  ])("%s", (_, args, words) => {
    const { status, stderr } = sweep(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

test("a saved scheduler is nothing without the cluster that it was saved on", () => {
  const { status, stderr } = sweep("trial", "backfill", "0123456789abcdef", "--saved-scheduler", "sweep-backfill-0123456789ab");
  expect(status).toBe(2);
  expect(stderr).toContain("--saved-scheduler sweep-backfill-0123456789ab needs --saved-cluster");
});
