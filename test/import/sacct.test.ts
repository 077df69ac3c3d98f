import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elapsedSeconds, limitSeconds } from "../../import/slurm/durations.ts";
import { bytesOf, countOf, tresOf } from "../../import/slurm/quantities.ts";
import { readSacct } from "../../import/slurm/sacct.ts";
import { timeReader } from "../../import/times.ts";
import { InvalidInput } from "../../model/problem.ts";

const header = "JobID|User|Account|Partition|QOS|JobName|Submit|Start|End|Elapsed|State|AllocTRES|ReqTRES|Timelimit";
const line =
  "100|alice|phys|batch|normal|run|2024-01-01T00:00:00|2024-01-01T00:10:00|2024-01-01T01:10:00|01:00:00|COMPLETED|billing=64,cpu=64,mem=100G,node=2|cpu=32,mem=80G|02:00:00";
const begin = Date.UTC(2024, 0, 1) / 1000;

/** The line with other values in some fields. */
const withFields = (fields: Readonly<Record<string, string>>) => {
  const names = header.split("|");
  return line
    .split("|")
    .map((value, i) => fields[names[i] ?? ""] ?? value)
    .join("|");
};

const read = (lines: readonly string[], options = {}, first = header) =>
  readSacct([[first, ...lines].join("\n")], { time: timeReader("UTC"), ...options });
const jobOf = async (fields: Readonly<Record<string, string>>, options = {}) => (await read([withFields(fields)], options)).jobs[0];
const complaint = (lines: readonly string[], options = {}, first = header) =>
  read(lines, options, first).then(
    () => "accepted",
    (error: unknown) => {
      if (error instanceof InvalidInput) return error.message;
      throw error;
    },
  );

test("a job has what its fields say", async () => {
  expect((await read([line])).jobs).toEqual([
    {
      id: "100",
      submitSeconds: begin,
      startSeconds: begin + 600,
      runSeconds: 3600,
      nodes: 2,
      cpus: 64,
      gpus: null,
      gpuType: null,
      memoryMiB: 81_920,
      limitSeconds: 7200,
      status: "completed",
      state: "COMPLETED",
      user: "alice",
      account: "phys",
      partition: "batch",
      queue: "normal",
      name: "run",
    },
  ]);
});

test("fields in another order and other capitals, unknown ones, and --parsable's last delimiter, change nothing", async () => {
  const names = header.split("|");
  const order = [...names.keys()].reverse();
  const cells = line.split("|");
  const first = `Cluster|${order.map((i) => names[i]?.toUpperCase()).join("|")}|`;
  const { jobs } = await read([`ours|${order.map((i) => cells[i]).join("|")}|`], {}, first);
  expect(jobs).toEqual((await read([line])).jobs);
});

test("a log in pieces of any length is the same log, with Windows' ends too", async () => {
  const text = [header, line, withFields({ JobID: "101" })].join("\r\n");
  const pieces = Array.from({ length: Math.ceil(text.length / 7) }, (_, i) => text.slice(7 * i, 7 * i + 7));
  expect((await readSacct(pieces, { time: timeReader("UTC") })).jobs).toEqual((await read([line, withFields({ JobID: "101" })])).jobs);
});

describe("who a record is of", () => {
  test("steps are no jobs; tasks and components are", async () => {
    const ids = ["100", "100.batch", "100.extern", "100.0", "101_4", "101_[5-9]", "102+0", "102+1", "101_4.0", "103_1+0"];
    const { jobs, counts } = await read(ids.map((JobID) => withFields({ JobID })));
    expect(jobs.map(({ id }) => id)).toEqual(["100", "101_4", "101_[5-9]", "102+0", "102+1", "103_1+0"]);
    expect(counts).toMatchObject({ lines: 10, steps: 4, arrayTasks: 2, components: 3 });
  });

  test("a record that stands there twice counts once; another attempt is another job", async () => {
    const again = withFields({ Submit: "2024-01-01T02:00:00", Start: "2024-01-01T02:10:00" });
    const { jobs, counts } = await read([line, line, again, header, line, again]);
    expect(jobs).toHaveLength(2);
    expect(counts).toMatchObject({ lines: 5, repeated: 3, requeued: 1 });
  });
});

