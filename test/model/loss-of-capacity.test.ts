import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../../model/job.ts";
import { capacity, coresPerNode, type Machine } from "../../model/machine.ts";
import { lossOfCapacity } from "../../model/metrics/loss-of-capacity.ts";
import { slurm } from "../../model/schedulers/slurm.ts";
import type { JobTimes } from "../../model/timeline.ts";
import { job, machine, ran, sharedNodes, wholeNodes } from "./job-times.ts";

const nodes = (count: number) =>
  machine(
    Array.from({ length: count }, () => 1),
    wholeNodes,
  );

describe("whole nodes", () => {
  test("one idle node while a one-node job waits: 10 s of 2 · 20 node-seconds", () => {
    const rows = [ran(job("1"), 0, 0, 20), ran(job("2"), 0, 10, 20)];
    expect(lossOfCapacity(rows, 20, nodes(2))).toBeCloseTo(10 / 40, 12);
  });

  test("idling that no queued job fits is no loss", () => {
    const rows = [ran(job("1"), 0, 0, 10), ran(job("wide", { nodes: 2 }), 0, 10, 20)];
    expect(lossOfCapacity(rows, 20, nodes(2))).toBe(0);
  });

  test("it is enough that some queued job fits, be it not the first: 10 s of one of 2 nodes", () => {
    const rows = [ran(job("1"), 0, 0, 10, ["a"]), ran(job("wide", { nodes: 2 }), 0, 10, 20, ["a", "b"]), ran(job("3"), 0, 20, 30, ["a"])];
    expect(lossOfCapacity(rows, 30, nodes(2))).toBeCloseTo(10 / 60, 12);
  });

  test("an empty queue loses nothing, however idle the machine", () => {
    expect(lossOfCapacity([ran(job("1"), 0, 0, 10), ran(job("2"), 50, 50, 60)], 60, nodes(4))).toBe(0);
  });

  test("a job that never starts, though it fits, loses all the while", () => {
    expect(lossOfCapacity([ran(job("never"), 0, null, null)], 10, nodes(2))).toBeCloseTo((10 * 2) / (2 * 10), 12);
  });

  test("one that was cancelled at 5 waited no longer: 5 s of 2 of 2 · 10", () => {
    const cancelled = ran(job("1"), 0, null, 5, [], { outcome: "cancelled", cleaned: null });
    expect(lossOfCapacity([cancelled, ran(job("2"), 5, 5, 10)], 10, nodes(2))).toBeCloseTo((5 * 2) / (2 * 10), 12);
  });

  test("one that waits for another to end is not queued until it has: 2 s of 2 of 2 · 20", () => {
    const rows = [ran(job("1"), 0, 0, 10, ["a"]), ran(job("2", { after: ["1"] }), 0, 12, 20, ["a"])];
    expect(lossOfCapacity(rows, 20, nodes(2))).toBeCloseTo((2 * 2) / (2 * 20), 12);
  });

  test("time begins with the first submission, though its job started at once", () => {
    // Idle from 0 to 10, but nobody waits; from 10 to 15 a job waits for the free node: 5 s of 1 of 1 · 20.
    const rows = [ran(job("none"), 0, null, 0, [], { outcome: "cancelled" }), ran(job("1"), 10, 15, 20)];
    expect(lossOfCapacity(rows, 20, nodes(1))).toBeCloseTo(5 / 20, 12);
  });

  test("of a window, what is lost in it", () => {
    const rows = [ran(job("1"), 0, 0, 20), ran(job("2"), 0, 10, 20)];
    expect(lossOfCapacity(rows, 20, nodes(2), { from: 5, until: 15 })).toBeCloseTo(5 / 20, 12);
  });

  test("a node is not free until it is cleaned up", () => {
    const rows = [ran(job("1"), 0, 0, 10, ["a"], { cleaned: 15 }), ran(job("2"), 0, 18, 20, ["a"])];
    // From 15 to 18 only: 3 s of 1 node of 1 · 20.
    expect(lossOfCapacity(rows, 20, nodes(1))).toBeCloseTo(3 / 20, 12);
  });

  test("groups of different sizes: a free node that is too small for the job is no loss, a large one is", () => {
    // Node a has 4 cores, node b 16. The job that waits wants 8 on its node.
    const both = machine([4, 16], wholeNodes);
    const wide = job("wide", { ranksPerNode: 8 });
    const onB = [ran(job("1"), 0, 0, 10, ["b"]), ran(wide, 0, 10, 20, ["b"])];
    expect(lossOfCapacity(onB, 20, both)).toBe(0);
    const onA = [ran(job("1"), 0, 0, 10, ["a"]), ran(wide, 0, 10, 20, ["b"])];
    expect(lossOfCapacity(onA, 20, both)).toBeCloseTo(10 / 40, 12);
  });

  test("nothing was submitted, or no time passed", () => {
    expect(lossOfCapacity([], 10, nodes(2))).toBe(0);
    expect(lossOfCapacity([ran(job("1"), 5, 5, 5)], 5, nodes(2))).toBe(0);
  });
});

