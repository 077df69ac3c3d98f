import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Job } from "../../model/job.ts";
import { parseSwf } from "../../model/swf.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

const small = readFileSync("test/model/fixtures/small.swf", "utf8");

/** What the machine that runs Pulumi makes of a log, and the head node of that. */
async function through(
  parameters: object,
  { count = 8, log = small, seed = 1, table }: { count?: number; log?: string; seed?: number; table?: string } = {},
) {
  const { topology, workloads } = parseTuple({
    topology: { compute: [{ count, cpus: 2 }] },
    scheduler: { kind: "slurm" },
    workloads: [{ kind: "swf", trace: { path: "small.swf" }, ...parameters }],
  });
  const [given] = workloads;
  const kind = given && workloadKind(given);
  if (given === undefined || kind?.reads === undefined) throw new Error("no workload");
  const excerpt = await kind.reads.excerpt(given, topology, {
    sha256: "5a".repeat(32),
    text: [log],
    ...(table === undefined ? {} : { beside: [table] }),
  });
  if ("problems" in excerpt)
    return { problems: excerpt.problems.map(({ path, message }) => `${path.join(".")}: ${message}`), text: "", jobs: [], notes: [] };
  return { problems: [], text: excerpt.text, notes: excerpt.notes, jobs: kind.jobs(given, topology, seed, excerpt.text) };
}

const column = async <Key extends keyof Job>(key: Key, parameters: object, options = {}) =>
  (await through(parameters, options)).jobs.map((job) => job[key]);

