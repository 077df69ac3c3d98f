import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openForeignFile, readForeignFile, UnreadableFile } from "../../analysis/foreign-file.ts";
import { InputProblem } from "../../analysis/objectives-csv.ts";
import { paretoOfCsv } from "../../analysis/pareto-of-csv.ts";
import { readJobs } from "../../analysis/report/jobs-table.ts";
import { readTrials } from "../../analysis/report/read-trials.ts";
import { writeReport } from "../../analysis/report/write-report.ts";
import { summary } from "../../analysis/summary.ts";
import { sha256 } from "../../model/identity.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseOutputs, parseRecord } from "../../model/record.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { sample } from "./mutations.ts";
import { hostileCsv, hostileJobs, withCells } from "./tables.ts";

/** Results that somebody else made: what is wrong is named in short printable lines, the rest is reported, nothing is written elsewhere. */

const source = "test/model/fixtures/records/unversioned";
const recordName = "trial-2c12b4ea77f1157d.json";
const trialName = "2df61532b73ad682.json";
const record = JSON.parse(readFileSync(join(source, "slurm-4node", recordName), "utf8"));
const trial = JSON.parse(readFileSync(join(source, "trials", trialName), "utf8"));
const jobs = readFileSync(join(source, "slurm-4node/run-0123456789abcdef/jobs.csv"), "utf8");

/** A folder of results beside one that nothing may touch, both in a folder of their own. */
let home: string;
const results = () => join(home, "results");
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "schedfront-records-"));
  mkdirSync(join(home, "canary"));
  writeFileSync(join(home, "canary", "secret"), "root:x:0:0");
});
afterAll(() => rmSync(home, { recursive: true }));

const all = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function requireShort(reason: string): void {
  expect(reason).not.toMatch(unprintable);
  expect(reason.length).toBeLessThan(2500);
  expect(reason).not.toMatch(/\n {4}at /);
}

const report = (folder: string) =>
  writeReport(
    { trials: readTrials(folder), limits: {}, anchors: null, jobRows: 1000, generated: "2026-01-01T00:00:00.000Z" },
    join(folder, "report"),
  );

/** What a parser says of it, or undefined where it takes it. Anything but the program's own complaint fails the test. */
function complaint(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (problem) {
    if (problem instanceof InvalidInput) return problem.message;
    throw problem;
  }
}

describe("mutated files", () => {
  test("300 records and 100 trials: refused by a sentence each, and the good one is reported", async () => {
    cpSync(source, results(), { recursive: true });
    mkdirSync(join(results(), "others"));
    sample(record, 300, 3).forEach((value, i) => {
      writeFileSync(join(results(), "others", `trial-${i}.json`), JSON.stringify(value) ?? "");
    });
    sample(trial, 100, 4).forEach((value, i) => {
      writeFileSync(join(results(), "trials", `${String(i).padStart(16, "0")}.json`), JSON.stringify(value) ?? "");
    });
    const before = all(home);
    const { sections, unreadable } = await report(results());
    const files = sections.flatMap(({ configurations }) => configurations.flatMap(({ trials }) => trials.map(({ file }) => file)));
    expect(files).toContain(join(results(), "slurm-4node", recordName));
    expect(unreadable.length).toBeGreaterThan(200);
    for (const { reason } of unreadable) requireShort(reason);
    expect(all(home).filter((file) => !file.startsWith(join("results", "report")))).toEqual(before);
    expect(readFileSync(join(home, "canary", "secret"), "utf8")).toBe("root:x:0:0");
    for (const figure of readdirSync(join(results(), "report", "figures"))) expect(figure).toMatch(/^[a-zA-Z0-9-]+\.svg$/);
    for (const file of ["report.html", "analysis.json", "trials.csv"])
      expect(readFileSync(join(results(), "report", file), "utf8").replace(/<script>.*<\/script>/s, "")).not.toMatch(
        /(?![\n\r\t\u00ad])[\p{Cc}\p{Cf}]/u,
      );
    const { trials, unreadable: unread } = new TrialStore(join(results(), "trials")).list();
    expect(trials.length + unread.length).toBe(101);
    for (const { reason } of unread) requireShort(reason);
    rmSync(results(), { recursive: true });
  }, 300_000);

  test("1,500 outputs of stacks: a table without anything that a terminal acts upon, or a sentence", () => {
    const outputs = JSON.parse(readFileSync(join(source, "outputs.json"), "utf8"));
    let taken = 0;
    for (const value of sample(outputs, 1500, 5)) {
      const said = complaint(() => {
        expect(summary("s", parseOutputs(JSON.parse(JSON.stringify(value) ?? "null")))).toContain("s: ");
        taken++;
      });
      if (said !== undefined) {
        expect(said).not.toMatch(unprintable);
        expect(said.split("\n").every((line) => line.length < 1500)).toBe(true);
      }
    }
    expect(taken).toBeGreaterThan(20);
  });

  test("400 tables of jobs: read within their topology, or refused by a sentence", () => {
    const file = join(home, "jobs.csv");
    for (const text of [...hostileJobs(jobs), ...withCells(jobs, 400, 6)]) {
      writeFileSync(file, text);
      const found = readJobs([file], sha256(text), 4);
      if ("reason" in found) requireShort(found.reason);
      else for (const { nodes, submit } of found) expect([nodes <= 9_999_999, Math.abs(submit) <= 3.2e9]).toEqual([true, true]);
    }
  });

  test("400 CSV files of points: ranked, or refused by a sentence", async () => {
    const file = join(home, "points.csv");
    const points = "wait,cost,throughput\n10,4,7\n20,2,7\n25,4,6\n,1,9\n5,8,9\n";
    for (const text of [...hostileCsv(points), ...withCells(points, 400, 7)]) {
      writeFileSync(file, text);
      const request = { input: file, minimise: ["wait", "cost"], maximise: ["throughput"], reference: null };
      const end = await paretoOfCsv(request).catch((problem: unknown) => problem);
      if (end instanceof InputProblem) requireShort(end.message);
      else expect(end).toHaveProperty("ranks");
    }
  });
});

