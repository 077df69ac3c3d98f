import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { describe as describeValues, shortPath } from "../../model/axis-values.ts";
import { InvalidInput } from "../../model/problem.ts";
import { axisValues } from "../../sweep/plan/axis-values.ts";
import { configurations } from "../../sweep/plan/configurations.ts";
import { readYaml } from "../../sweep/plan/read-sweep.ts";
import { parsePath, withValue } from "../../sweep/plan/value-path.ts";
import { base, interval, sweepOf } from "./fixtures.ts";

const load = "workloads[1].load";
const weight = "scheduler.PriorityWeightJobSize";

const expand = (parts: object) => configurations("s", sweepOf(parts), base);
const values = (parts: object) => expand(parts).map((configuration) => Object.values(configuration.values));

/** What a sweep is refused with. */
function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
}

describe("axes", () => {
  test("are crossed, the last one fastest, and reach into mappings and lists", () => {
    const found = expand({ axes: { [interval]: [10, 30], [load]: [0.5, 0.9] } });
    expect(found.map((configuration) => Object.values(configuration.values))).toEqual([
      [10, 0.5],
      [10, 0.9],
      [30, 0.5],
      [30, 0.9],
    ]);
    const [, , , last] = found;
    expect(last?.tuple.scheduler).toMatchObject({ SchedulerParameters: { bf_continue: true, bf_interval: 30 } });
    expect(last?.tuple.workloads[1]).toMatchObject({ kind: "jobstream", jobs: 20, load: 0.9 });
  });

  test("zipped go together, and are crossed with the rest", () => {
    expect(values({ axes: { [weight]: [0, 1] }, zipped: [{ [interval]: [10, 30], [load]: [0.5, 0.9] }] })).toEqual([
      [0, 10, 0.5],
      [0, 30, 0.9],
      [1, 10, 0.5],
      [1, 30, 0.9],
    ]);
  });

  test("without any there is one configuration, the base", () => {
    expect(values({})).toEqual([[]]);
  });

  test("includeBase adds the base, unless it is one of them", () => {
    expect(values({ includeBase: true, axes: { [interval]: [10, 99] } })).toEqual([[], [10], [99]]);
    // The base's own load is 0.5.
    expect(values({ includeBase: true, axes: { [load]: [0.5, 0.9] } })).toEqual([[0.5], [0.9]]);
    expect(values({ includeBase: true })).toEqual([[]]);
  });

  test("leave the base as it was", () => {
    const before = structuredClone(base);
    expand({ axes: { [interval]: [10, 30] } });
    expect(base).toEqual(before);
  });

  test.each<[string, object, unknown]>([
    ["steps, without the noise of binary fractions", { from: 0.1, to: 0.7, step: 0.2 }, [0.1, 0.3, 0.5, 0.7]],
    ["steps that do not meet the end", { from: 1, to: 6, step: 2 }, [1, 3, 5]],
    ["equal distances", { from: 0, to: 1, count: 3 }, [0, 0.5, 1]],
    ["equal ratios", { from: 1, to: 1000, count: 4, scale: "log" }, [1, 10, 100, 1000]],
    ["whole numbers, each once", { from: 1, to: 3, count: 5, integer: true }, [1, 2, 3]],
    ["neither step nor count", { from: 1, to: 2 }, "give either step or count"],
    ["backwards", { from: 2, to: 1, count: 2 }, "from, 2, is above to, 1"],
    ["a logarithm of nothing", { from: 0, to: 1, count: 2, scale: "log" }, "scale: log needs a from above 0, not 0"],
    ["too many", { from: 0, to: 1e9, step: 1 }, "1000000001 values, the most is 10000"],
  ])("a range: %s", (_, range, expected) => {
    const { axes } = sweepOf({ axes: { a: range } });
    expect(axisValues(axes.a as never)).toEqual(expected);
  });
});

