import { describe, expect, test } from "vitest";
import { type PlannedTrial, stackPattern } from "../../sweep/plan/trials.ts";
import { interval, trialsOf } from "./fixtures.ts";

const axes = { [interval]: [10, 20, 30, 40, 50] };
const ids = (parts: object) => trialsOf(parts).map(({ id }) => id);

describe("order", () => {
  const trials = trialsOf({ axes, seeds: [3, 7], repetitions: 2 });

  test("each block holds every configuration once, with one seed", () => {
    const blocks = [0, 1, 2, 3].map((block) => trials.filter((trial) => trial.block === block));
    expect(blocks.map((block) => block.map(({ values }) => values[interval]).sort())).toEqual(Array(4).fill([10, 20, 30, 40, 50]));
    expect(blocks.map((block) => [...new Set(block.map(({ seed, repetition }) => `${seed} ${repetition}`))])).toEqual([
      ["3 0"],
      ["7 0"],
      ["3 1"],
      ["7 1"],
    ]);
    expect(trials.map(({ block }) => block)).toEqual(trials.map(({ block }) => block).toSorted());
  });

  test("blocks differ in their order, which is the same when asked again and another for another orderSeed", () => {
    const orders = [0, 1, 2, 3].map((block) => trials.filter((trial) => trial.block === block).map(({ values }) => values[interval]));
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
    expect(ids({ axes })).toEqual(ids({ axes }));
    expect(ids({ axes, orderSeed: 2 })).not.toEqual(ids({ axes }));
    expect(ids({ axes, orderSeed: 2 }).sort()).toEqual(ids({ axes }).sort());
  });
});

describe("seeds", () => {
  test("are every workload's, in what the stack is given and in what it is known by", () => {
    const [trial] = trialsOf({ seeds: [42] }) as [PlannedTrial];
    expect(trial.tuple.workloads.map(({ seed }) => seed)).toEqual([42, 42]);
    expect((trial.raw.workloads as { seed: number }[]).map(({ seed }) => seed)).toEqual([42, 42]);
  });

  test("from and count are a list", () => {
    expect(trialsOf({ seeds: { from: 5, count: 3 } }).map(({ seed }) => seed)).toEqual([5, 6, 7]);
  });

  test("that a workload's repetitions would use twice are refused", () => {
    const twice = { axes: { "workloads[0].repetitions": [2] } };
    expect(() => trialsOf({ ...twice, seeds: [1, 2] })).toThrow(
      "seeds: two are 1 apart, but a workload with 2 repetitions uses 2 seeds in a row",
    );
    expect(trialsOf({ ...twice, seeds: [1, 3] })).toHaveLength(2);
    expect(() => trialsOf({ seeds: [1, 1] })).toThrow("seeds: 1 is given twice");
  });
});

describe("a trial's identity", () => {
  const [trial] = trialsOf({});

  test("is its tuple's, whether a default is written out or not", () => {
    expect(ids({ axes: { "scheduler.SelectType": ["select/cons_tres"] } })).toEqual([trial?.id]);
    expect(ids({ axes: { [interval]: [10] } })).not.toEqual([trial?.id]);
  });

  test("changes with seed, repetition, program and image, and with nothing else", () => {
    const others = [
      ...ids({ seeds: [2] }),
      trialsOf({ repetitions: 2 })[1]?.id,
      trialsOf({}, { program: "p2", image: "i1" })[0]?.id,
      trialsOf({}, { program: "p1", image: "i2" })[0]?.id,
    ];
    expect(new Set([trial?.id, ...others]).size).toBe(5);
    expect(ids({ description: "x", trialMinutes: 5, budget: { hours: 1 }, hosts: ["qemu+ssh://a/system"] })).toEqual([trial?.id]);
  });

  test("names its stack, whose pattern fits no other sweep's", () => {
    expect(trial?.stack).toBe(`sweep-s-${trial?.id.slice(0, 12)}`);
    expect(
      ["sweep-s-0123456789ab", "sweep-s-t-0123456789ab", "sweep-s-x", "s-0123456789ab"].filter((stack) => stackPattern("s").test(stack)),
    ).toEqual(["sweep-s-0123456789ab"]);
  });
});

test("a trial may use the sweep's hosts, else its tuple's own", () => {
  expect(trialsOf({})[0]?.hypervisors).toEqual(["qemu:///system"]);
  const hosts = ["qemu+ssh://a/system", "qemu+ssh://b/system"];
  expect(trialsOf({ hosts })[0]?.hypervisors).toEqual(hosts);
  const uri = "topology.hypervisor.uri";
  expect(
    trialsOf({ axes: { [uri]: hosts } })
      .map(({ hypervisors }) => hypervisors[0])
      .sort(),
  ).toEqual(hosts);
});