describe("what a record names", () => {
  const refused = (change: (own: typeof record) => void): string => {
    const own = JSON.parse(JSON.stringify(record));
    change(own);
    return complaint(() => parseRecord(own)) ?? "taken";
  };

  test.each(["/../../../canary/x", "../x", "a/b", "a\0b", "a\nb", "k".repeat(100_000), "constructor", "hasOwnProperty", "sixth"])(
    "is no objective: no. %#",
    (key) => {
      const said = refused((own) => {
        own.objectives[key] = own.objectives.responsiveness;
      });
      expect(said).toMatch(/^invalid record\n {2}objectives\..*: is not one of responsiveness, /);
      requireShort(said);
    },
  );

  test.each<[string, (own: typeof record) => void, RegExp]>([
    [
      "a billion nodes",
      (own) => Object.assign(own.tuple.topology.compute[0], { count: 999_999_999 }),
      /compute\[0\]\.count: 999999999 is too large/,
    ],
    [
      "a number near infinity",
      (own) => Object.assign(own.objectives.responsiveness, { value: 1e308 }),
      /responsiveness\.value: 1e\+308 is too large/,
    ],
    ["a million doubts", (own) => Object.assign(own.validity, { doubts: Array(1_000_001).fill(1) }), /more than 1000000 values/],
    [
      "a text of a mebibyte",
      (own) => Object.assign(own.tuple.scheduler, { x: "y".repeat(2 ** 20) }),
      /scheduler\.x: is a text of more than 100000 c/,
    ],
    [
      "a key of a mebibyte",
      (own) => Object.assign(own.tuple.scheduler, { ["y".repeat(2 ** 20)]: 1 }),
      /tuple\.scheduler: has a key of more than 1/,
    ],
    ["deep values", (own) => Object.assign(own.tuple, { x: JSON.parse("[".repeat(60) + "]".repeat(60)) }), /deeper than 40 levels/],
  ])("is not %s", (_, change, words) => {
    expect(refused(change)).toMatch(words);
  });

  test("a cell that asks for a billion nodes ends nothing", () => {
    const file = join(home, "jobs.csv");
    for (const cell of ["0-999999999", "0-9999999", "3-1", "0-3 0-3", "9"]) {
      const lines = jobs.trimEnd().split("\n");
      const place = lines[0]?.split(",").indexOf("allocated_resources") ?? 0;
      const changed = [lines[0], ...lines.slice(1).map((line) => line.split(",").with(place, cell).join(","))].join("\n");
      writeFileSync(file, changed);
      expect(readJobs([file], sha256(changed), 4)).toEqual({ reason: expect.stringContaining("allocated_resources: ") });
    }
  });
});

describe("a file that is none", () => {
  const make: Readonly<Record<string, (path: string) => void>> = {
    "a symbolic link": (path) => symlinkSync(join(home, "canary", "secret"), path),
    "a link to a device": (path) => symlinkSync("/dev/zero", path),
    "a named pipe": (path) => void execFileSync("mkfifo", [path]),
    "a directory": (path) => void mkdirSync(path),
    "too large": (path) => {
      writeFileSync(path, "");
      truncateSync(path, 2 ** 30);
    },
    "not JSON": (path) => writeFileSync(path, "root:x:0:0"),
    "a million brackets": (path) => writeFileSync(path, "[".repeat(1_000_000)),
  };

  test.each(Object.keys(make))("%s is named, and says nothing of what is behind it", (kind) => {
    const folder = join(home, "none");
    mkdirSync(join(folder, "stack"), { recursive: true });
    mkdirSync(join(folder, "trials"));
    make[kind]?.(join(folder, "stack", "trial-0.json"));
    make[kind]?.(join(folder, "trials", "0000000000000000.json"));
    const { unreadable } = readTrials(folder);
    const { unreadable: unread } = new TrialStore(join(folder, "trials")).list();
    expect(unreadable).toHaveLength(2);
    expect(unread).toHaveLength(1);
    for (const { reason } of [...unreadable, ...unread]) {
      requireShort(reason);
      expect(reason).not.toContain("root");
    }
    rmSync(folder, { recursive: true });
  });

  test.each(["/dev/zero", "/dev/stdin", "/nowhere", "/", "/proc/self/mem"])("%s is no CSV file", async (input) => {
    await expect(paretoOfCsv({ input, minimise: ["a"], maximise: [], reference: null })).rejects.toThrow(InputProblem);
  });

  test("a link is followed only where a person gave it", () => {
    const link = join(home, "link");
    symlinkSync(join(home, "canary", "secret"), link);
    expect(() => openForeignFile(link, { mostBytes: 100 })).toThrow(UnreadableFile);
    expect(readForeignFile(link, { mostBytes: 100, followsLinks: true }).toString()).toBe("root:x:0:0");
    expect(() => readForeignFile(link, { mostBytes: 9, followsLinks: true })).toThrow("has 10 bytes, the most is 9 bytes");
  });
});

test("a CSV file's header and cells reach a terminal in words only", async () => {
  const file = join(home, "escapes.csv");
  writeFileSync(file, `\u001b]0;title\u0007,${"x".repeat(5_000_000)}\n1,2\n`);
  const end = await paretoOfCsv({ input: file, minimise: ["a"], maximise: [], reference: null }).catch((problem: Error) => problem);
  expect(end).toBeInstanceOf(InputProblem);
  requireShort((end as Error).message);
});
