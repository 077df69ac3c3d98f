import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { logFigures } from "../../import/figures.ts";
import { type SlurmOptions, slurm } from "../../import/verbs/slurm.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseSwf } from "../../model/swf.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";
import { siteFolder } from "./site-folder.ts";

const site = siteFolder();
const { file } = site;

const conf = `# A site of thirty nodes.
ClusterName=secret-site
SlurmctldHost=headnode
SchedulerType=sched/backfill
SchedulerParameters=bf_continue,bf_interval=60,bf_window=2880
SelectType=select/cons_res
SelectTypeParameters=CR_Core
PriorityType=priority/multifactor
PriorityWeightFairshare=10000
PriorityDecayHalfLife=14-0
AccountingStorageType=accounting_storage/slurmdbd
CompleteWait=32
Epilog=/etc/slurm/epilog.sh
TaskPlugin=task/affinity,task/cgroup
NodeName=DEFAULT Sockets=2 CoresPerSocket=16 RealMemory=190000
NodeName=node[01-20]
NodeName=gpu[1-8] Gres=gpu:a100:4 RealMemory=500000
NodeName=fat[1-2] CPUs=8192 State=FUTURE
PartitionName=DEFAULT MaxTime=7-00:00:00 State=UP
PartitionName=batch Nodes=node[01-20] Default=YES
PartitionName=gpu.long Nodes=gpu[1-8] MaxTime=INFINITE
`;

const header = "JobID|User|Account|Partition|QOS|JobName|Submit|Start|End|ElapsedRaw|State|AllocTRES|Timelimit";
const log = `${header}
10|alice|phys|batch|normal|secret|2024-01-01T00:00:00|2024-01-01T00:10:00|2024-01-01T01:10:00|3600|COMPLETED|cpu=64,mem=100G,node=2|02:00:00
11|bob|bio|gpu.long|high|x|2024-01-01T01:00:00|2024-01-01T01:00:05|2024-01-01T02:00:05|3600|FAILED|cpu=4,gres/gpu=1,mem=8G,node=1|UNLIMITED
12|alice|phys|batch|normal|secret|2024-01-01T02:00:00|Unknown|Unknown|0|CANCELLED by 1000||1:00:00
13|carol|bio|batch|high|y|2024-01-01T10:00:00|2024-01-01T10:00:00|2024-01-01T10:01:40|100|TIMEOUT|cpu=32,node=1|10
`;

interface Given {
  readonly conf?: string;
  readonly log?: string | Buffer;
  readonly options?: Partial<SlurmOptions>;
}

async function imported(given: Given = {}) {
  const project = join(site.path, "project");
  const options = {
    name: "ours",
    timeZone: "UTC",
    delimiter: "|",
    conf: file("slurm.conf", given.conf ?? conf),
    log: file("sacct.txt", given.log ?? log),
  };
  const printed = await slurm({ ...options, ...given.options }, project);
  const text = (path: string) => readFileSync(join(project, path), "utf8");
  const { config } = parse(text("Pulumi.ours.yaml"));
  const tuple = parseTuple(Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("schedfront:", ""), value])));
  return { printed, tuple, text, config };
}

const complaint = (given: Given) =>
  imported(given).then(
    () => "accepted",
    (error: unknown) => {
      if (error instanceof InvalidInput) return error.message;
      throw error;
    },
  );

