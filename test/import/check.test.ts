import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type Check, checked, type Logged } from "../../import/check.ts";
import { check } from "../../import/verbs/check.ts";
import { slurm } from "../../import/verbs/slurm.ts";
import { InvalidInput } from "../../model/problem.ts";

const logged = (waitSeconds: number, runSeconds = 100, sizeClass = "one node", partition = "batch"): Logged => ({
  waitSeconds,
  runSeconds,
  sizeClass,
  partition,
});

describe("job by job", () => {
  test("medians, P95, slowdowns and their ratios are of the same jobs", () => {
    const log = new Map([
      [1, logged(100)],
      [2, logged(300)],
      [3, logged(50, 100, "below a node", "gpu")],
      [4, logged(9999)],
    ]);
    const { comparisons, unknown, neverStarted } = checked(log, [
      { number: 1, waitSeconds: 200 },
      { number: 2, waitSeconds: 600 },
      { number: 3, waitSeconds: 25 },
      { number: 9, waitSeconds: 1 },
      { number: 4, waitSeconds: null },
    ]);
    expect({ unknown, neverStarted }).toEqual({ unknown: 1, neverStarted: 1 });
    expect(
      comparisons.map(({ of, log, replay, ratios }) => [of, log.jobs, log.medianWaitSeconds, replay.medianWaitSeconds, ratios.medianWait]),
    ).toEqual([
      ["all", 3, 100, 200, 2],
      ["below a node", 1, 50, 25, 0.5],
      ["one node", 2, 200, 400, 2],
      ["partition batch", 2, 200, 400, 2],
      ["partition gpu", 1, 50, 25, 0.5],
    ]);
    // (200 + 400) ÷ 2 and (300 + 700) ÷ 2, of a run time of 100.
    expect(comparisons[2]?.ratios.meanBoundedSlowdown).toBeCloseTo(500 / 300, 12);
  });

  test("a log without waits has no ratio, and a short job is bounded by ten seconds", () => {
    const { comparisons } = checked(new Map([[1, logged(0, 1)]]), [{ number: 1, waitSeconds: 19 }]);
    expect(comparisons[0]).toMatchObject({
      log: { medianWaitSeconds: 0, meanBoundedSlowdown: 1 },
      replay: { meanBoundedSlowdown: 2 },
      ratios: { medianWait: null, p95Wait: null, meanBoundedSlowdown: 2 },
    });
  });

  test("nothing compares to nothing", () => {
    expect(checked(new Map(), [])).toEqual({ comparisons: [], unknown: 0, neverStarted: 0 });
  });
});

describe("a record and a trace", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "schedfront-check-"));
    return () => rmSync(folder, { recursive: true });
  });

  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  /** What an import writes, and what a trial of its stack could. */
  async function replay({ workload = {}, table = "" } = {}) {
    const conf = join(folder, "slurm.conf");
    writeFileSync(conf, "NodeName=a[1-4] CPUs=8\nPartitionName=batch Nodes=ALL Default=YES\n");
    const log = join(folder, "sacct.txt");
    writeFileSync(
      log,
      `JobID|Partition|Submit|Start|ElapsedRaw|State|AllocCPUS|NNodes
1|batch|2024-01-01T00:00:00|2024-01-01T00:10:00|600|COMPLETED|8|1
2|batch|2024-01-01T00:05:00|2024-01-01T00:15:00|600|COMPLETED|16|2
3|batch|2024-01-01T00:06:00|2024-01-01T00:06:30|600|COMPLETED|1|1
`,
    );
    await slurm({ name: "ours", conf, log, timeZone: "UTC", delimiter: "|", overwrite: true }, folder);
    const trace = join(folder, "traces/ours.swf");
    const jobs = `job_id,submission_time,starting_time,due_time,counted\n${table || "t1,0.5,20,0,1\nt2,5,15,5,1\nt3,6,7,6,1\n"}`;
    mkdirSync(join(folder, "results/run-1"), { recursive: true });
    writeFileSync(join(folder, "results/run-1/jobs.csv"), jobs);
    const file = "test/model/fixtures/records/unversioned/slurm-4node/trial-2c12b4ea77f1157d.json";
    const record = JSON.parse(readFileSync(file, "utf8"));
    record.tuple.workloads = [
      {
        kind: "swf",
        seed: 1,
        trace: { path: "traces/ours.swf", sha256: sha256(readFileSync(trace, "utf8")) },
        timeCompression: 60,
        ...workload,
      },
    ];
    const [stream] = record.runs.filter(({ purpose }: { purpose: string }) => purpose === "stream");
    stream.run.workload = "swf";
    stream.run.tables = [{ name: "jobs.csv", path: "results/elsewhere/run-1/jobs.csv", sha256: sha256(jobs) }];
    record.runs = [stream];
    const path = join(folder, "results/trial-1.json");
    writeFileSync(path, JSON.stringify(record));
    return { record: path, trace };
  }

  const complaint = (work: Promise<unknown>) =>
    work.then(
      () => "accepted",
      (error: unknown) => {
        if (error instanceof InvalidInput) return error.message;
        throw error;
      },
    );

  test("waits count from when a job was due, in the log's seconds", async () => {
    const found: Check = JSON.parse(await check({ ...(await replay()), json: true }));
    expect(found.comparisons.map(({ of, log, replay }) => [of, log.medianWaitSeconds, replay.medianWaitSeconds])).toEqual([
      ["all", 600, 600],
      ["below a node", 30, 60],
      ["one node", 600, 1200],
      ["2 to 4 nodes", 600, 600],
      ["partition batch", 600, 600],
    ]);
  });

  test("readable, with what is to be known of it", async () => {
    const printed = await check(await replay({ workload: { load: 0.9 }, table: "t1,0,,0,1\nt2,5,15,5,1\nt3,6,7,6,0\nt99,6,7,6,1\n" }));
    expect(printed).toContain("caution: 1 jobs had not started when the replay was cut off, and are not compared");
    expect(printed).toContain("caution: 1 replayed jobs are not in the trace, and are not compared");
    expect(printed).toContain("caution: the replay's arrivals are not the log's own");
    expect(printed).toMatch(/^ {2}all +1 +600 +600 +1 /m);
  });

  test("a trace that is not the one, a changed table, a record of something else, and no JSON are refused", async () => {
    const given = await replay();
    expect(await complaint(check({ ...given, record: given.trace }))).toContain("is not JSON");
    const other = join(folder, "other.swf");
    writeFileSync(other, "; none\n");
    expect(await complaint(check({ ...given, trace: other }))).toContain("is not the trace that was replayed");
    writeFileSync(join(folder, "results/run-1/jobs.csv"), "job_id\n");
    expect(await complaint(check(given))).toContain("is not the table that the record was made from");
    expect(await complaint(check(await replay({ workload: { kind: "burst" } })))).toContain("has no workload that replays a trace");
    expect(await complaint(check({ ...given, record: "/nonexistent" }))).toContain("/nonexistent");
  });
});