describe("what of a log is run", () => {
  test("every job that ran, once, whatever became of it; the excerpt is a log that says where it is from", async () => {
    const { text, jobs } = await through({});
    // 3 never ran; 5 stands there three times, twice as a piece.
    expect(jobs.map(({ id }) => id)).toEqual(["t1", "t2", "t4", "t5", "t6", "t7", "t8"]);
    expect(parseSwf(text).jobs.map(({ number, status }) => [number, status])).toEqual([
      [1, "completed"],
      [2, "failed"],
      [4, "cancelled"],
      [5, "completed"],
      [6, "completed"],
      [7, null],
      [8, "completed"],
    ]);
    expect(parseSwf(text).header.get("MaxProcs")).toEqual(["128"]);
    expect(text).toContain(`; Note: 7 of the 10 jobs of small.swf, sha256 ${"5a".repeat(32)}\n`);
  });

  test.each<[object, string[]]>([
    [{ fromSeconds: 120, toSeconds: 300 }, ["t4", "t5", "t6"]],
    [{ users: [3, 6] }, ["t1", "t7", "t8"]],
    [{ minProcessors: 8, maxProcessors: 64 }, ["t1", "t2", "t5"]],
    [{ minRunSeconds: 1, maxRunSeconds: 300 }, ["t2", "t7", "t8"]],
    [{ statuses: ["failed", "unknown"] }, ["t2", "t7"]],
    [{ statuses: ["cancelled"] }, ["t4"]],
    [{ fromSeconds: 120, jobs: 2 }, ["t4", "t5"]],
  ])("%j selects %j", async (select, expected) => {
    expect(await column("id", { select })).toEqual(expected);
  });

  const accounting = `; MaxProcs: 24,000
; Queue: 1 short
; Queue: 2 long (nights)
; Partition:  1 site-a
; Partition:  2 site-b
1 0 5 60 1 -1 -1 1 120 -1 1 1 1 3 1 1 -1 -1
2 30 5 90 1 -1 -1 1 120 -1 1 2 1 4 2 2 -1 -1
3 60 5 90 1 -1 -1 1 120 -1 1 2 2 4 1 2 -1 -1
4 90 5 90 1 -1 -1 1 120 -1 1 -1 -1 -1 -1 -1 -1 -1
`;

  test.each<[object, string[]]>([
    [{ partitions: [1] }, ["t1"]],
    [{ partitions: ["site-b"] }, ["t2", "t3"]],
    [{ partitions: ["site-a", 2], queues: ["short"] }, ["t1", "t3"]],
    [{ queues: ["long (nights)"] }, ["t2"]],
    [{ queues: ["long"] }, ["t2"]],
    [{ groups: [1] }, ["t1", "t2"]],
    [{ executables: [4] }, ["t2", "t3"]],
    [{ exclude: { partitions: ["site-b"] } }, ["t1", "t4"]],
    [{ exclude: { users: [1], groups: [2] } }, ["t2", "t4"]],
    [{ partitions: [2], exclude: { queues: ["short"] } }, ["t2"]],
  ])("%j selects %j of an accounting log", async (select, expected) => {
    expect(await column("id", { select }, { log: accounting })).toEqual(expected);
  });

  test("a name that the header does not have is refused", async () => {
    const select = { partitions: ["site-c"], exclude: { queues: ["night"] } };
    expect((await through({ select }, { log: accounting })).problems).toEqual([
      'select.partitions.0: "site-c" is no partition of the log\'s header',
      'select.exclude.queues.0: "night" is no queue of the log\'s header',
    ]);
  });

  test("thousands in the header are no fractions", async () => {
    expect(await column("nodes", {}, { log: accounting.replace(/^1 (.*) 1 -1 -1 1 /m, "1 $1 12000 -1 -1 1 ") })).toContain(4);
  });

  const bad = `; MaxProcs: 8
1 0 5 60 4 -1 -1 4 120 -1 1 1 1 -1 1 -1 -1 -1
2 30 5 -1300000000 2 -1 -1 2 120 -1 1 2 1 -1 1 -1 -1 -1
3 60 5 60 4 -1 -1 4 120 -1 1 1 1 -1 1 -1 -1 -1
4 60 5 60
`;

  test("a malformed line is refused with its number, or skipped and counted", async () => {
    const first = 'line 3, field 4 (run time): "-1300000000" is negative, and not -1 for unknown';
    expect((await through({}, { log: bad })).problems).toEqual([`trace.path: small.swf, ${first}`]);
    const { text, jobs } = await through({ trace: { path: "small.swf", badLines: "skip" } }, { log: bad });
    expect(jobs.map(({ id }) => id)).toEqual(["t1", "t3"]);
    expect(text).toContain(`; Note: 2 malformed lines were skipped, the first: ${first}\n`);
  });

  test("a log out of order is run in order", async () => {
    const log = `; MaxProcs: 8\n${["2 50", "1 20", "3 30"].map((begin) => `${begin} -1 5 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1`).join("\n")}`;
    const { jobs } = await through({}, { log });
    expect(jobs.map(({ id, submitSeconds }) => [id, submitSeconds])).toEqual([
      ["t1", 0],
      ["t3", 10],
      ["t2", 30],
    ]);
  });
});

describe("onto a smaller machine", () => {
  test("proportional: ⌈processors · nodes ÷ the log's processors⌉", async () => {
    // 64, 16, 128, 8, 1, 4 and 2 of 128 processors, on 8 nodes and on 50.
    expect(await column("nodes", {})).toEqual([4, 1, 8, 1, 1, 1, 1]);
    expect(await column("nodes", {}, { count: 50 })).toEqual([25, 7, 50, 4, 1, 2, 1]);
    expect(await column("nodes", { mapping: { kind: "proportional", processors: 256 } })).toEqual([2, 1, 4, 1, 1, 1, 1]);
  });

  test("nodes: so many processors are one; a job that is too large is refused, left out, or cut to the machine", async () => {
    const mapping = { kind: "nodes", processorsPerNode: 8 };
    expect((await through({ mapping })).problems).toEqual([
      'mapping.tooLarge: "refuse": 128 processors are 16 nodes, the topology has 8 compute nodes; leave-out and cut allow it (job 4)',
    ]);
    expect(await column("nodes", { mapping: { ...mapping, tooLarge: "cut" } })).toEqual([8, 2, 8, 1, 1, 1, 1]);
    expect(await column("id", { mapping: { ...mapping, tooLarge: "leave-out" } })).toEqual(["t1", "t2", "t5", "t6", "t7", "t8"]);
  });
});