describe("set", () => {
  test("replaces what the base says for all configurations, before the axes reach into it, and is none of their names", () => {
    const workloads = [
      { kind: "burst", jobs: 3 },
      { kind: "jobstream", jobs: 20 },
    ];
    const found = expand({ set: { workloads, [interval]: 60 }, axes: { [load]: [0.5, 0.9] } });
    expect(found.map((configuration) => configuration.values)).toEqual([{ [load]: 0.5 }, { [load]: 0.9 }]);
    for (const { tuple } of found) {
      expect(tuple.workloads[0]).toMatchObject({ kind: "burst", jobs: 3 });
      expect(tuple.scheduler).toMatchObject({ SchedulerParameters: { bf_interval: 60 } });
    }
  });

  test.each<[string, object, string]>([
    ["no path", { set: { "a b": 1 } }, "set.a b: is not a path in the tuple"],
    ["a seed", { set: { "workloads[0].seed": 1 } }, "set.workloads[0].seed: is set by the sweep's seeds"],
    ["an axis's own", { set: { [load]: 1 }, axes: { [load]: [0.5] } }, `set.${load}: is set by the axis ${load}, too`],
    ["what an axis replaces", { set: { [load]: 1 }, axes: { workloads: [[]] } }, `set.${load}: is set by the axis workloads, too`],
    ["an entry that is not there", { set: { "workloads[7].load": 1 } }, "set.workloads[7].load: [7] is not there"],
  ])("refuses %s", (_, parts, message) => {
    expect(complaint(() => expand(parts))).toContain(message);
  });
});

describe("constraints", () => {
  const axes = { "scheduler.SchedulerType": ["sched/backfill", "sched/builtin"], [interval]: [10, 30, 60] };
  const builtin = { "scheduler.SchedulerType": "sched/builtin" };

  test("not: drops where both hold", () => {
    expect(values({ axes, constraints: [{ where: builtin, not: { [interval]: { atLeast: 30 } } }] })).toEqual([
      ["sched/backfill", 10],
      ["sched/backfill", 30],
      ["sched/backfill", 60],
      ["sched/builtin", 10],
    ]);
  });

  test("require: drops where one does not hold", () => {
    expect(values({ axes, constraints: [{ where: builtin, require: { [interval]: [30, 60] } }] })).toEqual([
      ["sched/backfill", 10],
      ["sched/backfill", 30],
      ["sched/backfill", 60],
      ["sched/builtin", 30],
      ["sched/builtin", 60],
    ]);
  });

  test("without where they speak of all; limits are exact", () => {
    expect(values({ axes: { [interval]: [10, 30, 60] }, constraints: [{ not: { [interval]: { above: 10, below: 60 } } }] })).toEqual([
      [10],
      [60],
    ]);
  });
});