describe("nodes that jobs share", () => {
  test("free cores count, and those of one node must be enough", () => {
    const both = machine([4, 4], sharedNodes);
    // Three cores of each node are taken: two cores are free, but no node has two.
    const three = (id: string, node: string) => ran(job(id, { ranksPerNode: 3 }), 0, 0, 10, [node]);
    const waits = ran(job("waits", { ranksPerNode: 2 }), 0, 10, 20, ["a"]);
    expect(lossOfCapacity([three("1", "a"), three("2", "b"), waits], 20, both)).toBe(0);
    // With both on one node's side: a has 4 free cores. 10 s of the 4 + 1 that are free, of 8 · 20.
    expect(lossOfCapacity([three("1", "b"), ran(job("waits", { ranksPerNode: 2 }), 0, 10, 20, ["a"])], 20, both)).toBeCloseTo(
      (10 * 5) / (8 * 20),
      12,
    );
  });

  test("a job on several nodes needs its cores on each", () => {
    const rows = (nodes: number) => [
      ran(job("1", { ranksPerNode: 2 }), 0, 0, 10, ["a"]),
      ran(job("2", { nodes, ranksPerNode: 4 }), 0, 10, 20),
    ];
    const three = machine([4, 4, 4], sharedNodes);
    expect(lossOfCapacity(rows(3), 20, three)).toBe(0);
    expect(lossOfCapacity(rows(2), 20, three)).toBeCloseTo((10 * 10) / (12 * 20), 12);
  });

  test("memory counts only where the scheduler counts it; a job that asks for none has all of it", () => {
    const rows = [ran(job("1", { memoryMiBPerNode: 600 }), 0, 0, 10, ["a"]), ran(job("2", { memoryMiBPerNode: 500 }), 0, 10, 20, ["a"])];
    expect(lossOfCapacity(rows, 20, machine([4], sharedNodes))).toBeCloseTo((10 * 3) / (4 * 20), 12);
    const counted = machine([4], { unit: "core", memory: true });
    expect(lossOfCapacity(rows, 20, counted)).toBe(0);
    const greedy = [ran(job("1"), 0, 0, 10, ["a"]), ran(job("2", { memoryMiBPerNode: 1 }), 0, 10, 20, ["a"])];
    expect(lossOfCapacity(greedy, 20, counted)).toBe(0);
    const asAsked = machine([4], { unit: "core", memory: "as asked" });
    expect(lossOfCapacity(rows, 20, asAsked)).toBe(0);
    expect(lossOfCapacity(greedy, 20, asAsked)).toBeCloseTo((10 * 3) / (4 * 20), 12);
  });

  test("GPUs count", () => {
    const gpus = { ...machine([4], sharedNodes), nodes: [{ name: "a", cores: 4, memoryMiB: 1000, gpus: 1 }] };
    const wants = (id: string) => job(id, { gpusPerNode: 1 });
    expect(lossOfCapacity([ran(wants("1"), 0, 0, 10, ["a"]), ran(wants("2"), 0, 10, 20, ["a"])], 20, gpus)).toBe(0);
  });

  test("with one core a node it is the same as for whole nodes", () => {
    const rows = [ran(job("1"), 0, 0, 20), ran(job("2"), 0, 10, 20)];
    expect(lossOfCapacity(rows, 20, machine([1, 1], sharedNodes))).toBeCloseTo(10 / 40, 12);
  });
});