describe("onto cores, so that jobs share nodes", () => {
  const shapes = async (mapping: object, options = {}) =>
    (await through({ mapping }, options)).jobs.map((job) => [job.nodes, job.ranksPerNode * job.coresPerRank].join("x"));

  test("proportional to cores: ⌈processors · cores ÷ the log's processors⌉ on as few nodes as hold them", async () => {
    // 64, 16, 128, 8, 1, 4 and 2 of 128 processors, on 8 nodes of 2 cores: 8, 2, 16, 1, 1, 1, 1 cores.
    expect(await shapes({ kind: "proportional", unit: "cores" })).toEqual(["4x2", "1x2", "8x2", "1x1", "1x1", "1x1", "1x1"]);
  });

  test("cores: so many processors, its hardware threads, are one", async () => {
    const log = `; MaxProcs: 32\n${[1, 3, 4, 7, 40].map((size, i) => `${i + 1} ${i} 0 9 ${size} -1 -1 ${size} 9 -1 1 1 1 1 1 1 -1 -1`).join("\n")}\n`;
    const mapping = { kind: "cores", processorsPerCore: 2 };
    expect((await through({ mapping }, { log })).problems).toEqual([
      'mapping.tooLarge: "refuse": 40 processors are 20 cores, the topology has 16 on 8 compute nodes; leave-out and cut allow it (job 5)',
    ]);
    expect(await shapes({ ...mapping, tooLarge: "leave-out" }, { log })).toEqual(["1x1", "1x2", "1x2", "2x2"]);
    expect(await shapes({ ...mapping, tooLarge: "cut" }, { log })).toEqual(["1x1", "1x2", "1x2", "2x2", "8x2"]);
  });
});

describe("what else of the log jobs ask for", () => {
  const log = `; MaxProcs: 16
; Queue: 1 normal
; Queue: 2 debug
; Partition: 1 batch
; Partition: 2 gpu
1 0 0 60 4 -1 -1 4 120 524288 1 1 1 1 1 1 -1 -1
2 1 0 60 2 -1 -1 2 120 1048576 1 1 1 1 2 2 -1 -1
3 2 0 60 8 -1 -1 8 120 -1 1 1 1 1 -1 3 -1 -1
`;
  const table = 'number,job,nodes,cpus,gpus,name\n1,900,2,4,,a\n2,901,1,2,3,"x, y"\n3,902,,8,0,b\n';
  const asks = async (parameters: object, options: object = {}) => {
    const { jobs, problems } = await through({ mapping: { kind: "cores" }, ...parameters }, { log, ...options });
    return problems.length > 0
      ? problems
      : jobs.map((job) => [job.queue ?? "-", job.qos ?? "-", job.nodes, job.coresPerRank, job.memoryMiBPerNode, job.gpusPerNode].join(" "));
  };

  test("nothing, where nothing is said", async () => {
    expect(await asks({})).toEqual(["- - 2 2 0 0", "- - 1 2 0 0", "- - 4 2 0 0"]);
  });

  test("partition and QOS by the header's names, or another name for one; a number without one is refused", async () => {
    expect(await asks({ take: { queue: "partition", qos: "queue", rename: { gpu: "gpus", 3: "large" } } })).toEqual([
      "batch normal 2 2 0 0",
      "gpus debug 1 2 0 0",
      "large - 4 2 0 0",
    ]);
    expect(await asks({ take: { queue: "partition" } })).toEqual([
      'take.rename: has no "3", the partition of job 3, which the log\'s header does not name (job 3)',
    ]);
    expect(await asks({ take: { queue: "queue" } })).toEqual(["normal - 2 2 0 0", "debug - 1 2 0 0", "- - 4 2 0 0"]);
  });

  test("memory: what it requested for each processor, on each of its nodes", async () => {
    // 4 · 512 MiB on 2 nodes; 2 · 1 GiB on one; unknown.
    expect(await asks({ take: { memory: true } })).toEqual(["- - 2 2 1024 0", "- - 1 2 2048 0", "- - 4 2 0 0"]);
  });

  test("nodes and GPUs by the table beside it", async () => {
    const beside = { trace: { path: "small.swf", table: { path: "small.jobs.csv" } }, take: { nodes: true, gpus: true } };
    const spread = table.replace("1,900,2", "1,900,4");
    expect(await asks(beside, { table })).toEqual(["- - 2 2 0 0", "- - 1 2 0 3", "- - 4 2 0 0"]);
    expect(await asks(beside, { table: spread })).toEqual(["- - 4 1 0 0", "- - 1 2 0 3", "- - 4 2 0 0"]);
    // Another order of columns, Windows' line ends, and no line break at the end.
    const other = "gpus,number,nodes\r\n2,1,2\r\n,2,1";
    expect(await asks(beside, { table: other })).toEqual(["- - 2 2 0 1", "- - 1 2 0 0", "- - 4 2 0 0"]);
    expect(await asks(beside, { table: "number,nodes\n1,2\n" })).toEqual([
      "trace.table.path: small.jobs.csv, line 1: no column gpus among number, nodes",
    ]);
    expect(await asks(beside, { table: table.replace("901,1", "901,-1") })).toEqual([
      'trace.table.path: small.jobs.csv, line 3, column 3: "-1" is not a whole number',
    ]);
  });

  test("the loads of the log and of the replay are said, and a mapping that changes them is a warning", async () => {
    // 60 · (4 + 2 + 8) ÷ (16 · 2 s); 60 · 7 whole nodes ÷ (8 · 2 s).
    const notes = async (parameters: object) => (await through(parameters, { log })).notes;
    expect(await notes({ mapping: { kind: "cores" } })).toEqual([
      { level: "info", text: "offered load of the log's 3 jobs: 26.3 of 16 processors; of the replay: 26.3 of 16 cores" },
    ]);
    const serial = log.replaceAll(/^(\d 0?.*? 60) \d/gm, "$1 1").replace("16", "704");
    const [note] = (await through({}, { log: serial })).notes;
    expect(note?.level).toBe("warn");
    expect(note?.text).toMatch(
      /^offered load of the log's 3 jobs: 0\.\d+ of 704 processors; of the replay: [\d.]+ of 8 whole nodes: the mapping changes it; mapping in cores lets jobs share nodes$/,
    );
  });
});

