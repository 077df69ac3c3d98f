import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureLine } from "../../model/failure.ts";
import { objectives } from "../../model/objectives.ts";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { failureOutcome } from "../../sweep/run/failure-outcome.ts";
import type { Failure, Infrastructure, Measured, OldStack, StackSettings, UpResult } from "../../sweep/run/infrastructure.ts";
import { runTrial } from "../../sweep/run/run-trial.ts";
import { Claims, isHeld } from "../../sweep/store/claims.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { completed, trialsOf, unmeasured } from "./fixtures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-trial-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [trial] = trialsOf({}) as [PlannedTrial];

const outputs = (valid: boolean): Measured => ({
  fidelity: "vm",
  objectives: objectives([]),
  validity: { valid, doubts: valid ? [] : [{ code: "jobs lost", severity: "invalid", message: "no record says how s3 ended" }] },
  record: { path: "results/s/trial-1.json", sha256: "1".repeat(64) },
});

/** Stacks that are names in a list. */
class Stacks implements Infrastructure {
  readonly up_: string[] = [];
  readonly settings: StackSettings[] = [];
  readonly saved: StackSettings[] = [];
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<UpResult>,
    private readonly mayDestroy = true,
    private readonly saveFails?: Failure,
  ) {}

  async save(stack: StackSettings): Promise<{ failure?: Failure }> {
    this.saved.push(stack);
    return this.saveFails === undefined ? {} : { failure: this.saveFails };
  }

  async up(stack: StackSettings, onStep: (step: string) => void, signal: AbortSignal): Promise<UpResult> {
    this.settings.push(stack);
    this.up_.push(stack.name);
    onStep("cluster-ssh");
    return this.work(signal);
  }

  async destroy({ name }: OldStack): Promise<void> {
    if (!this.mayDestroy) throw new Error("the domain is stuck");
    this.up_.splice(this.up_.indexOf(name), 1);
  }

  async list(): Promise<string[]> {
    return this.up_;
  }
}

const forever = (signal: AbortSignal) => new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

function run(
  stacks: Stacks,
  {
    stop = new AbortController().signal,
    limitMinutes = 10,
    hypervisor = undefined as string | undefined,
    savedCluster = undefined as string | undefined,
    savedScheduler = undefined as string | undefined,
  } = {},
) {
  const [store, claims] = [new TrialStore(join(folder, "trials")), new Claims(join(folder, "claims"))];
  const steps: string[] = [];
  const end = runTrial(trial, {
    infrastructure: stacks,
    store,
    claims,
    limitMinutes,
    stop,
    onStep: (step) => steps.push(step),
    ...(hypervisor === undefined ? {} : { hypervisor }),
    ...(savedCluster === undefined ? {} : { savedCluster }),
    ...(savedScheduler === undefined ? {} : { savedScheduler }),
  });
  return { end, store, claims, steps };
}

const outcomeOf = async ({ end, store }: ReturnType<typeof run>) => {
  await end;
  return store.read(trial.id)?.outcome;
};

/** What fails where a machine does not answer. */
const ssh = { name: "cluster-ssh", type: "command:local:Command" };