/** The definition, word by word: at every moment between two events, count what is free and ask every waiting job. */
function byDefinition(rows: readonly JobTimes[], endSeconds: number, given: Machine): number {
  const shared = given.allocation.unit === "core";
  const moments = [...new Set(rows.flatMap(({ submit, started, ended }) => [submit, started ?? endSeconds, ended ?? endSeconds]))].sort(
    (a, b) => a - b,
  );
  const span = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
  const lost = moments.slice(1).map((until, i) => {
    const from = moments[i] ?? 0;
    const freeCores = given.nodes.map(({ name, cores }) => {
      const here = rows.filter(
        (row) => row.nodes.includes(name) && (row.started ?? endSeconds) <= from && (row.ended ?? endSeconds) > from,
      );
      if (!shared) return here.length > 0 ? 0 : cores;
      return cores - here.reduce((sum, row) => sum + coresPerNode(row.job), 0);
    });
    const free = shared ? freeCores.reduce((a, b) => a + Math.max(0, b), 0) : freeCores.filter((cores) => cores > 0).length;
    const room = (asked: Job) => freeCores.filter((cores) => cores >= coresPerNode(asked)).length >= asked.nodes;
    const fits = rows.some((row) => row.submit <= from && (row.started ?? endSeconds) > from && room(row.job));
    return fits ? (until - from) * free : 0;
  });
  return span <= 0 ? 0 : lost.reduce((a, b) => a + b, 0) / (capacity(given) * span);
}

test.each([wholeNodes, sharedNodes])("agrees with its definition, and is a fraction: $unit", (allocation) => {
  const given = machine([2, 2, 4, 8], allocation);
  const row = fc
    .record({
      on: fc.subarray(["a", "b", "c", "d"], { minLength: 1 }),
      cores: fc.integer({ min: 1, max: 8 }),
      submit: fc.nat(20),
      wait: fc.nat(20),
      run: fc.integer({ min: 1, max: 20 }),
      started: fc.boolean(),
    })
    .map(({ on, cores, submit, wait, run, started }) => {
      const of = job("j", { nodes: on.length, ranksPerNode: cores });
      return started ? ran(of, submit, submit + wait, submit + wait + run, on) : ran(of, submit, null, null);
    });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const loss = lossOfCapacity(rows, 100, given);
      expect(loss).toBeCloseTo(byDefinition(rows, 100, given), 9);
      expect(loss).toBeGreaterThanOrEqual(0);
      expect(loss).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  // All 1000 MiB are taken; 600 of them; 400; 2 · 300.
  [undefined, 0],
  [{ perNode: 600 }, 0],
  [{ perNode: 400 }, 10 * 2],
  [{ perCore: 300 }, 0],
  [{ perCore: 200 }, 10 * 2],
])("a job that asks for no memory holds %j of it beside its two of four cores: %d core-seconds are lost", (defaultMemoryMiB, lost) => {
  const given = machine([4], { unit: "core", memory: true, ...(defaultMemoryMiB === undefined ? {} : { defaultMemoryMiB }) });
  const half = (id: string) => job(id, { coresPerRank: 2 });
  const rows = [ran(half("1"), 0, 0, 10, ["a"]), ran(half("2"), 0, 10, 20, ["a"])];
  expect(lossOfCapacity(rows, 20, given)).toBeCloseTo(lost / (4 * 20), 12);
});

test.each([
  [{}, { unit: "core", memory: false }],
  [{ SelectType: "select/linear" }, { unit: "node", memory: false }],
  [{ SelectTypeParameters: "CR_Core_Memory" }, { unit: "core", memory: true }],
  [
    {
      SelectTypeParameters: "CR_Core_Memory",
      partitions: [{ name: "batch", Default: true, DefMemPerCPU: 100 }],
      nodes: { cn: { ThreadsPerCore: 2 } },
    },
    { unit: "core", memory: true, defaultMemoryMiB: { perCore: 200 } },
  ],
  [
    { SelectTypeParameters: "CR_Core_Memory", extra: { defmempernode: 500 } },
    { unit: "core", memory: true, defaultMemoryMiB: { perNode: 500 } },
  ],
  [
    { SelectTypeParameters: "CR_Core", extra: { DefMemPerNode: 500 } },
    { unit: "core", memory: false },
  ],
  [{ SelectTypeParameters: "CR_Socket" }, { unit: "node", memory: false }],
  [{ partitions: [{ name: "batch", Default: true, OverSubscribe: "EXCLUSIVE" }] }, { unit: "node", memory: false }],
])("what Slurm counts with %j", (given, expected) => {
  expect(slurm.allocation(slurm.parameters.parse({ kind: "slurm", ...given }))).toEqual(expected);
});