describe("times", () => {
  test("arrivals, run times and limits are the log's, from the first job on; a run over its limit gets its run time", async () => {
    const { jobs } = await through({ graceSeconds: 0 });
    expect(jobs.map(({ submitSeconds, runSeconds, walltimeSeconds }) => [submitSeconds, runSeconds, walltimeSeconds])).toEqual([
      [0, 600, 1200],
      [60, 300, 300],
      [120, 1200, 1200],
      [180, 900, 1800],
      [240, 0, 60],
      [300, 50, 50],
      [360.5, 59.75, 121],
    ]);
  });

  test("compression divides all three", async () => {
    const { jobs } = await through({ graceSeconds: 0, timeCompression: 10, select: { fromSeconds: 60 } });
    expect(jobs.slice(0, 3).map(({ submitSeconds, runSeconds, walltimeSeconds }) => [submitSeconds, runSeconds, walltimeSeconds])).toEqual([
      [0, 30, 30],
      [6, 120, 120],
      [12, 90, 180],
    ]);
  });

  test("the load stretches arrivals, never run times", async () => {
    const { jobs } = await through({ load: 0.5 });
    // 4·600 + 300 + 8·1200 + 900 + 0 + 50 + 59.75 = 13309.75 node-seconds on 8 nodes: the last arrival is at 13309.75 ÷ (8 · 0.5).
    expect(jobs.at(-1)?.submitSeconds).toBeCloseTo(3327.4375, 2);
    expect(jobs[2]?.submitSeconds).toBeCloseTo((120 / 360.5) * 3327.4375, 2);
    expect(jobs.map(({ runSeconds }) => runSeconds)).toEqual(await column("runSeconds", {}));
  });

  test("arrivals that are drawn take as long in all", async () => {
    const drawn = await column("submitSeconds", { arrival: { kind: "poisson" } });
    expect([drawn[0], drawn.at(-1)]).toEqual([0, 360.5]);
    expect(drawn).not.toEqual(await column("submitSeconds", {}));
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  });

  test("shaken arrivals differ from seed to seed, by so much at most; others do not differ", async () => {
    const shaken = async (seed: number) => column("submitSeconds", { shakeSeconds: 20 }, { seed });
    const own = await column("submitSeconds", {});
    expect(await shaken(1)).not.toEqual(await shaken(2));
    expect(await shaken(1)).toEqual(await shaken(1));
    (await shaken(1)).forEach((seconds, i) => {
      expect(Math.abs(seconds - (own[i] ?? 0))).toBeLessThanOrEqual(20);
    });
    expect(await column("submitSeconds", {}, { seed: 2 })).toEqual(own);
  });
});

