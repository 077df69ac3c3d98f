import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readFluxJobs } from "../../import/flux/jobs.ts";
import { alibabaNodes, alibabaPods, columnsIn, podFields } from "../../import/pods/columns.ts";
import { flux } from "../../import/verbs/flux.ts";
import { pods } from "../../import/verbs/pods.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseSwf } from "../../model/swf.ts";
import { siteFolder } from "./site-folder.ts";

const site = siteFolder();
const { file } = site;
const text = (path: string) => readFileSync(join(site.path, "project", path), "utf8");

const refused = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error: unknown) => {
      if (error instanceof InvalidInput) return error.message;
      throw error;
    },
  );

const job = {
  t_depend: 1000.5,
  t_run: 1010.5,
  t_cleanup: 1070.5,
  t_inactive: 1070.75,
  duration: 3600,
  name: "hostname",
  ncores: 8,
  ntasks: 4,
  nnodes: 2,
  nodelist: "cn[1-2]",
  success: true,
  result: "COMPLETED",
  id: 15032385536,
  t_submit: 1000.5,
  state: "INACTIVE",
  username: "alice",
  userid: 1000,
  bank: "phys",
  queue: "batch",
};

describe("flux jobs", () => {
  const jobs = async (content: string, options = {}) => (await readFluxJobs([content], options)).jobs;

  test("a list, an array, one job and lines of jobs say the same", async () => {
    const expected = [
      {
        ...{ id: "15032385536", submitSeconds: 1000.5, startSeconds: 1010.5, runSeconds: 60, nodes: 2, cpus: 8, gpus: null, gpuType: null },
        ...{ memoryMiB: null, limitSeconds: 3600, status: "completed", state: "COMPLETED", user: "alice", account: "phys" },
        ...{ partition: "", queue: "batch", name: "hostname" },
      },
    ];
    expect(await jobs(JSON.stringify({ jobs: [job] }))).toEqual(expected);
    expect(await jobs(JSON.stringify([job], null, 2))).toEqual(expected);
    expect(await jobs(JSON.stringify(job))).toEqual(expected);
    expect(await jobs(`${JSON.stringify(job)}\n\n${JSON.stringify(job)}\n`)).toEqual([...expected, ...expected]);
  });

  test("jobs that did not start or end, and what is not known", async () => {
    const { t_run: _run, t_cleanup: _cleanup, t_inactive: _inactive, result: _result, ...pending } = job;
    expect((await jobs(JSON.stringify(pending)))[0]).toMatchObject({
      startSeconds: null,
      runSeconds: null,
      status: null,
      state: "INACTIVE",
    });
    expect((await jobs(JSON.stringify({ ...pending, t_run: 1010.5 })))[0]).toMatchObject({ startSeconds: 1010.5, runSeconds: null });
    expect((await jobs(JSON.stringify({ ...job, nnodes: "", ncores: "", duration: 0, result: "CANCELED" })))[0]).toMatchObject({
      ...{ nodes: null, cpus: 4, limitSeconds: null, status: "cancelled" },
    });
    expect((await jobs(JSON.stringify({ ...job, result: "TIMEOUT" })))[0]).toMatchObject({ status: "failed" });
  });

  test("a job's events and its jobspec, as objects or as text", async () => {
    const events = [
      { timestamp: 100, name: "submit", context: { userid: 1000, urgency: 16, flags: 0, version: 1 } },
      { timestamp: 101, name: "depend" },
      { timestamp: 110, name: "alloc" },
      { timestamp: 111, name: "start" },
      { timestamp: 171, name: "finish", context: { status: 0 } },
      { timestamp: 172, name: "clean" },
    ];
    const slot = {
      type: "slot",
      count: 4,
      label: "task",
      with: [
        { type: "core", count: { min: 2, max: 4 } },
        { type: "gpu", count: 1 },
      ],
    };
    const jobspec = {
      version: 1,
      resources: [{ type: "node", count: 2, with: [slot] }],
      attributes: { system: { duration: 600, queue: "debug", bank: "bio" } },
    };
    const expected = {
      ...{ id: "7", submitSeconds: 100, startSeconds: 111, runSeconds: 60, nodes: 2, cpus: 16, gpus: 8, limitSeconds: 600 },
      ...{ queue: "debug", account: "bio", user: "1000", status: "completed" },
    };
    expect((await jobs(JSON.stringify({ id: 7, userid: 1000, eventlog: events, jobspec })))[0]).toMatchObject(expected);
    const lines = events.map((event) => JSON.stringify(event)).join("\n");
    expect((await jobs(JSON.stringify({ id: 7, userid: 1000, eventlog: lines, jobspec: JSON.stringify(jobspec) })))[0]).toMatchObject(
      expected,
    );
    const cancelled = [
      ...events.slice(0, 2),
      { timestamp: 105, name: "exception", context: { type: "cancel" } },
      { timestamp: 106, name: "clean" },
    ];
    expect((await jobs(JSON.stringify({ id: 8, eventlog: cancelled })))[0]).toMatchObject({ startSeconds: null, status: "cancelled" });
  });

  test.each<[string, unknown, string]>([
    ["no submission", { id: 1 }, "job 1: t_submit: Invalid input"],
    ["a time that is none", { ...job, t_run: "soon" }, "job 1: t_run: Invalid input"],
    ["no object", 5, "job 1: it: Invalid input"],
    ["events that are none", { id: 1, eventlog: "x" }, "job 1: its eventlog has a line that is no event"],
    ["events without a submission", { id: 1, eventlog: [] }, "job 1: its eventlog has no submit event"],
    ["a jobspec that is none", { id: 1, eventlog: [{ timestamp: 1, name: "submit" }], jobspec: {} }, "job 1: its jobspec is none"],
  ])("%s is refused, or skipped and counted", async (_, raw, message) => {
    expect(await refused(jobs(JSON.stringify([raw])))).toContain(message);
    const { jobs: left, counts } = await readFluxJobs([JSON.stringify([raw, job])], { skipBad: true });
    expect(left).toHaveLength(1);
    expect(counts).toMatchObject({ malformed: 1, firstMalformed: expect.stringContaining(message) });
  });

  test("a jobspec that is too deep is refused", async () => {
    let resource: object = { type: "core", count: 1 };
    for (let i = 0; i < 30; i++) resource = { type: "slot", count: 1, with: [resource] };
    const raw = { id: 1, eventlog: [{ timestamp: 1, name: "submit" }], jobspec: { resources: [resource] } };
    expect(await refused(jobs(JSON.stringify(raw)))).toContain("its jobspec has more than 20 levels");
  });

  test("any text has jobs, or is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.json()), async (content) => {
        await refused(jobs(content));
        await refused(jobs(content, { skipBad: true }));
      }),
    );
  });

  test("become a stack and a trace; what nobody says of the machine is the least that they need", async () => {
    const log = file(
      "jobs.json",
      JSON.stringify({ jobs: [job, { ...job, id: 2, t_submit: 1020 }, { ...job, id: 3, nnodes: 1, ncores: 2 }] }),
    );
    const printed = await flux({ name: "ours", log, scheduler: "flux" }, join(site.path, "project"));
    expect(printed).toContain("  nodes: 5: derived from the log, for --node-count is not given\n");
    const { config } = parse(text("Pulumi.ours.yaml"));
    expect(config["schedfront:topology"].compute).toEqual([{ name: "cn", count: 5, nodes: "emulated", cpus: 4 }]);
    expect(config["schedfront:scheduler"]).toEqual({ kind: "flux" });
    expect(parseSwf(text("traces/ours.swf")).jobs.map(({ processors, runSeconds }) => [processors, runSeconds])).toEqual([
      [8, 60],
      [2, 60],
      [8, 60],
    ]);
  });
});