describe("how it ended", () => {
  test.each<[string, string | null, number | null]>([
    ["COMPLETED", "completed", 3600],
    ["CANCELLED by 1000", "cancelled", 3600],
    ["CANCELLED+", "cancelled", 3600],
    ["FAILED", "failed", 3600],
    ["TIMEOUT", "failed", 3600],
    ["NODE_FAIL", "failed", 3600],
    ["PREEMPTED", "failed", 3600],
    ["OUT_OF_MEMORY", "failed", 3600],
    ["DEADLINE", "failed", 3600],
    ["BOOT_FAIL", "failed", 3600],
    ["REQUEUED", "failed", 3600],
    ["RUNNING", null, null],
    ["RESIZING", null, null],
    ["PENDING", null, null],
  ])("%s", async (State, status, runSeconds) => {
    expect(await jobOf({ State })).toMatchObject({ status, runSeconds });
  });

  test.each(["Unknown", "None", ""])('a start of "%s" is none', async (Start) => {
    const { jobs, counts } = await read([withFields({ Start, End: "Unknown", Elapsed: "00:00:00", State: "CANCELLED by 5" })]);
    expect(jobs[0]).toMatchObject({ startSeconds: null, runSeconds: null, status: "cancelled" });
    expect(counts.neverStarted).toBe(1);
  });

  test("one that was cancelled in the queue may have the time of that as its start", async () => {
    const cancelled = { State: "CANCELLED by 5", Elapsed: "00:00:00", AllocTRES: "" };
    expect(await jobOf(cancelled)).toMatchObject({ startSeconds: null, runSeconds: null, cpus: 32 });
    expect(await jobOf({ ...cancelled, AllocTRES: "cpu=4" })).toMatchObject({ runSeconds: 0, cpus: 4 });
  });

  test("without an elapsed time the end counts", async () => {
    expect(await jobOf({ Elapsed: "", End: "2024-01-01T00:10:30" })).toMatchObject({ runSeconds: 30 });
    expect(await jobOf({ Elapsed: "", End: "Unknown" })).toMatchObject({ runSeconds: null });
  });
});

describe("what it had and asked for", () => {
  test.each<[Readonly<Record<string, string>>, object]>([
    [{ AllocTRES: "cpu=8,gres/gpu:a100=2,gres/gpu=2,node=1" }, { cpus: 8, gpus: 2, gpuType: "a100" }],
    [{ AllocTRES: "cpu=8,gres/gpu:a100=2,gres/gpu:v100=1" }, { gpus: 3, gpuType: "a100" }],
    [
      { AllocTRES: "", ReqTRES: "cpu=4,node=2,gres/gpu=1,mem=1.50T" },
      { cpus: 4, nodes: 2, gpus: 1, memoryMiB: 1_572_864 },
    ],
    [
      { AllocTRES: "cpu=4,mem=2048M", ReqTRES: "" },
      { memoryMiB: 2048, nodes: null },
    ],
    [
      { AllocTRES: "", ReqTRES: "" },
      { cpus: null, nodes: null, gpus: null, memoryMiB: null },
    ],
  ])("%j", async (fields, expected) => {
    expect(await jobOf(fields)).toMatchObject(expected);
  });

  test("older sacct: columns for each, and memory by processor or node", async () => {
    const first = "JobID|Submit|Start|ElapsedRaw|State|AllocCPUS|NNodes|ReqMem|AllocGRES|TimelimitRaw";
    const of = async (memory: string) =>
      (await read([`7|2024-01-01T00:00:00|2024-01-01T00:00:01|90|COMPLETED|8|2|${memory}|gpu:v100:4|90`], {}, first)).jobs[0];
    expect(await of("4Gc")).toMatchObject({
      cpus: 8,
      nodes: 2,
      memoryMiB: 32_768,
      gpus: 4,
      gpuType: "v100",
      runSeconds: 90,
      limitSeconds: 5400,
    });
    expect(await of("4Gn")).toMatchObject({ memoryMiB: 8192 });
    expect(await of("4000M")).toMatchObject({ memoryMiB: 4000 });
    expect(await of("0")).toMatchObject({ memoryMiB: null });
  });

  test.each<[string, number | null]>([
    ["1-12:30:05", 131_405],
    ["02:00:00", 7200],
    ["30:00", 1800],
    ["UNLIMITED", null],
    ["INVALID", null],
    ["", null],
  ])("a limit of %s", async (Timelimit, limitSeconds) => {
    expect(await jobOf({ Timelimit })).toMatchObject({ limitSeconds });
  });

  test("a limit that is the partition's", async () => {
    const partitionLimitSeconds = (name: string) => (name === "batch" ? 600 : null);
    expect(await jobOf({ Timelimit: "Partition_Limit" }, { partitionLimitSeconds })).toMatchObject({ limitSeconds: 600 });
    expect(await jobOf({ Timelimit: "Partition_Limit", Partition: "x" }, { partitionLimitSeconds })).toMatchObject({ limitSeconds: null });
  });
});

