import { describe, expect, test } from "vitest";
import type { Job } from "../../model/job.ts";
import { coresPerNode } from "../../model/machine.ts";
import { coreShapes } from "../../model/stream/cores.ts";
import { parseTuple } from "../../model/tuple.ts";
import { jobsOf } from "../../model/workloads/index.ts";

/** Jobs that take a part of their nodes. */

const compute = [{ count: 4, cpus: 8, memoryGiB: 16, gpus: 2 }];

function jobs(workload: object, groups: readonly object[] = compute): Job[] {
  const { topology, workloads } = parseTuple({ topology: { compute: groups }, scheduler: { kind: "slurm" }, workloads: [workload] });
  const [given] = workloads;
  if (given === undefined) throw new Error("no workload");
  return jobsOf(given, topology, given.seed);
}

const complaint = (workload: object) => {
  try {
    jobs(workload);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
};

/** Σ cores · run time ÷ (32 cores · last arrival), independently of the program's own sum. */
const offered = (all: readonly Job[], cores = 32) =>
  all.reduce((sum, job) => sum + job.nodes * job.ranksPerNode * job.coresPerRank * (job.runSeconds ?? 0), 0) /
  (cores * (all.at(-1)?.submitSeconds ?? 0));

describe("a stream", () => {
  const sizes = [{ coresPerNode: 2, memoryMiBPerNode: 2000, gpusPerNode: 1, weight: 3 }, { nodes: 2, coresPerNode: 4 }, { nodes: 3 }];
  const stream = { kind: "jobstream", jobs: 200, load: 0.7, sizes };

  test("has jobs of cores, memory and GPUs, and of whole nodes beside them", () => {
    const shapes = jobs(stream).map((job) => [job.nodes, coresPerNode(job), job.memoryMiBPerNode, job.gpusPerNode].join(" "));
    expect([...new Set(shapes)].sort()).toEqual(["1 2 2000 1", "2 4 0 0", "3 8 0 0"]);
    const share = shapes.filter((shape) => shape === "1 2 2000 1").length / shapes.length;
    // Three fifths, within four standard deviations of 200 draws.
    expect(Math.abs(share - 0.6)).toBeLessThan(4 * Math.sqrt(0.24 / 200));
  });

  test("offers its load in cores", () => {
    expect(offered(jobs(stream))).toBeCloseTo(0.7, 4);
  });

  test("of nodes that differ, offers its load of all of their cores", () => {
    const groups = [
      { name: "small", count: 2, cpus: 4 },
      { name: "large", count: 2, cpus: 12 },
    ];
    expect(offered(jobs({ ...stream, sizes: [{ coresPerNode: 3 }] }, groups), 2 * 4 + 2 * 12)).toBeCloseTo(0.7, 4);
  });

  test("of whole nodes is what it was: nothing but cores is drawn otherwise", () => {
    const whole = jobs({ ...stream, sizes: [{ nodes: 1 }, { nodes: 2 }] });
    const parts = jobs({
      ...stream,
      sizes: [
        { nodes: 1, coresPerNode: 8 },
        { nodes: 2, coresPerNode: 8 },
      ],
    });
    expect(parts).toEqual(whole);
  });

  test.each<[object, string]>([
    [{ coresPerNode: 9 }, "workloads[0].sizes[0]: 9 cores on each of 1 nodes, the topology has 0 such nodes"],
    [{ coresPerNode: 1, gpusPerNode: 3 }, "workloads[0].sizes[0]: 1 cores, 3 GPUs on each of 1 nodes, the topology has 0 such nodes"],
    [{ nodes: 5, coresPerNode: 1 }, "workloads[0].sizes[0].nodes: 5 nodes, the topology has 4 compute nodes"],
    [{ memoryMiBPerNode: 15000 }, "workloads[0].sizes[0]: 15000 MiB on each of 1 nodes, the topology has 0 such nodes"],
  ])("%j is refused: no node has it", (size, expected) => {
    expect(complaint({ ...stream, sizes: [size] })).toContain(expected);
  });
});

test("a backlog of shared nodes is the machine's work, no more than a job over it", () => {
  const backlog = jobs({ kind: "fill", machineSeconds: 100, sizes: [{ coresPerNode: 1 }, { nodes: 2, coresPerNode: 6 }] });
  const work = backlog.map((job) => job.nodes * coresPerNode(job) * (job.runSeconds ?? 0));
  const all = work.reduce((sum, own) => sum + own, 0);
  expect(all).toBeGreaterThanOrEqual(3200);
  expect(all - (work.at(-1) ?? 0)).toBeLessThan(3200);
});

describe("Lublin's processors as cores", () => {
  const model = { kind: "lublin", jobs: 500, load: 0.6, size: { unit: "cores" } };

  test("a serial job is one core; a large one is on as few nodes as hold it", () => {
    const all = jobs(model);
    const serial = all.filter((job) => job.nodes * coresPerNode(job) === 1).length / all.length;
    // 0.244 of the jobs, and those of two stages that round to one.
    expect(serial).toBeGreaterThan(0.244 - 4 * Math.sqrt(0.18 / 500));
    for (const job of all) {
      const cores = job.nodes * coresPerNode(job);
      expect(cores).toBeLessThanOrEqual(32);
      expect(job.nodes).toBe(Math.ceil(cores / 8));
    }
    expect(all.some((job) => job.nodes > 1)).toBe(true);
    expect(offered(all)).toBeCloseTo(0.6, 4);
  });

  test("they are whole nodes where nothing is said", () => {
    expect(jobs({ ...model, size: {} }).every((job) => coresPerNode(job) === 8)).toBe(true);
  });
});

const machine = (cpus: readonly number[]) =>
  parseTuple({
    topology: { compute: cpus.map((own, i) => ({ name: `n${"abcdef"[i]}`, count: 4, cpus: own })) },
    scheduler: { kind: "slurm" },
    workloads: [{ kind: "burst" }],
  }).topology;

test.each<[number, number[], number | undefined, object | null]>([
  [1, [8], undefined, { nodes: 1, coresPerNode: 1 }],
  [8, [8], undefined, { nodes: 1, coresPerNode: 8 }],
  [9, [8], undefined, { nodes: 2, coresPerNode: 5 }],
  [9, [8], 3, { nodes: 3, coresPerNode: 3 }],
  [20, [8], 1, { nodes: 3, coresPerNode: 7 }],
  // More nodes than cores is one core each.
  [2, [8], 4, { nodes: 2, coresPerNode: 1 }],
  [33, [8], undefined, null],
  // A large job is on the large nodes; on five nodes it is on a small one, too.
  [32, [4, 32], undefined, { nodes: 1, coresPerNode: 32 }],
  [128, [4, 32], undefined, { nodes: 4, coresPerNode: 32 }],
  [20, [4, 32], 5, { nodes: 5, coresPerNode: 4 }],
  [129, [4, 32], undefined, null],
])("%d cores of four nodes each with %j, on %s nodes or more, are %j", (cores, cpus, nodes, expected) => {
  expect(coreShapes(machine(cpus))(cores, nodes)).toEqual(expected);
});