describe("the stack", () => {
  test("parses by the program's own schema, and has the site's nodes, emulated, and partitions", async () => {
    const { tuple } = await imported();
    expect(tuple.topology.compute.map(({ name, count, nodes, cpus, gpus }) => ({ name, count, nodes, cpus, gpus }))).toEqual([
      { name: "node", count: 20, nodes: "emulated", cpus: 32, gpus: 0 },
      { name: "gpu", count: 8, nodes: "emulated", cpus: 32, gpus: 4 },
    ]);
    expect(tuple.scheduler).toMatchObject({
      kind: "slurm",
      SchedulerParameters: { bf_continue: true, bf_interval: 60, bf_window: 2880 },
      SelectType: "select/cons_tres",
      PriorityWeightFairshare: 10_000,
      PriorityDecayHalfLife: "14-0",
      accounting: true,
      TaskPlugin: "task/none",
      partitions: [
        { name: "batch", groups: ["node"], Default: true },
        { name: "gpu_long", groups: ["gpu"], Default: false },
      ],
      extra: { CompleteWait: 32 },
    });
  });

  test("the memory that the scheduler is told of is the site's", async () => {
    const { tuple } = await imported();
    expect(tuple.topology.compute.map(({ memoryGiB }) => Math.floor(memoryGiB * 1024 * 0.9))).toEqual([190_000, 500_000]);
  });

  test("is commented, and names what to do next", async () => {
    const { text, printed } = await imported();
    expect(text("Pulumi.ours.yaml")).toMatch(/^# Imported from Slurm as ours: 28 nodes, 896 CPUs, 4 jobs\.$/m);
    expect(text("Pulumi.ours.yaml").match(/^ {2}# [ABC]: /gm)).toHaveLength(3);
    expect(printed).toContain("next: make preview STACK=ours");
  });

  test("three lists say what became of everything", async () => {
    const { printed } = await imported();
    const [taken = "", changed = "", left = ""] = printed.split(/^(?=taken with a change:|left out:)/m);
    expect(taken).toContain("  SchedulerParameters=bf_interval=60 (slurm.conf:5)\n");
    expect(changed).toContain("  SelectType=select/cons_res (slurm.conf:6): select/cons_tres, which took its place\n");
    expect(changed).toContain("  PartitionName=gpu.long (slurm.conf:21): is called gpu_long");
    expect(left).toContain("  Epilog=/etc/slurm/epilog.sh (slurm.conf:13): starts or loads something that is the site's own\n");
    expect(left).toContain("  ClusterName=secret-site (slurm.conf:2): is written by schedfront itself and cannot be set\n");
    expect(left).toContain("node fat1 (slurm.conf:18): its state is FUTURE: it does not exist yet");
    expect(taken).toContain("the partition of 3 jobs\n");
    expect(left).toContain("the quality of service or queue of 3 jobs: kept in the trace; the stack has none of that name\n");
  });

  test.each<[string, string]>([
    ["nodes beyond what the schema takes", "NodeName=a CPUs=1024 RealMemory=90000000 Gres=gpu:7\nPartitionName=p Nodes=a Default=YES"],
    [
      "more kinds of nodes than groups",
      `${Array.from({ length: 40 }, (_, i) => `NodeName=n${i}x CPUs=${i + 1}`).join("\n")}\nPartitionName=p Nodes=ALL`,
    ],
    [
      "settings that contradict each other",
      "PreemptType=preempt/partition_prio\nSelectType=select/linear\nSelectTypeParameters=CR_Core\nNodeName=a\nPartitionName=p Nodes=a",
    ],
    [
      "values beyond Slurm's own",
      "SchedulerParameters=bf_interval=99999999,bf_window=-1,nonsense,bf_continue=maybe\nNodeName=a\nPartitionName=p Nodes=ALL",
    ],
    ["names that are none", "NodeName=1-a.b CPUs=2\nPartitionName=1.day,ünï Nodes=1-a.b\nPartitionName=p Nodes=1-a.b"],
    ["two default partitions", "NodeName=a\nPartitionName=p Nodes=a Default=YES\nPartitionName=q Nodes=a Default=YES"],
    [
      "node sets",
      "NodeName=a[1-4] Feature=x\nNodeName=b[1-2]\nNodeSet=s Feature=x\nNodeSet=t Nodes=b1\nPartitionName=p Nodes=s,t Default=YES",
    ],
    ["weights without accounting", "PriorityWeightAge=5\nPriorityWeightFairshare=5\nNodeName=a\nPartitionName=p Nodes=a"],
    [
      "strange values",
      'Extra1="a\'b"\nExtra2=$(x)\nEXTRA3=\\u0007\n__proto__=1\nconstructor=2\nNodeName=a\nPartitionName=p Nodes=a __proto__=3',
    ],
  ])("%s are taken as far as they go, and the rest is named", async (_, given) => {
    const { tuple } = await imported({ conf: given });
    expect(tuple.topology.compute.length).toBeGreaterThan(0);
  });

  test("what nodes have beside their hardware, and partitions that are down, are said", async () => {
    const { tuple } = await imported({
      conf: "NodeName=a[1-2] Sockets=2 CoresPerSocket=64 ThreadsPerCore=2 Feature=fast,ib Weight=5 Gres=gpu:a100:4\nPartitionName=p Nodes=a[1-2]\nPartitionName=q Nodes=a[1-2] State=DOWN DefMemPerCPU=2000",
    });
    expect(tuple.topology.compute).toMatchObject([{ name: "a", count: 2, gpus: 4 }]);
    expect(tuple.scheduler).toMatchObject({
      nodes: { a: { ThreadsPerCore: 2, Feature: ["fast", "ib"], Weight: 5, gpuType: "a100" } },
      partitions: [{ name: "p" }, { name: "q", State: "DOWN", DefMemPerCPU: 2000 }],
    });
  });

  test("what would keep every job out, for the site's accounts are not there, is left out", async () => {
    const { tuple, printed, text } = await imported({
      conf: "AccountingStorageEnforce=limits,qos\nNodeName=a\nPartitionName=p Nodes=a AllowGroups=physics AllowQos=high QOS=part AllowAccounts=ALL",
    });
    for (const name of ["Enforce", "physics", "high", "part"])
      expect(JSON.stringify(tuple.scheduler.kind === "slurm" && [tuple.scheduler.extra, tuple.scheduler.partitions])).not.toContain(name);
    expect(text("Pulumi.ours.yaml")).not.toContain("physics");
    expect(printed).toContain("PartitionName=p AllowGroups=physics");
  });

  test("a time where Slurm reads a number is not taken for minutes", async () => {
    const { tuple, printed } = await imported({
      conf: "SchedulerParameters=bf_interval=1:00:00,bf_continue\nNodeName=a\nPartitionName=p Nodes=a MaxTime=1:00:00",
    });
    expect(tuple.scheduler).toMatchObject({ SchedulerParameters: { bf_continue: true } });
    expect(JSON.stringify(tuple.scheduler)).not.toContain("bf_interval");
    expect(printed).toContain("SchedulerParameters=bf_interval=1:00:00 (slurm.conf:1): ");
  });

  test("without a log it measures what a job costs", async () => {
    const { conf: _, ...given } = { conf: "", options: {} };
    expect(given).toEqual({ options: {} });
    const project = join(site.path, "project");
    await slurm({ name: "bare", timeZone: "UTC", delimiter: "|", conf: file("slurm.conf", conf) }, project);
    expect(readdirSync(project)).toEqual(["Pulumi.bare.yaml"]);
  });

  test("what scontrol shows knows better than slurm.conf", async () => {
    const nodes = file(
      "nodes.txt",
      "NodeName=node01 CPUTot=48 RealMemory=1000 State=IDLE\n\nNodeName=gpu1 CPUTot=64 RealMemory=2000 Gres=gpu:2\n",
    );
    const { tuple } = await imported({ options: { nodes } });
    expect(tuple.topology.compute.map(({ count, cpus, gpus }) => [count, cpus, gpus])).toEqual([
      [1, 48, 0],
      [1, 64, 2],
    ]);
  });

  test("qualities of service and accounts are named", async () => {
    const table = file("qos.txt", "Name|Priority|MaxTRESPU\nnormal|0|\nhigh|100|cpu=64\n");
    expect((await imported({ options: { qos: table } })).printed).toMatch(/QOS high \(.*qos\.txt:3\)/);
    const dump = file("dump.txt", "# comment\nCluster - 'x':Fairshare=1\nParent - 'root'\nAccount - 'phys':Fairshare=10\n");
    expect((await imported({ options: { qos: dump, overwrite: true } })).printed).toMatch(/Account phys \(.*dump\.txt:4\)/);
  });
});

describe("the trace", () => {
  test("is a log in order of submission, whose header names queues and partitions", async () => {
    const { text } = await imported({ log: [header, ...log.split("\n").slice(1, 5).reverse()].join("\n") });
    const { header: labels, jobs } = parseSwf(text("traces/ours.swf"));
    expect(labels.get("MaxProcs")).toEqual(["896"]);
    expect(labels.get("Partition")).toEqual(["1 batch", "2 gpu.long"]);
    expect(labels.get("Queue")).toEqual(["1 normal", "2 high"]);
    expect(
      jobs.map((job) => [job.submitSeconds, job.waitSeconds, job.runSeconds, job.processors, job.requestedSeconds, job.status]),
    ).toEqual([
      [0, 600, 3600, 64, 7200, "completed"],
      [3600, 5, 3600, 4, null, "failed"],
      [7200, null, null, null, 3600, "cancelled"],
      [36_000, 0, 100, 32, 600, "failed"],
    ]);
    expect(jobs.map(({ user, group, executable, queue, partition }) => [user, group, executable, queue, partition])).toEqual([
      [1, 1, 1, 1, 1],
      [2, 2, 2, 2, 2],
      [1, 1, 1, 1, 1],
      [3, 2, 3, 2, 1],
    ]);
    // 100 GiB on 64 processors.
    expect(jobs[0]?.requestedMemoryKiB).toBe(1_638_400);
    expect(text("traces/ours.jobs.csv").split("\n").slice(0, 3)).toEqual([
      "number,job,nodes,cpus,gpus,gpu_type,memory_mib,user,account,queue,partition,name,state",
      "1,10,2,64,,,102400,alice,phys,normal,batch,secret,COMPLETED",
      "2,11,1,4,1,,8192,bob,bio,high,gpu.long,x,FAILED",
    ]);
  });

  test("is replayed by the workload that the stack has", async () => {
    const { tuple, text } = await imported();
    const [workload] = tuple.workloads;
    const kind = workload && workloadKind(workload);
    if (workload === undefined || kind?.reads === undefined) throw new Error("no workload that reads a file");
    const named = kind.reads.file(workload);
    expect(named.path).toBe("traces/ours.swf");
    const excerpt = await kind.reads.excerpt(workload, tuple.topology, {
      sha256: named.sha256 ?? "",
      text: [text(named.path)],
      beside: [text(kind.reads.beside?.(workload)?.path ?? "")],
    });
    if ("problems" in excerpt) throw new Error(JSON.stringify(excerpt.problems));
    const jobs = kind.jobs(workload, tuple.topology, 1, excerpt.text);
    expect(jobs.map(({ id, submitSeconds, runSeconds, user }) => [id, submitSeconds, runSeconds, user])).toEqual([
      ["t1", 0, 60, "u1"],
      ["t2", 60, 60, "u2"],
      ["t4", 600, 1.667, "u3"],
    ]);
    // On the log's nodes, with its cores of each, its partition in the stack's words, and its GPUs.
    expect(jobs.map(({ nodes, coresPerRank, queue, gpusPerNode }) => [nodes, coresPerRank, queue, gpusPerNode])).toEqual([
      [2, 32, "batch", 0],
      [1, 4, "gpu_long", 1],
      [1, 32, "batch", 0],
    ]);
  });

  test("the log's own figures stand beside it", async () => {
    const { text } = await imported();
    const figures = logFigures.parse(JSON.parse(text("traces/ours.figures.json")));
    // 64 · 3600 + 4 · 3600 + 32 · 100 processor-seconds on 896 processors in ten hours; 2, 1 and 1 nodes of 28.
    expect(figures).toMatchObject({
      jobs: 4,
      ran: 3,
      machine: { nodes: 28, cpus: 896, cpusPerNode: 32 },
      all: { jobs: 3, medianWaitSeconds: 5 },
    });
    expect(figures.offeredLoad).toBeCloseTo(248_000 / (896 * 36_000), 12);
    expect(figures.wholeNodeLoad).toBeCloseTo(10_900 / (28 * 36_000), 12);
    expect(figures.belowNodeShare).toBeCloseTo(1 / 3, 12);
    expect(Object.keys(figures.bySize)).toEqual(["below a node", "one node", "2 to 4 nodes"]);
    expect(figures.byPartition).toMatchObject({
      batch: { jobs: 2, medianWaitSeconds: 300 },
      "gpu.long": { jobs: 1, medianWaitSeconds: 5 },
    });
    expect(figures.bySize["2 to 4 nodes"]?.meanBoundedSlowdown).toBeCloseTo(4200 / 3600, 12);
  });

  test("a compressed log is the same log", async () => {
    const { text } = await imported();
    const plain = text("traces/ours.swf");
    expect((await imported({ log: gzipSync(log), options: { overwrite: true } })).text("traces/ours.swf")).toBe(plain);
  });
});

describe("selection", () => {
  test.each<[Partial<SlurmOptions>, string[]]>([
    [{ only: ["partition=batch"] }, ["10", "12", "13"]],
    [{ only: ["user=alice,bob", "account=bio"] }, ["11"]],
    [{ only: ["qos=high"], exclude: ["user=bob"] }, ["13"]],
    [{ exclude: ["group=phys", "state=TIMEOUT"] }, ["11"]],
    [{ from: "2024-01-01T01:00:00", to: "2024-01-01T10:00:00" }, ["11", "12"]],
    [{ to: "2024-01-02" }, ["10", "11", "12", "13"]],
  ])("%j", async (options, expected) => {
    const { text } = await imported({ options });
    const rows = text("traces/ours.jobs.csv").trim().split("\n").slice(1);
    expect(rows.map((row) => row.split(",")[1])).toEqual(expected);
  });

  test.each<[Partial<SlurmOptions>, string]>([
    [{ only: ["colour=red"] }, '--only: "colour=red" is not KEY=NAME[,NAME], with a key of partition'],
    [{ exclude: ["user"] }, '--exclude: "user" is not KEY=NAME'],
    [{ from: "soon" }, '--from: "soon" is no time'],
    [{ from: "2024-02-01", to: "2024-01-01" }, '--from: "2024-02-01" is not before --to'],
    [{ only: ["user=nobody"] }, "no job of the log is chosen"],
    [{ only: ["user=alice"], from: "2024-01-01T01:00:00" }, "none of the 1 jobs that are chosen ran to an end"],
    [{ name: "../x" }, '--name: "../x" is not a valid stack name'],
    [{ timeZone: "Mars" }, '--time-zone: "Mars" is no time zone'],
  ])("%j is refused, and nothing is written", async (options, message) => {
    expect(await complaint({ options })).toContain(message);
    expect(readdirSync(join(site.path, "project")).filter((name) => name !== "traces")).toEqual([]);
    expect(existsSync(join(site.path, "project/traces/ours.swf"))).toBe(false);
  });
});

test("what is there already is not written over, unless that is asked for", async () => {
  await imported();
  expect(await complaint({})).toContain("--name: Pulumi.ours.yaml is there already");
  expect(await complaint({ options: { overwrite: true } })).toBe("accepted");
});

test("bad input writes nothing", async () => {
  expect(await complaint({ log: `${log}garbage\n` })).toContain("line 6: 1 fields, the header has 13");
  expect(await complaint({ conf: "A=1" })).toContain("defines no node");
  expect(await complaint({ conf: "NodeName=a" })).toContain("has no partition that holds a node");
  expect(readdirSync(join(site.path, "project"))).toEqual([]);
  const { printed } = await imported({ log: `${log}garbage\n`, options: { skipBad: true } });
  expect(printed).toContain("1 malformed lines: skipped, the first: line 6: 1 fields, the header has 13");
});

describe("anonymised", () => {
  test("no user, account, job, number or host is left in any file; partitions and queues are", async () => {
    const { text, tuple } = await imported({ options: { anonymise: true } });
    const all = ["Pulumi.ours.yaml", "traces/ours.swf", "traces/ours.jobs.csv", "traces/ours.figures.json"].map(text).join("\n");
    for (const secret of ["alice", "bob", "carol", "phys", "bio", "secret", "headnode", "node0"]) expect(all).not.toContain(secret);
    expect(text("traces/ours.jobs.csv").split("\n").slice(1, 4)).toEqual([
      "1,1,2,64,,,102400,user1,account1,normal,batch,job1,COMPLETED",
      "2,2,1,4,1,,8192,user2,account2,high,gpu.long,job2,FAILED",
      "3,3,,,,,,user1,account1,normal,batch,job1,CANCELLED",
    ]);
    expect(tuple.topology.compute.map(({ name }) => name)).toEqual(["cna", "cnb"]);
  });

  test("changes no figure", async () => {
    const { text } = await imported();
    const figures = text("traces/ours.figures.json");
    expect((await imported({ options: { anonymise: true, overwrite: true } })).text("traces/ours.figures.json")).toBe(figures);
  });
});