describe("a malformed line is named, or skipped and counted", () => {
  test.each<[string, string, string]>([
    [
      "a name with the delimiter in it",
      withFields({ JobName: "a|b" }),
      'line 3: 15 fields, the header has 14: a name may have a "|" or a line break in it',
    ],
    ["a name with a line break in it", withFields({ JobName: "a\nb" }), "line 3: 6 fields, the header has 14"],
    ["no number", withFields({ JobID: "abc" }), 'line 3: the job\'s number is "abc"'],
    ["no submission", withFields({ Submit: "Unknown" }), 'line 3: the submission is "Unknown", which is no time'],
    ["a start that is none", withFields({ Start: "yesterday" }), 'line 3: the start is "yesterday", which is no time'],
    [
      "a start far before the submission",
      withFields({ Start: "2023-12-01T00:00:00" }),
      "line 3: the start is 2678400 s before the submission",
    ],
    [
      "an end before the start",
      withFields({ Elapsed: "", End: "2024-01-01T00:00:00" }),
      "line 3: the end, 2024-01-01T00:00:00, is before the start",
    ],
    ["an elapsed time that is none", withFields({ Elapsed: "-5" }), 'line 3: the elapsed time is "-5"'],
    ["a limit that is none", withFields({ Timelimit: "soon" }), 'line 3: the time limit is "soon"'],
  ])("%s", async (_, bad, message) => {
    expect(await complaint([line, bad, withFields({ JobID: "102" })])).toContain(`invalid accounting log\n  ${message}`);
    const { jobs, counts } = await read([line, bad, withFields({ JobID: "102" })], { skipBad: true });
    expect(jobs.map(({ id }) => id)).toEqual(["100", "102"]);
    expect(counts.malformed).toBe(bad.includes("\n") ? 2 : 1);
    expect(counts.firstMalformed).toContain(message);
  });

  test("a log without a header, or one that lacks what a job needs", async () => {
    expect(await complaint([], {}, "")).toContain("is empty: the first line names the fields");
    expect(await complaint([line], {}, "JobID|User|Elapsed|NCPUS")).toContain(
      "its first line names no submit, start, state: sacct --parsable2",
    );
    expect(await complaint([line], {}, "JobID|Submit|Start|State")).toContain("names no elapsed, alloccpus");
  });

  test("a line without an end", async () => {
    const pieces = [
      header,
      "\n",
      ..."x"
        .repeat(9)
        .split("")
        .map(() => "x".repeat(1_000_000)),
    ];
    await expect(readSacct(pieces, { time: timeReader("UTC") })).rejects.toThrow("line 2 is longer than 4000000 characters");
  });

  test("any text has jobs, or is refused", async () => {
    const letters = fc.constantFrom(..."|12:-T_[]+.\n gGcu=,");
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: letters, maxLength: 200 })), async (text) => {
        await complaint([text]);
        await complaint([withFields({ JobID: text, Start: text })]);
        await complaint([withFields({ AllocTRES: text, Timelimit: text })], { skipBad: true });
        await complaint([], {}, text);
      }),
    );
  });
});