describe("a trial", () => {
  test("that completes leaves its file and nothing else", async () => {
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    const ran = run(stacks);
    expect(await outcomeOf(ran)).toEqual({
      kind: "completed",
      fidelity: "vm",
      objectives: objectives([]),
      doubts: [],
      record: outputs(true).record,
    });
    expect([stacks.up_, ran.claims.list("s").held, ran.steps]).toEqual([[], [], ["cluster-ssh", "destroying"]]);
    expect(JSON.parse(readFileSync(join(folder, "trials", `${trial.id}.json`), "utf8"))).toMatchObject({
      id: trial.id,
      seed: 1,
      stack: trial.stack,
    });
  });

  test("whose own checks fail is an invalid result, with its doubts", async () => {
    expect(await outcomeOf(run(new Stacks(async () => ({ outputs: outputs(false) }))))).toMatchObject({
      kind: "invalid result",
      doubts: [{ code: "jobs lost" }],
    });
  });

  test("that fails is a typed outcome, and its stack is destroyed", async () => {
    const stacks = new Stacks(async () => ({
      failure: { failed: [ssh], messages: [failureLine("boot", "cn1 did not answer ssh within 600 s")] },
    }));
    expect(await outcomeOf(run(stacks))).toEqual({
      kind: "boot",
      at: "cluster-ssh",
      message: "cn1 did not answer ssh within 600 s",
    });
    expect(stacks.up_).toEqual([]);
  });

  test("that takes too long is a timeout", async () => {
    const stacks = new Stacks(forever);
    expect(await outcomeOf(run(stacks, { limitMinutes: 0.0005 }))).toEqual({
      kind: "timeout",
      at: null,
      message: "did not end within 0.0005 minutes",
    });
    expect(stacks.up_).toEqual([]);
  });

  test("that is interrupted leaves no file, no stack and no claim", async () => {
    const stop = new AbortController();
    const stacks = new Stacks(forever);
    const ran = run(stacks, { stop: stop.signal });
    stop.abort();
    expect(await ran.end).toEqual({ kind: "interrupted" });
    expect([ran.store.list().trials, stacks.up_, ran.claims.list("s")]).toEqual([[], [], { held: [], left: [] }]);
  });

  test("that is interrupted before it began brings nothing up", async () => {
    const stop = new AbortController();
    stop.abort();
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    expect(await run(stacks, { stop: stop.signal }).end).toEqual({ kind: "interrupted" });
    expect(stacks.settings).toEqual([]);
  });

  test("whose stack cannot be destroyed keeps its result, and its claim, which tells of the rest", async () => {
    const ran = run(new Stacks(async () => ({ outputs: outputs(true) }), false));
    expect(await ran.end).toMatchObject({ kind: "ended", left: "the domain is stuck" });
    expect(ran.store.read(trial.id)?.outcome.kind).toBe("completed");
    expect(ran.claims.list("s").held.map(({ stack }) => stack)).toEqual([trial.stack]);
  });

  test("that another process runs is left to it", async () => {
    const claims = new Claims(join(folder, "claims"));
    const other = claims.take(trial, "qemu:///system");
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    expect(await run(stacks).end).toMatchObject({ kind: "taken", by: { id: trial.id, pid: process.pid } });
    expect(stacks.settings).toEqual([]);
    if (isHeld(other)) other.release();
  });

  test("that somebody else completed in the meantime does not run again; one that failed does", async () => {
    const store = new TrialStore(join(folder, "trials"));
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    store.write(unmeasured(trial));
    expect(await run(stacks).end).toMatchObject({ kind: "ended", trial: { outcome: { kind: "completed" } } });
    expect(stacks.settings).toHaveLength(1);
    store.write(completed(trial, 7));
    expect(await run(stacks).end).toEqual({ kind: "ended", trial: completed(trial, 7) });
    expect(stacks.settings).toHaveLength(1);
    expect(new Claims(join(folder, "claims")).list("s")).toEqual({ held: [], left: [] });
  });

  test("that starts from a saved cluster says so; one that has none booted", async () => {
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    expect((await run(stacks, { savedCluster: "sweep-s-c" }).end) as object).toMatchObject({ trial: { start: "restored" } });
    expect([stacks.saved.length, stacks.settings[0]?.restoreFrom]).toEqual([1, { savedBy: "sweep-s-c", machines: "sweep-s-c" }]);
    rmSync(join(folder, "trials"), { recursive: true });
    expect((await run(stacks).end) as object).toMatchObject({ trial: { start: "booted" } });
    expect([stacks.saved.length, stacks.settings[1]?.restoreFrom]).toEqual([1, undefined]);
  });

  test("that starts from a saved scheduler has the cluster saved first, and starts from both", async () => {
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    const { end } = run(stacks, { savedCluster: "sweep-s-c", savedScheduler: "sweep-s-d" });
    expect((await end) as object).toMatchObject({ trial: { start: "restored running" } });
    expect(stacks.saved.map(({ name, restoreFrom }) => ({ name, restoreFrom }))).toEqual([
      { name: "sweep-s-c", restoreFrom: undefined },
      { name: "sweep-s-d", restoreFrom: { savedBy: "sweep-s-c", machines: "sweep-s-c" } },
    ]);
    expect(stacks.settings[0]?.restoreFrom).toEqual({ savedBy: "sweep-s-d", machines: "sweep-s-c" });
  });

  test("whose saved cluster cannot be made fails as that did, and brings nothing up", async () => {
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }), true, {
      failed: [ssh],
      messages: [failureLine("boot", "cn1 did not answer ssh within 600 s")],
    });
    expect(await outcomeOf(run(stacks, { savedCluster: "sweep-s-c" }))).toMatchObject({ kind: "boot" });
    expect(stacks.settings).toEqual([]);
  });

  test("runs on the hypervisor that it is given", async () => {
    const stacks = new Stacks(async () => ({ outputs: outputs(true) }));
    const { end, store } = run(stacks, { hypervisor: "qemu+ssh://me@host/system" });
    await end;
    expect(stacks.settings[0]?.raw.topology).toEqual({ compute: [{ count: 2 }], hypervisor: { uri: "qemu+ssh://me@host/system" } });
    expect(store.read(trial.id)?.hypervisor).toBe("qemu+ssh://me@host/system");
  });
});

test("the end of a long message is kept", () => {
  const { message } = failureOutcome({ failed: [], messages: [`${"x".repeat(5000)} cause`] });
  expect(message).toMatch(/^… x+ cause$/);
  expect(message).toHaveLength(2002);
});