describe("a table of pods", () => {
  const header = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time";
  const rows = [
    "pod-0,12000,16384,1,1000,,LS,Running,0,12537496,0",
    "pod-1,6500,12288,2,460,V100M16|V100M32,BE,Succeeded,427061,430661,427071",
    "pod-2,4000,0,0,0,,LS,Pending,427100,428000,",
    "pod-3,8000,30517,8,1000,,BE,Failed,500000,500100,500010",
  ];
  const nodes = "sn,cpu_milli,memory_mib,gpu,model\nn-0,96000,393216,8,G2\nn-1,96000,393216,8,G2\nn-2,64000,262144,2,P100\n";

  const imported = (lines: readonly string[] = rows, options = {}) =>
    pods(
      {
        ...{ name: "pods", scheduler: "volcano", columns: alibabaPods, nodeColumns: alibabaNodes, timeZone: "UTC" },
        ...{ log: file("pods.csv", `${[header, ...lines].join("\n")}\n`), nodes: file("nodes.csv", nodes), overwrite: true },
        ...options,
      },
      join(site.path, "project"),
    );

  test("in Alibaba's form becomes a stack of its nodes and a trace", async () => {
    const printed = await imported();
    const { config } = parse(text("Pulumi.pods.yaml"));
    expect(config["schedfront:topology"].compute.map(({ count, cpus, gpus }: Record<string, number>) => [count, cpus, gpus])).toEqual([
      [2, 96, 8],
      [1, 64, 2],
    ]);
    expect(config["schedfront:scheduler"]).toEqual({ kind: "volcano" });
    expect(
      parseSwf(text("traces/pods.swf")).jobs.map(({ submitSeconds, waitSeconds, runSeconds, processors, status }) => [
        submitSeconds,
        waitSeconds,
        runSeconds,
        processors,
        status,
      ]),
    ).toEqual([
      [0, 0, 12_537_496, 12, null],
      [427_061, 10, 3590, 7, "completed"],
      [427_100, null, null, null, null],
      [500_000, 10, 90, 8, "failed"],
    ]);
    expect(text("traces/pods.jobs.csv").split("\n")[2]).toBe("2,pod-1,1,7,2,V100M16|V100M32,12288,,,BE,,,Succeeded");
    expect(printed).toContain("1 pods with a part of a CPU or GPU: rounded up to whole ones");
    expect(printed).toContain("2 nodes node[1-2]: 96 CPUs");
  });

  test("with columns of its own, and times that are points in time", async () => {
    const log = file("own.csv", 'Pod,"created, at",began,took,cores\n"a ""b""",2024-01-01T00:00:00,2024-01-01T00:01:00,90,2\n');
    await imported([], { log, columns: "id=Pod,submit=created at,start=began,run=took,cpus=cores" }).catch((error: unknown) => {
      expect(String(error)).toContain('has no column "created at" for submit; it has Pod, created, at, began');
    });
    const plain = file("plain.csv", 'Pod,created,began,took,cores\n"a ""b""",2024-01-01T00:00:00,2024-01-01T00:01:00,90,2\n');
    await imported([], { log: plain, columns: "id=Pod,submit=created,start=began,run=took,cpus=cores", nodes: undefined });
    expect(text("traces/pods.jobs.csv").split("\n")[1]).toBe('1,"a ""b""",1,2,,,,,,,,,');
    expect(parseSwf(text("traces/pods.swf")).jobs[0]).toMatchObject({ waitSeconds: 60, runSeconds: 90, processors: 2 });
  });

  test.each<[string, string, string]>([
    ["a number that is none", "pod-9,many,1,0,0,,LS,Running,0,1,0", 'row 6: cpu_milli is "many", which is no number from 0 on'],
    ["no submission", "pod-9,1000,1,0,0,,LS,Running,,1,0", "row 6: it has no time of submission"],
    ["an end before the start", "pod-9,1000,1,0,0,,LS,Running,0,1,2", "row 6: its end is before its start"],
    ["a start before the submission", "pod-9,1000,1,0,0,,LS,Running,5,9,2", "row 6: its start is before its submission"],
    ["a cell too many", "pod-9,1000,1,0,0,,LS,Running,0,1,0,7", "row 6: 12 cells, the header has 11"],
    ["a time that is none", "pod-9,1000,1,0,0,,LS,Running,soon,1,0", 'row 6: its submit is "soon", which is no time'],
  ])("%s is named, or skipped and counted", async (_, row, message) => {
    expect(await refused(imported([...rows, row]))).toContain(`invalid table of pods\n  ${message}`);
    expect(readdirSync(join(site.path, "project"))).toEqual([]);
    expect(await imported([...rows, row], { skipBad: true })).toContain(`1 malformed jobs: skipped, the first: ${message}`);
  });

  test.each<[object, string]>([
    [{ columns: "colour=red" }, '--columns: "colour=red" is not FIELD=COLUMN'],
    [{ columns: "id=name,cpus=cpu_milli/0" }, '--columns: "cpus=cpu_milli/0" is not FIELD=COLUMN'],
    [{ columns: "id=nobody" }, 'has no column "nobody" for id'],
    [{ scheduler: "pbs" }, '--scheduler: "pbs" is not one of flux, slurm, volcano'],
    [{ log: "/nonexistent" }, '--log: "/nonexistent": there is no such file'],
    [{ log: "/dev/zero" }, '--log: "/dev/zero": is a device, not a regular file'],
  ])("%j is refused", async (options, message) => {
    expect(await refused(imported(rows, options))).toContain(message);
  });

  test("any list of columns is one, or is refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (list) => {
        try {
          columnsIn("--columns", list, podFields);
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
        }
      }),
    );
  });
});