describe("times", () => {
  const utc = timeReader("UTC");
  const berlin = timeReader("Europe/Berlin");

  test.each<[string, number | null]>([
    ["2024-01-01T00:00:00", begin],
    ["2024-01-01 00:00:30", begin + 30],
    ["2024-01-01T01:00:00+01:00", begin],
    ["2024-01-01T00:00:00Z", begin],
    [String(begin), begin],
    ["2024-13-01T00:00:00", null],
    ["now", null],
    ["", null],
  ])("%s in UTC", (text, seconds) => {
    expect(utc(text)).toBe(seconds);
  });

  test("a cluster's own clock, before and after it changes", () => {
    const seconds = (text: string) => Date.parse(text) / 1000;
    expect(berlin("2024-01-01T01:00:00")).toBe(begin);
    expect(berlin("2024-07-01T02:00:00")).toBe(seconds("2024-07-01T00:00:00Z"));
    expect(berlin("2024-03-31T01:59:59")).toBe(seconds("2024-03-31T00:59:59Z"));
    expect(berlin("2024-03-31T03:00:00")).toBe(seconds("2024-03-31T01:00:00Z"));
    // The first of the two.
    expect(berlin("2024-10-27T02:30:00")).toBe(seconds("2024-10-27T00:30:00Z"));
    expect(berlin("2024-10-27T03:00:00")).toBe(seconds("2024-10-27T02:00:00Z"));
  });

  test("a start before the submission, because the clock went back, is as early as can be", async () => {
    const { jobs, counts } = await read([withFields({ Submit: "2024-01-01T00:30:00" })]);
    expect(jobs[0]).toMatchObject({ submitSeconds: begin + 1800, startSeconds: begin + 1800, runSeconds: 3600 });
    expect(counts.clockWentBack).toBe(1);
  });

  test("a zone that is none is refused", () => {
    expect(() => timeReader("Europe/Nowhere")).toThrow('"Europe/Nowhere" is no time zone');
  });

  test.each<[string, number | "unlimited" | null]>([
    ["60", 3600],
    ["1:30", 90],
    ["1:00:00", 3600],
    ["7-0", 604_800],
    ["7-00:00", 604_800],
    ["7-00:00:30", 604_830],
    ["INFINITE", "unlimited"],
    ["unlimited", "unlimited"],
    ["-1", "unlimited"],
    ["1:2:3:4", null],
    ["x", null],
  ])("a limit of %s", (text, seconds) => {
    expect(limitSeconds(text)).toBe(seconds);
  });

  test.each<[string, number | null]>([
    ["1-01:01:01", 90_061],
    ["100:00:00", 360_000],
    ["01:02", 62],
    ["00:01.500", 1.5],
    ["x", null],
  ])("an elapsed time of %s", (text, seconds) => {
    expect(elapsedSeconds(text)).toBe(seconds);
  });
});

test("amounts", () => {
  expect(["4", "4K", "1.5G", "2T", "1P", "4GiB", "x", "-1", ""].map((text) => bytesOf(text, "m"))).toEqual([
    ...[4 * 2 ** 20, 4096, 1.5 * 2 ** 30, 2 ** 41, 2 ** 50, 4 * 2 ** 30],
    ...[null, null, null],
  ]);
  expect(["24", "1.5K", "2-4", "2M", "x"].map(countOf)).toEqual([24, 1500, 2, 2_000_000, null]);
  expect(tresOf("billing=3,fs/disk=4,license/x=2,cpu=,mem=")).toEqual({
    cpus: null,
    nodes: null,
    memoryBytes: null,
    gpus: null,
    gpuType: null,
  });
});
