import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { estimate, secondsFrom } from "../../sweep/plan/estimate.ts";
import { Host } from "../../sweep/plan/host.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import type { Progress } from "../../sweep/run/progress.ts";
import { type Crashed, type RunningTrial, runSweep, type StartTrial, type SweepSetting } from "../../sweep/run/run-sweep.ts";
import type { TrialEnd } from "../../sweep/run/run-trial.ts";
import { SavedClusters, type Saving } from "../../sweep/run/saved-clusters.ts";
import { Claims } from "../../sweep/store/claims.ts";
import { facts } from "../model/hypervisor-facts.ts";
import { completed, interval, trialsOf, unmeasured } from "./fixtures.ts";

/** Trials that end when the test says so, in the order in which they began. */
class Executor {
  readonly began: PlannedTrial[] = [];
  readonly on: string[] = [];
  readonly from: (string | undefined)[] = [];
  readonly asked: string[] = [];
  private readonly ends = new Map<PlannedTrial, (end: TrialEnd | Crashed) => void>();

  readonly fromScheduler: (string | undefined)[] = [];

  readonly start: StartTrial = (trial, { hypervisor, savedCluster, savedScheduler }): RunningTrial => {
    this.began.push(trial);
    this.on.push(hypervisor);
    this.from.push(savedCluster);
    this.fromScheduler.push(savedScheduler);
    return {
      ended: new Promise((resolve) => this.ends.set(trial, resolve)),
      stop: () => this.asked.push(`stop ${this.began.indexOf(trial)}`),
      kill: () => this.asked.push(`kill ${this.began.indexOf(trial)}`),
    };
  };

