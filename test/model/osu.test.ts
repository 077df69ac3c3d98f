import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/osu.ts";

const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/osu-${name}.txt`, "utf8");
const latency = fixture("latency");

test.each([
  ["latency", { name: "osu_latency 8 B", value: 0.37, unit: "µs", better: "lower" }],
  ["latency-7", { name: "osu_latency 8 B", value: 0.37, unit: "µs", better: "lower" }],
  ["bw", { name: "osu_bw peak", value: 24859.06, unit: "MB/s", better: "higher" }],
  ["bw-slow", { name: "osu_bw peak", value: 50.81, unit: "MB/s", better: "higher" }],
  ["allreduce", { name: "osu_allreduce 8 B", value: 0.42, unit: "µs", better: "lower" }],
])("%s has the value that it is quoted by", (name, figure) => {
  expect(figuresOfMerit(fixture(name))).toEqual({ valid: true, figures: [figure] });
});

test("what MPI says between the lines does not matter", () => {
  const noisy = `[cn1:17] UCX  WARN  no such transport\n${latency.replace("\n64 ", "\nWARNING: There was an error\n64 ")}`;
  expect(figuresOfMerit(noisy)).toEqual(figuresOfMerit(latency));
});

test.each<[string, string, string]>([
  ["nothing", "", "osu: no title (# OSU MPI ... Test) in the output"],
  ["something else", "This test requires exactly two processes\n", "osu: no title (# OSU MPI ... Test) in the output"],
  ["a title alone", latency.slice(0, latency.indexOf("\n0 ")), "osu: the last size is (none), not 4194304: the output is cut short"],
  ["cut in the table", latency.slice(0, latency.indexOf("\n4096 ")), "osu: the last size is 2048, not 4194304: the output is cut short"],
  ["cut in a line", latency.slice(0, latency.indexOf("\n4096 ") + 5), 'osu: "4096" is no line of the table'],
  [
    "two tables mixed",
    latency.replace("\n16 ", "\n8                         0.37\n16 "),
    'osu: "8                         0.37" is no line of the table',
  ],
  ["two tables", latency + latency, "osu: 2 tables in one output"],
  [
    "a time of 0",
    latency.replace(/^8 .*$/m, "8                         0.00"),
    'osu: "8                         0.00" is no line of the table',
  ],
  ["no bandwidth at all", fixture("bw").replace(/^(\d+) .*$/gm, "$1  0.00"), "osu: osu_bw peak is 0.00 MB/s"],
  ["a line that is lost", latency.replace(/^8 .*\n/m, ""), 'osu: "16                        0.30" is no line of the table'],
  [
    "another test",
    latency.replace("Latency Test", "Alltoall Latency Test"),
    'osu: "Alltoall Latency" is not one of Latency, Bandwidth, Allreduce Latency',
  ],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});