test("the log's users get the accounts in turn, as they first appear", async () => {
  // Users 3, 4, 5, 4, nobody, 6, 3.
  expect(await column("user", {})).toEqual(["u1", "u2", "u3", "u2", "u4", "u5", "u1"]);
  expect(await column("user", { users: 2 })).toEqual(["u1", "u2", "u1", "u2", "u2", "u1", "u1"]);
  expect(await column("user", { users: 1 })).toEqual(new Array(7).fill(undefined));
});

test("a job waits for its preceding one where that is run, too, and where that is wanted", async () => {
  expect(await column("after", {})).toEqual([undefined, undefined, undefined, ["t1"], ["t5"], undefined, undefined]);
  expect(await column("after", { select: { fromSeconds: 180 } })).toEqual([undefined, ["t5"], undefined, undefined]);
  expect(await column("after", { dependencies: false })).toEqual(new Array(7).fill(undefined));
});

describe("a log that cannot be run is refused", () => {
  const at0 = (number: number, run = 5) => `${number} 0 -1 ${run} 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1\n`;
  test.each<[string, object, string, string]>([
    ["a malformed line", {}, `${small}9 x`, "trace.path: small.swf, line 20: 2 fields, a job has 18"],
    ["a malformed field", {}, small.replace("59.75", "1:00"), 'trace.path: small.swf, line 19, field 4 (run time): "1:00" is not a number'],
    ["nothing selected", { select: { users: [99] } }, small, "select: none of the 10 jobs in small.swf is left"],
    ["an empty log", {}, "; MaxProcs: 4\n", "select: none of the 0 jobs in small.swf is left"],
    [
      "a machine of unknown size",
      {},
      at0(1),
      "mapping.processors: is missing, and the log's header has neither MaxProcs nor MaxNodes (job 1)",
    ],
    [
      "a job larger than its machine",
      { mapping: { kind: "proportional", processors: 100 } },
      small,
      "mapping.processors: 100 processors are fewer than the 128 of a job (job 4)",
    ],
    ["two jobs of one number", {}, `; MaxProcs: 1\n${at0(1)}${at0(1)}`, "trace.path: small.swf has two jobs of number 1"],
    [
      "one moment of arrival, and a load",
      { load: 0.5 },
      `; MaxProcs: 1\n${at0(1)}${at0(2)}`,
      "select: its 2 jobs all arrive at once, so that their arrivals cannot be stretched or drawn",
    ],
  ])("%s", async (_, parameters, log, expected) => {
    expect((await through(parameters, { log })).problems).toEqual([expected]);
  });

  test("more jobs than a run takes", async () => {
    const log = `; MaxProcs: 1\n${Array.from({ length: 100_001 }, (_, i) => at0(i)).join("")}`;
    expect((await through({}, { log })).problems).toEqual([
      "select: 100001 jobs are selected, the most is 100000: narrow it, or set select.jobs",
    ]);
    expect((await through({ select: { jobs: 100_000 } }, { log })).jobs).toHaveLength(100_000);
  });

  test("a window that ends before it begins", async () => {
    await expect(through({ select: { fromSeconds: 5, toSeconds: 4 } })).rejects.toThrow(
      "workloads[0].select.fromSeconds: 5 is above toSeconds, 4",
    );
  });
});