  /** Ends the trial that began as number `index`, and lets the sweep go on. */
  async end(index: number, end?: TrialEnd | Crashed): Promise<void> {
    const trial = this.began[index] as PlannedTrial;
    this.ends.get(trial)?.(end ?? { kind: "ended", trial: completed(trial) });
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

const silent: Progress = { update() {}, step() {}, note() {}, end() {} };

const uri = "qemu:///system";
/** Three cores and 3.45 GiB are one trial. */
const host = (parts: Partial<typeof facts> = {}, at = uri) => new Host(at, { ...facts, ...parts });

const trials = trialsOf({ axes: { [interval]: [10, 20, 30] }, seeds: [1, 2] });

function begin(parts: Partial<SweepSetting> = {}, of: readonly PlannedTrial[] = trials, saving: Saving = "clusters") {
  const executor = new Executor();
  const claims = mkdtempSync(join(tmpdir(), "schedfront-clusters-"));
  onTestFinished(() => rmSync(claims, { recursive: true }));
  const savedClusters = new SavedClusters(new Claims(claims), saving);
  const [stop, abandon] = [new AbortController(), new AbortController()];
  const end = runSweep(of, {
    start: executor.start,
    hosts: [host()],
    savedClusters,
    parallel: Infinity,
    keepGoing: true,
    interruption: { stop: stop.signal, abandon: abandon.signal },
    progress: silent,
    secondsOf: () => undefined,
    ...parts,
  });
  return { executor, end, stop, abandon, savedClusters };
}

describe("trials run side by side", () => {
  test.each<[string, Partial<typeof facts>, number]>([
    ["as cores allow", { cpus: 8 }, 2],
    ["as memory allows", { cpus: 64, memoryAvailableGiB: 14 }, 4],
    ["as disk allows", { cpus: 64, diskAvailableGiB: 8 }, 3],
    ["one where there are fewer cores than it has", { cpus: 2 }, 1],
  ])("%s", async (_, parts, expected) => {
    const { executor } = begin({ hosts: [host(parts)] });
    await settle();
    expect(executor.began).toHaveLength(expected);
  });

  test("and no more than asked for; the next begins when one ends, in the plan's order", async () => {
    const { executor, end } = begin({ hosts: [host({ cpus: 64 })], parallel: 2 });
    await settle();
    expect(executor.began).toEqual(trials.slice(0, 2));
    await executor.end(1);
    expect(executor.began).toEqual(trials.slice(0, 3));
    for (const index of [0, 2, 3, 4, 5]) await executor.end(index);
    expect(await end).toMatchObject({ interrupted: 0, waiting: 0, why: null, left: [] });
    expect((await end).ended).toHaveLength(6);
    expect(executor.began).toEqual(trials);
  });

  test("on all hosts that they may use", async () => {
    const uris = ["qemu+ssh://a/system", "qemu+ssh://b/system"];
    const shared = trialsOf({ hosts: uris, axes: { [interval]: [10, 20, 30] } });
    const { executor } = begin({ hosts: uris.map((at) => host({ cpus: 2 }, at)) }, shared);
    await settle();
    expect(executor.on).toEqual(uris);
    await executor.end(1);
    expect(executor.on).toEqual([...uris, uris[1]]);
  });
});

describe("after a trial that failed", () => {
  const failed = (trial: PlannedTrial): TrialEnd => ({ kind: "ended", trial: unmeasured(trial) });

  test("no other begins", async () => {
    const { executor, end } = begin({ keepGoing: false });
    await settle();
    await executor.end(0, failed(trials[0] as PlannedTrial));
    await executor.end(1);
    expect(await end).toMatchObject({ waiting: 4, why: "a trial failed" });
    expect((await end).ended.map(({ outcome }) => outcome.kind)).toEqual(["boot", "completed"]);
  });

  test("all others do, when asked to keep going", async () => {
    const { executor, end } = begin({ hosts: [host({ cpus: 2 })] });
    for (const index of trials.keys()) {
      await settle();
      await executor.end(index, index === 0 ? failed(trials[0] as PlannedTrial) : undefined);
    }
    expect(await end).toMatchObject({ waiting: 0, why: null });
  });

  test("a process that ended without a word counts as failed, and is to run again", async () => {
    const { executor, end } = begin({ keepGoing: false, hosts: [host({ cpus: 2 })] });
    await settle();
    await executor.end(0, { kind: "crashed", message: "its process ended by SIGSEGV" });
    expect(await end).toMatchObject({
      interrupted: 1,
      waiting: 5,
      why: "a trial failed",
      left: [`${trials[0]?.stack}: its process ended by SIGSEGV`],
    });
  });
});

describe("Ctrl-C", () => {
  test("once: nothing new begins, and what runs is taken down", async () => {
    const { executor, end, stop } = begin();
    await settle();
    stop.abort();
    expect(executor.asked).toEqual(["stop 0", "stop 1"]);
    await executor.end(0, { kind: "interrupted" });
    await executor.end(1);
    expect(executor.began).toHaveLength(2);
    expect(await end).toMatchObject({ interrupted: 1, waiting: 4, why: "interrupted" });
    expect((await end).ended).toHaveLength(1);
  });

  test("twice: what runs is left as it is", async () => {
    const { executor, end, stop, abandon } = begin();
    await settle();
    stop.abort();
    abandon.abort();
    expect(executor.asked).toEqual(["stop 0", "stop 1", "kill 0", "kill 1"]);
    await executor.end(0, { kind: "crashed", message: "its process ended by SIGKILL" });
    await executor.end(1, { kind: "crashed", message: "its process ended by SIGKILL" });
    expect(await end).toMatchObject({ interrupted: 2, waiting: 4 });
  });

  test("before the first: none begins", async () => {
    const interruption = { stop: AbortSignal.abort(), abandon: new AbortController().signal };
    const { executor, end } = begin({ interruption });
    expect(await end).toMatchObject({ waiting: 6, why: "interrupted" });
    expect(executor.began).toEqual([]);
  });
});

test("a trial that no host may hold is said, not waited for", async () => {
  await expect(begin({ hosts: [host({}, "qemu+ssh://other/system")] }).end).rejects.toThrow("none of qemu+ssh://other/system may hold it");
});

test("when the hours are used up no other begins", async () => {
  const { executor, end } = begin({ hours: 0, hosts: [host({ cpus: 2 })] });
  await settle();
  await executor.end(0);
  expect(await end).toMatchObject({ why: "the hours are used up" });
});

describe("an estimate", () => {
  test("plays the plan through: how many at once, with how much memory, for how long", () => {
    expect(estimate(trials, [host({ cpus: 6 })], Infinity, () => 100)).toEqual({
      parallel: 2,
      memoryGiB: expect.closeTo(6.9, 9),
      diskGiB: 5,
      seconds: 300,
    });
    expect(estimate(trials, [host({ cpus: 6 })], 1, () => 100)).toMatchObject({ parallel: 1, seconds: 600 });
    expect(estimate(trials, [host({ cpus: 6 })], Infinity, () => undefined)).toMatchObject({ parallel: 2, seconds: undefined });
  });

  test("is by trials of the same values, else of the same sweep; failed ones tell nothing", () => {
    const [first, second] = trials as [PlannedTrial, PlannedTrial];
    const secondsOf = secondsFrom([
      completed(first, 1, { seconds: 60 }),
      completed(first, 1, { seconds: 80 }),
      { ...unmeasured(second), seconds: 9999 },
    ]);
    expect([first, second].map((trial) => secondsOf(trial, "booted"))).toEqual([70, 70]);
    expect(secondsFrom([completed(first, 1, { seconds: 60 }), completed(second, 1, { seconds: 100 })])(first, "booted")).toBe(60);
    expect(secondsFrom([unmeasured(first)])(first, "booted")).toBeUndefined();
  });

  test("is by trials that started in the same way, where there are any", () => {
    const [first, second] = trials as [PlannedTrial, PlannedTrial];
    const secondsOf = secondsFrom([completed(first, 1, { seconds: 200 }), completed(second, 1, { seconds: 40, start: "restored" })]);
    expect([secondsOf(first, "booted"), secondsOf(first, "restored")]).toEqual([200, 40]);
    expect(secondsFrom([completed(first, 1, { seconds: 200 })])(first, "restored")).toBe(200);
  });
});

describe("a saved cluster", () => {
  test("is what trials of one image and topology start from, one at a time and each slot its own", async () => {
    const { executor, end } = begin({ hosts: [host({ cpus: 6, memoryAvailableGiB: 12 })] }, trials.slice(0, 4));
    await settle();
    await executor.end(0);
    await executor.end(1);
    const [first, second, third, fourth] = executor.from;
    expect(first).toMatch(/^sweep-s-[0-9a-f]{12}$/);
    expect(second).toMatch(/^sweep-s-[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
    expect([third, fourth]).toEqual([first, second]);
    await executor.end(2);
    await executor.end(3);
    await end;
  });

  test("is not made for one trial alone, nor where the tuple wants its machines fresh", async () => {
    const alone = begin({}, trials.slice(0, 1));
    await settle();
    await alone.executor.end(0);
    await alone.end;
    const fresh = begin({}, trialsOf({ axes: { fresh: [true] }, seeds: [1, 2] }));
    await settle();
    await fresh.executor.end(0);
    await fresh.executor.end(1);
    await fresh.end;
    expect([...alone.executor.from, ...fresh.executor.from]).toEqual([undefined, undefined, undefined]);
  });
});

describe("a saved scheduler", () => {
  const inTurn = async ({ executor, end }: ReturnType<typeof begin>, count: number) => {
    await settle();
    for (let i = 0; i < count; i++) await executor.end(i);
    await end;
  };

  test("is what trials of one scheduler start from, on the machines of one saved cluster", async () => {
    const begun = begin({ parallel: 1 }, trials, "schedulers");
    await inTurn(begun, 6);
    const { from, fromScheduler, began } = begun.executor;
    expect(new Set(from).size).toBe(1);
    const byInterval = new Map<unknown, Set<string | undefined>>();
    for (const [i, { values }] of began.entries()) {
      byInterval.set(values[interval], (byInterval.get(values[interval]) ?? new Set()).add(fromScheduler[i]));
    }
    // The three intervals of the first block have one each; the second block's start from the same.
    expect([...byInterval.values()].map((stacks) => stacks.size)).toEqual([1, 1, 1]);
    expect(new Set(fromScheduler).size).toBe(3);
    expect(fromScheduler).not.toContain(undefined);
    expect(begun.savedClusters.all().map((stacks) => stacks.length)).toEqual([3, 1]);
  });

  test("is not made for the last trial that could use it, nor where the disk has no room for memory once more", async () => {
    const once = begin({ parallel: 1 }, trialsOf({ axes: { [interval]: [10, 20] }, seeds: [1] }), "schedulers");
    await inTurn(once, 2);
    expect(once.executor.from[0]).toBeDefined();
    expect(once.executor.fromScheduler).toEqual([undefined, undefined]);
    const { demand } = trials[0] as PlannedTrial;
    const full = begin({ parallel: 1, hosts: [host({ diskAvailableGiB: demand.diskGiB + 1.5 * demand.memoryGiB })] }, trials, "schedulers");
    await inTurn(full, 6);
    expect(full.executor.from).not.toContain(undefined);
    expect(new Set(full.executor.fromScheduler)).toEqual(new Set([undefined]));
  });
});
