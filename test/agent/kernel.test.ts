import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kernelResult } from "../../agent/kernel.ts";
import type { Collected } from "../../agent/nodes.ts";
import { jobFolder } from "../../agent/paths.ts";
import type { Outcome } from "../../model/job.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";
import { told } from "../model/job-times.ts";

const report = readFileSync("test/model/fixtures/kernels/hpcg.txt", "utf8");

/** What the agent makes of an HPCG job that left `left` in its folder on the second of two nodes. */
function resultOf(outcome: Outcome, left: string | null, name = "HPCG-Benchmark*") {
  const { topology, workloads } = parseTuple({
    topology: { compute: [{ count: 2 }] },
    scheduler: { kind: "slurm" },
    workloads: [{ kind: "hpcg", binary: { path: "xhpcg", sha256: "0".repeat(64) } }],
  });
  const [hpcg] = workloads;
  if (hpcg === undefined) throw new Error("no workload");
  const [job] = workloadKind(hpcg).jobs(hpcg, topology, 1);
  if (job === undefined) throw new Error("no job");
  const times = { due: 0, submit: 0, allocated: 1, started: 2, startedBy: "job", ended: 3, cleaned: 4 } as const;
  const timeline = told([{ job, outcome, nodes: ["cn1", "cn2"], ...times }], 4);
  const node = (host: string, file: string | null): Collected => ({
    node: host,
    clock: "",
    read: (path) => (path === `${jobFolder("hpcg")}/${name}` ? file : null),
  });
  return kernelResult(hpcg, timeline, [node("cn1", null), node("cn2", left)]);
}

test("a report under the name that Intel's build gives it counts as well", () => {
  expect(resultOf("completed", report, "n*-*p-*t*").figures).toEqual(resultOf("completed", report).figures);
});

test("a short run counts, with the caution that it is unofficial", () => {
  const { figures, doubts, tables } = resultOf("completed", report);
  expect(figures).toEqual([{ name: "hpcg", value: 1.65103, unit: "GFLOP/s", better: "higher" }]);
  expect(doubts).toEqual([
    { code: "unofficial", severity: "caution", message: "the timed part took 2.6 s, an official one at least 1800" },
  ]);
  expect(tables["output.txt"]).toBe(report);
});

test("a result of a job that did not complete does not count", () => {
  const message = "the job ended as timeout";
  expect(resultOf("timeout", report)).toMatchObject({ figures: [], doubts: [{ code: "invalid result", severity: "invalid", message }] });
});

test("a program whose ranks did not find each other does not count, though its own checks pass", () => {
  const alone = report.replace("Distributed Processes=2", "Distributed Processes=1");
  const message = "the program says that it ran on 1 ranks, it was given 2";
  expect(resultOf("completed", alone)).toMatchObject({ figures: [], doubts: [{ code: "invalid result", severity: "invalid", message }] });
});

test("no result is a reason", () => {
  const message = "hpcg: no final summary in the output";
  expect(resultOf("completed", null)).toMatchObject({ figures: [], doubts: [{ code: "invalid result", severity: "invalid", message }] });
});
