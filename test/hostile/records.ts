import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../model/identity.ts";
import { mostNodes } from "../../model/topology.ts";

/** Folders of results in which everything has the right form, and far too much of it; each writes one. */

const source = "test/model/fixtures/records/unversioned/slurm-4node";
const record = () => JSON.parse(readFileSync(join(source, "trial-2c12b4ea77f1157d.json"), "utf8"));
const table = readFileSync(join(source, "run-0123456789abcdef/jobs.csv"), "utf8");

type Raw = ReturnType<typeof record>;

function write(folder: string, i: number, change: (own: Raw) => void): void {
  const own = record();
  change(own);
  const stack = join(folder, `stack-${i}`);
  mkdirSync(join(stack, "run-0123456789abcdef"), { recursive: true });
  writeFileSync(join(stack, "trial-0.json"), JSON.stringify(own));
}

/** A table of as many jobs, each with its nodes; the record's run names it. */
function withJobs(folder: string, i: number, own: Raw, nodes: (job: number) => string, count: number): void {
  const [header = "", first = ""] = table.split("\n");
  const columns = header.split(",");
  const row = first.split(",");
  const rows = Array.from({ length: count }, (_, job) =>
    row.with(columns.indexOf("job_id"), `j${job}`).with(columns.indexOf("allocated_resources"), nodes(job)).join(","),
  );
  const text = `${[header, ...rows].join("\n")}\n`;
  mkdirSync(join(folder, `stack-${i}`, "run-0123456789abcdef"), { recursive: true });
  writeFileSync(join(folder, `stack-${i}`, "run-0123456789abcdef", "jobs.csv"), text);
  for (const { run } of own.runs) for (const each of run.tables) if (each.name === "jobs.csv") each.sha256 = sha256(text);
}

const allNodes = (own: Raw) => {
  own.tuple.topology.compute = Array(64).fill({ ...own.tuple.topology.compute[0], count: mostNodes });
};

const parameters = (count: number, value: (i: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`parameter${i}`, value(i)]));

export const hugeRecords: Readonly<Record<string, (folder: string) => void>> = {
  "a report on 640,000 nodes": (folder) =>
    write(folder, 0, (own) => {
      allNodes(own);
      withJobs(folder, 0, own, (job) => String(job), 1000);
    }),
  "a report on jobs of 300,000 separate nodes": (folder) =>
    write(folder, 0, (own) => {
      allNodes(own);
      withJobs(folder, 0, own, () => Array.from({ length: 300_000 }, (_, i) => 2 * i).join(" "), 10);
    }),
  "two configurations that differ in 5,000 parameters": (folder) => {
    for (const value of [0, 1])
      write(folder, value, (own) => {
        Object.assign(
          own.tuple.scheduler,
          parameters(5000, () => value),
        );
      });
  },
  "1,000 configurations of one parameter": (folder) => {
    for (let i = 0; i < 1000; i++)
      write(folder, i, (own) => {
        Object.assign(own.tuple.scheduler, { parameter: i });
      });
  },
  "parameters of 7 MiB each": (folder) => {
    for (const letter of ["x", "y"])
      write(folder, letter.charCodeAt(0), (own) => {
        Object.assign(own.tuple.scheduler, { parameter: letter.repeat(7 << 20) });
      });
  },
  "parameters with names of 7 MiB": (folder) => {
    for (const letter of ["x", "y"])
      write(folder, letter.charCodeAt(0), (own) => {
        Object.assign(own.tuple.scheduler, { [letter.repeat(7 << 20)]: 1 });
      });
  },
  "3,000 doubts of 4,000 characters": (folder) =>
    write(folder, 0, (own) => {
      own.validity.doubts = Array(3000).fill({ code: "saturated", severity: "caution", message: "x".repeat(4000) });
    }),
  "a scheduler's own configuration of 10 MiB": (folder) =>
    write(folder, 0, (own) => {
      own.provenance.scheduler.effective = parameters(100_000, () => "x".repeat(80));
    }),
};
