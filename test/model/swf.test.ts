import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedSwf, machineProcessors, parseSwf, type SwfJob, SwfReader, swfLine } from "../../model/swf.ts";

const small = readFileSync("test/model/fixtures/small.swf", "utf8");

describe("a log", () => {
  const { header, jobs } = parseSwf(small);

  test("each field has its own place, and -1 is nothing, field by field", () => {
    expect(jobs[0]).toEqual({
      number: 1,
      submitSeconds: 0,
      waitSeconds: 10,
      runSeconds: 600,
      processors: 64,
      cpuSeconds: 580.5,
      memoryKiB: 1024,
      requestedProcessors: 64,
      requestedSeconds: 1200,
      requestedMemoryKiB: null,
      status: "completed",
      user: 3,
      group: 1,
      executable: null,
      queue: 1,
      partition: null,
      precedingJob: null,
      thinkSeconds: null,
    });
    expect(jobs[1]).toMatchObject({
      waitSeconds: null,
      processors: null,
      requestedProcessors: 16,
      requestedSeconds: null,
      status: "failed",
    });
  });

  test("jobs that never ran, run time 0, fractions, pieces, a preceding job and unknown ends are kept as they are", () => {
    expect(jobs.map(({ number, runSeconds, status }) => [number, runSeconds, status])).toEqual([
      [1, 600, "completed"],
      [2, 300, "failed"],
      [3, null, "cancelled"],
      [4, 1200, "cancelled"],
      [5, 900, "completed"],
      [5, 400, "partial"],
      [5, 500, "last partial, completed"],
      [6, 0, "completed"],
      [7, 50, null],
      [8, 59.75, "completed"],
    ]);
    expect(jobs[4]).toMatchObject({ precedingJob: 1, thinkSeconds: 20 });
    expect(jobs[7]).toMatchObject({ precedingJob: 5, thinkSeconds: 0, user: null });
    expect(jobs[9]).toMatchObject({ submitSeconds: 360.5, waitSeconds: 0.25, cpuSeconds: 59.25, requestedSeconds: 120.5 });
  });

  test("the header's labels have their values", () => {
    expect(header.get("MaxProcs")).toEqual(["128"]);
    expect(header.get("Note")).toHaveLength(2);
    expect(machineProcessors(header)).toBe(128);
  });

  test("without MaxProcs the nodes count, without either nothing does", () => {
    expect(machineProcessors(parseSwf("; MaxNodes: 430 (of two kinds)\n").header)).toBe(430);
    expect(machineProcessors(parseSwf("; MaxProcs: unknown\n").header)).toBeNull();
  });
});

describe("a malformed line is refused with its number and field", () => {
  const line = "1 0 10 600 64 580.5 1024 64 1200 -1 1 3 1 -1 1 -1 -1 -1";
  const withField = (field: number, value: string) =>
    line
      .split(" ")
      .with(field - 1, value)
      .join(" ");
  const complaint = (text: string) => {
    try {
      parseSwf(`; Version: 2.2\n${line}\n${text}\n`);
    } catch (error) {
      if (error instanceof MalformedSwf) return error.message;
      throw error;
    }
    return "accepted";
  };

  test.each<[string, string, string]>([
    ["a word", withField(4, "6oo"), 'line 3, field 4 (run time): "6oo" is not a number'],
    ["hexadecimal", withField(5, "0x40"), 'line 3, field 5 (allocated processors): "0x40" is not a number'],
    ["infinity", withField(2, "1e999"), 'line 3, field 2 (submit time): "1e999" is not a number'],
    ["half a processor", withField(8, "1.5"), 'line 3, field 8 (requested processors): "1.5" is not a whole number'],
    ["another negative", withField(9, "-2"), 'line 3, field 9 (requested time): "-2" is negative, and not -1 for unknown'],
    ["no job number", withField(1, "-1"), 'line 3, field 1 (job number): "-1" is negative'],
    ["no submit time", withField(2, "-1"), 'line 3, field 2 (submit time): "-1" is negative'],
    ["an unknown status", withField(11, "6"), 'line 3, field 11 (status): "6" is not one of -1, 0, 1, 2, 3, 4, 5'],
    ["a field too few", line.split(" ").slice(1).join(" "), "line 3: 17 fields, a job has 18"],
    ["a field too many", `${line} 7`, "line 3: 19 fields, a job has 18"],
  ])("%s", (_, text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});

const unknownOr = (values: fc.Arbitrary<number>) => fc.oneof(fc.constant(null), values);
const count = fc.integer({ min: 0, max: 2 ** 40 });
const time = fc.oneof(count, fc.double({ min: 0, max: 1e9, noNaN: true }));
const job: fc.Arbitrary<SwfJob> = fc.record({
  number: count,
  submitSeconds: time,
  waitSeconds: unknownOr(time),
  runSeconds: unknownOr(time),
  processors: unknownOr(count),
  cpuSeconds: unknownOr(time),
  memoryKiB: unknownOr(time),
  requestedProcessors: unknownOr(count),
  requestedSeconds: unknownOr(time),
  requestedMemoryKiB: unknownOr(time),
  status: fc.constantFrom(null, "failed", "completed", "partial", "last partial, completed", "last partial, failed", "cancelled"),
  user: unknownOr(count),
  group: unknownOr(count),
  executable: unknownOr(count),
  queue: unknownOr(count),
  partition: unknownOr(count),
  precedingJob: unknownOr(count),
  thinkSeconds: unknownOr(time),
});

test("what is written is read back", () => {
  fc.assert(
    fc.property(fc.array(job, { maxLength: 5 }), fc.constantFrom("\n", "\r\n"), (jobs, lineBreak) => {
      expect(parseSwf(jobs.map(swfLine).join(lineBreak)).jobs).toEqual(jobs);
    }),
  );
});

test("in whatever pieces a log comes, it is the same log", () => {
  const whole = parseSwf(small);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: small.length }), { maxLength: 20 }), (cuts) => {
      const ends = [0, ...cuts.toSorted((a, b) => a - b), small.length];
      const jobs: SwfJob[] = [];
      const reader = new SwfReader((read) => jobs.push(read));
      for (const [i, end] of ends.entries()) if (i > 0) reader.push(small.slice(ends[i - 1], end));
      expect({ header: reader.end(), jobs }).toEqual(whole);
    }),
  );
});

test("whatever text comes in is parsed or refused as malformed, never anything else", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseSwf(text);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedSwf);
      }
    }),
  );
});
