import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputProblem } from "../../analysis/objectives-csv.ts";
import { paretoOfCsv } from "../../analysis/pareto-of-csv.ts";
import { readJobs } from "../../analysis/report/jobs-table.ts";
import { readTrials } from "../../analysis/report/read-trials.ts";
import { writeReport } from "../../analysis/report/write-report.ts";
import { summary } from "../../analysis/summary.ts";
import { sha256 } from "../../model/identity.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseOutputs } from "../../model/record.ts";
import { sample } from "../hostile/mutations.ts";
import { hugeRecords } from "../hostile/records.ts";
import { hostileCsv, hostileJobs, withCells } from "../hostile/tables.ts";

/**
 * What hostile results cost: mutated outputs, tables of jobs and CSV files of points, each read as the program does; and folders of
 * results of which a whole report is written. Every kind has a process of its own: CPU seconds, the slowest of them where there are
 * several, and the process's peak. Prints rows of docs/faults.md; node --import tsx test/bench/hostile-records.ts [of each kind]
 */

const source = "test/model/fixtures/records/unversioned";
const jobs = readFileSync(join(source, "slurm-4node/run-0123456789abcdef/jobs.csv"), "utf8");
const json = (file: string) => JSON.parse(readFileSync(join(source, file), "utf8"));

/** How many of a kind were read, how many of them refused, and what the slowest took. */
interface Tally {
  readonly runs: number;
  readonly refused: number;
  readonly seconds: number;
}

/** Anything but the program's own complaint ends the process. */
const isRefusal = (problem: unknown) => problem instanceof InvalidInput || problem instanceof InputProblem;

async function tally<T>(values: Iterable<T>, read: (value: T) => unknown): Promise<Tally> {
  let [runs, refused, seconds] = [0, 0, 0];
  for (const value of values) {
    const before = process.cpuUsage();
    try {
      if ((await read(value)) === "refused") refused++;
    } catch (problem) {
      if (!isRefusal(problem)) throw problem;
      refused++;
    }
    const { user, system } = process.cpuUsage(before);
    [runs, seconds] = [runs + 1, Math.max(seconds, (user + system) / 1e6)];
  }
  return { runs, refused, seconds };
}

const small: Readonly<Record<string, (count: number, home: string) => Promise<Tally>>> = {
  "outputs of stacks, in the summary": (count) =>
    tally(sample(json("outputs.json"), count, 5), (value) => summary("s", parseOutputs(JSON.parse(JSON.stringify(value) ?? "null")))),
  "tables of jobs": (count, home) =>
    tally([...hostileJobs(jobs), ...withCells(jobs, count, 6)], (text) => {
      writeFileSync(join(home, "jobs.csv"), text);
      return "reason" in readJobs([join(home, "jobs.csv")], sha256(text), 4) ? "refused" : "taken";
    }),
  "CSV files of points": (count, home) => {
    const points = "wait,cost,throughput\n10,4,7\n20,2,7\n25,4,6\n,1,9\n5,8,9\n";
    return tally([...hostileCsv(points), ...withCells(points, count, 7)], (text) => {
      writeFileSync(join(home, "points.csv"), text);
      return paretoOfCsv({ input: join(home, "points.csv"), minimise: ["wait", "cost"], maximise: ["throughput"], reference: null });
    });
  },
};

/** Folders of results, by what is wrong with them. */
const folders: Readonly<Record<string, (count: number, folder: string) => void>> = {
  "a report of mutated records and trials": (count, folder) => {
    cpSync(source, folder, { recursive: true });
    mkdirSync(join(folder, "others"));
    const write = (place: string, value: unknown) => writeFileSync(join(folder, place), JSON.stringify(value) ?? "");
    sample(json("slurm-4node/trial-2c12b4ea77f1157d.json"), count, 3).forEach((value, i) => {
      write(`others/trial-${i}.json`, value);
    });
    sample(json("trials/2df61532b73ad682.json"), count, 4).forEach((value, i) => {
      write(`trials/${String(i).padStart(16, "0")}.json`, value);
    });
  },
  ...Object.fromEntries(Object.entries(hugeRecords).map(([what, write]) => [what, (_: number, folder: string) => write(folder)])),
};

/** Of a report runs are files, and those refused are listed in it. */
async function report(folder: string): Promise<Tally> {
  const before = process.cpuUsage();
  const trials = readTrials(folder);
  const request = { trials, limits: {}, anchors: null, jobRows: 100_000, generated: "2026-01-01T00:00:00.000Z" };
  await writeReport(request, join(folder, "report"));
  const { user, system } = process.cpuUsage(before);
  const refused = trials.unreadable.length;
  return { runs: trials.recorded.length + trials.failed.length + refused, refused, seconds: (user + system) / 1e6 };
}

async function alone(kind: string, count: number, home: string): Promise<void> {
  const found = await (small[kind]?.(count, home) ?? report(home));
  console.log(JSON.stringify({ ...found, mebibytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

function main(count: number): void {
  console.log("| | runs | refused | CPU seconds | MiB |\n|---|---|---|---|---|");
  for (const kind of [...Object.keys(small), ...Object.keys(folders)]) {
    const home = mkdtempSync(join(tmpdir(), "schedfront-records-"));
    folders[kind]?.(count, home);
    const words = [...process.execArgv, process.argv[1] as string, "alone", kind, String(count), home];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8", timeout: 300_000 });
    if (status === 0) {
      const { runs, refused, seconds, mebibytes } = JSON.parse(stdout);
      console.log(`| ${kind} | ${runs} | ${refused} | ${seconds.toFixed(2)} | ${mebibytes} |`);
    } else
      console.log(`| ${kind} | crashed: ${stderr.split("\n").find((line) => /Error|timeout/.test(line)) ?? `status ${status}`} | | | |`);
    rmSync(home, { recursive: true });
  }
}

const [first, kind = "", count = "", home = ""] = process.argv.slice(2);
if (first === "alone") void alone(kind, Number(count), home);
else main(Number(first ?? 1000));
