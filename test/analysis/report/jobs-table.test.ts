import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { jobsCsv } from "../../../agent/tables.ts";
import { readJobs } from "../../../analysis/report/jobs-table.ts";
import { sha256 } from "../../../model/identity.ts";
import { job, ran, told } from "../../model/job-times.ts";

const folder = mkdtempSync(join(tmpdir(), "schedfront-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what the agent writes is read, with the run time that α takes", () => {
  const rows = [
    ran(job("nominal", { runSeconds: 3, walltimeSeconds: 8 }), 100, 102, 106, ["a"]),
    ran(job("measured", { runSeconds: null, walltimeSeconds: 8 }), 100, 102, 106, ["a"]),
    ran(job("neither", { runSeconds: null, walltimeSeconds: 8 }), 101, null, null),
  ];
  const table = jobsCsv(told(rows, 110), { workload: "jobstream", nodes: ["a"], warmUpJobs: 1 });
  const file = join(folder, "jobs.csv");
  writeFileSync(file, table);
  expect(readJobs([file], sha256(table), 4)).toMatchObject([
    { id: "nominal", submit: 0, start: 2, end: 6, runSeconds: 3, isCounted: false },
    { id: "measured", runSeconds: 4, isCounted: true },
    { id: "neither", submit: 1, start: null, end: null, runSeconds: 8 },
  ]);
});