describe("a wrong sweep is refused with the key, the value and what is allowed", () => {
  test.each<[string, object, string]>([
    [
      "a value that the tuple does not take",
      { axes: { [interval]: [10, 0] } },
      "scheduler.SchedulerParameters.bf_interval: 0 is too small, the least is 1 (in bf_interval=0)",
    ],
    [
      "a parameter that is not there",
      { axes: { "scheduler.bf": [1] } },
      "scheduler.bf: is not known; what has no key of its own goes under extra",
    ],
    [
      "a workload that is not there",
      { axes: { "workloads[2].load": [1] } },
      "workloads[2].load: [2] is not there, the list has 2 entries (in load=1)",
    ],
    [
      "a path through a number",
      { axes: { "topology.compute[0].count.x": [1] } },
      "topology.compute[0].count.x: x asks for a mapping, there is 2 (in x=1)",
    ],
    ["no path", { axes: { "scheduler..x": [1] } }, "axes.scheduler..x: is not a path in the tuple"],
    ["a prototype", { axes: { "scheduler.__proto__": [{}] } }, "is not a path in the tuple"],
    [
      "an axis inside another",
      { axes: { "workloads[1]": [{ kind: "burst" }], [load]: [1] } },
      "axes.workloads[1].load: overlaps workloads[1]",
    ],
    ["a seed as an axis", { axes: { "workloads[0].seed": [1, 2] } }, "axes.workloads[0].seed: is set by the sweep's seeds"],
    [
      "a host as an axis, with hosts",
      { axes: { "topology.hypervisor.uri": ["qemu:///system"] }, hosts: ["qemu:///system"] },
      "is set by the sweep's hosts",
    ],
    ["unequal columns", { zipped: [{ [interval]: [1, 2], [load]: [1] }] }, "zipped[0]: the axes have 2, 1 values, not equally many"],
    ["a constraint on no axis", { constraints: [{ not: { x: 1 } }] }, "constraints[0].x: is not one of the axes"],
    ["a constraint that asks nothing", { constraints: [{}] }, "constraints[0]: give either not or require"],
    [
      "nothing left",
      { axes: { [interval]: [10] }, constraints: [{ require: { [interval]: 30 } }] },
      "constraints: leave none of 1 configurations",
    ],
    [
      "one tuple twice",
      { axes: { "scheduler.SchedulerType": ["sched/backfill"], [weight]: [0, 0] } },
      "are the same tuple: leave one out by a constraint",
    ],
    [
      "more than the budget",
      { axes: { [interval]: { from: 1, to: 50, step: 1 } }, seeds: { from: 1, count: 10 }, budget: { trials: 499 } },
      "budget.trials: 500 trials are asked for, 499 are allowed",
    ],
    [
      "axes that explode",
      { axes: Object.fromEntries("abcdefg".split("").map((name) => [`scheduler.${name}`, { from: 1, to: 100, step: 1 }])) },
      "axes: 100000000000000 configurations, the most is 200000",
    ],
  ])("%s", (_, parts, expected) => {
    expect(complaint(() => expand(parts))).toContain(expected);
  });

  test("a misspelt key", () => {
    expect(complaint(() => sweepOf({ axis: {} }))).toBe("invalid sweep\n  axis: is not known; did you mean axes?");
  });

  test("a hypervisor that is none", () => {
    expect(complaint(() => sweepOf({ hosts: ["qemu+ssh://host; rm/system"] }))).toContain(
      'hosts[0]: "qemu+ssh://host; rm/system" is not qemu:///system',
    );
  });

  test("of many complaints the first are named", () => {
    const lines = complaint(() => expand({ axes: { [interval]: { from: -100, to: -1, step: 1 } } })).split("\n");
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe("  axes: further problems are omitted, and 79 of 100 configurations were not looked at");
  });
});

describe("a sweep file", () => {
  const file = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), "schedfront-sweep-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "s.yaml");
    writeFileSync(path, text);
    return path;
  };

  test("is YAML", () => {
    expect(readYaml(file("base: b\naxes: { x.y: [1, 2.5, true, text] }\n"))).toEqual({
      base: "b",
      axes: { "x.y": [1, 2.5, true, "text"] },
    });
  });

  test.each([
    ["a key twice", "base: a\nbase: b\n", 'the key "base" is given twice'],
    ["aliases, with which nine lines could fill a memory", "a: &a [1]\nb: [*a, *a]\n", "aliases are not allowed"],
    ["a tag that would make an object", "a: !!js/function x\n", "Unresolved tag"],
    ["what is no YAML", "a: [1\n", "end with a ]"],
  ])("is refused with %s", (_, text, expected) => {
    expect(complaint(() => readYaml(file(text)))).toContain(expected);
  });
});

describe("names", () => {
  test("an axis is called by as much of its path's end as tells it from the others", () => {
    const paths = ["scheduler.SchedulerType", "workloads[0].load", "workloads[1].load", "topology.head.cpus"];
    expect(paths.map((path) => shortPath(path, paths))).toEqual(["SchedulerType", "workloads[0].load", "workloads[1].load", "cpus"]);
  });

  test("a configuration is called by its values", () => {
    expect(describeValues({ "scheduler.SchedulerType": "sched/builtin", "topology.compute": [{ count: 2 }] })).toBe(
      'SchedulerType=sched/builtin compute=[{"count":2}]',
    );
  });
});

describe("paths", () => {
  test("what is set is found there again, and nothing else changes", () => {
    const key = fc.stringMatching(/^[a-z]{1,4}$/);
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (keys, value) => {
        const path = parsePath(keys.join("."));
        const set = withValue({ Kept: 1 }, path ?? [], value);
        if (typeof set === "string") throw new Error(set);
        const found = keys.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], set.root);
        expect(found).toEqual(value);
        expect((set.root as { Kept: number }).Kept).toBe(1);
      }),
    );
  });
});
