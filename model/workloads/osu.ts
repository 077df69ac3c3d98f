import * as z from "zod";
import type { Job } from "../job.ts";
import { binary, commandOf } from "../kernels/binary.ts";
import { plainText } from "../kernels/output.ts";
import { kernelJob, type Placement, place, placed, placementProblems } from "../kernels/placement.ts";
import type { Problem } from "../problem.ts";
import { computeNodes, type Topology } from "../topology.ts";
import type { FigureOfMerit, Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("osu"),
    test: z.enum(["latency", "bw", "allreduce"]).default("latency").describe("osu_latency and osu_bw between two ranks, or osu_allreduce."),
    binary: binary.optional(),
    iterations: z.int().min(1).max(10_000_000).optional().describe("Of each message size; the program's own number where it is not given."),
    ...placed,
    nodes: placed.nodes.describe("Nodes it runs on; two where latency or bw do not say and there are two, all for allreduce."),
    ranksPerNode: placed.ranksPerNode.describe("MPI ranks on each node; as many as make two for latency and bw, one a core for allreduce."),
    ...repeated,
  })
  .describe("One of the OSU micro-benchmarks of MPI: what communication gets (δ).");

type Parameters = z.output<typeof parameters>;

function placeTest(given: Parameters, topology: Topology): Placement {
  const threadsPerRank = given.threadsPerRank ?? 1;
  if (given.test === "allreduce") return place({ ...given, threadsPerRank }, topology);
  const nodes = given.nodes ?? Math.min(2, computeNodes(topology).length);
  return place({ ...given, threadsPerRank, nodes, ranksPerNode: given.ranksPerNode ?? Math.max(1, 2 / nodes) }, topology);
}

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = placeTest(given, topology);
  const { ranks, nodes, ranksPerNode } = placement;
  const found = placementProblems(placement);
  const [least, most] = given.test === "allreduce" ? [2, Number.POSITIVE_INFINITY] : [2, 2];
  if (ranks < least || ranks > most)
    found.push({
      path: ["ranksPerNode"],
      message: `${nodes} nodes × ${ranksPerNode} = ${ranks} ranks, osu_${given.test} takes ${most === least ? "exactly" : "at least"} ${least}`,
    });
  return found;
}

const ownProgram = ({ test, binary }: Parameters) => ({ name: `osu_${test}`, binary });

function jobs(given: Parameters, topology: Topology): Job[] {
  return [
    kernelJob(`osu-${given.test}`, placeTest(given, topology), given, {
      kind: "mpi",
      program: commandOf(ownProgram(given)),
      arguments: given.iterations === undefined ? [] : ["-i", String(given.iterations)],
      files: {},
      outputFile: null,
    }),
  ];
}

/** Bytes and value of one line of a test's table. */
type Row = readonly [bytes: number, value: number];

interface Test {
  readonly name: string;
  readonly unit: string;
  readonly better: FigureOfMerit["better"];
  /** The largest message of the test's own list, in bytes: without its line the table is cut short. */
  readonly largest: number;
  /** Whether a small number is printed as 0.00: a slow network's bandwidth for one byte, never a time. */
  readonly roundsToZero: boolean;
  /** Of all lines the one that the test is quoted by. */
  quoted(rows: readonly Row[]): number | undefined;
}

/** Latencies are quoted for a message of one double; bandwidth is the peak over all sizes. */
const ofEightBytes = (rows: readonly Row[]) => rows.find(([bytes]) => bytes === 8)?.[1];
const peak = (rows: readonly Row[]) => Math.max(...rows.map(([, value]) => value));

/** By the name in the output's first line. */
const tests: Readonly<Record<string, Test>> = {
  Latency: { name: "osu_latency 8 B", unit: "µs", better: "lower", largest: 2 ** 22, roundsToZero: false, quoted: ofEightBytes },
  Bandwidth: { name: "osu_bw peak", unit: "MB/s", better: "higher", largest: 2 ** 22, roundsToZero: true, quoted: peak },
  "Allreduce Latency": {
    name: "osu_allreduce 8 B",
    unit: "µs",
    better: "lower",
    largest: 2 ** 20,
    roundsToZero: false,
    quoted: ofEightBytes,
  },
};

/** `# OSU MPI-CUDA Latency Test v7.5`: what it was built for, and the test. */
const titleLine = /^# OSU MPI(?:-[A-Z0-9_]+)? (.+?) Test\b/gm;

/** `# Size       Avg Latency(us)   Min Latency(us)`: names are two spaces apart at least. */
const headingLine = /^# Size[ \t]{2,}(\S.*)$/m;

const number = /^\d+(?:\.\d+)?$/;

/** One line's size and values; null where it has not a number, or a verdict, in every column. */
function rowOf(line: string, columns: readonly string[]): { readonly row: Row; readonly failed: boolean } | null {
  const [bytes = "", ...cells] = line.trim().split(/\s+/);
  const verdict = columns.indexOf("Validation");
  const fits = cells.length === columns.length && cells.every((cell, i) => (i === verdict ? /^(Pass|Fail)$/i : number).test(cell));
  return /^\d+$/.test(bytes) && fits
    ? { row: [Number(bytes), Number(cells[0])], failed: verdict >= 0 && /^fail$/i.test(cells[verdict] ?? "") }
    : null;
}

/**
 * The table that a test prints below comments, whatever memory its buffers are in: bytes, the value (an average), and with
 * options further columns, as the heading names them. Valid where it is one table, of a known test, of
 * which every line is a size and a positive number, or one that this test rounds to 0, each size is twice the one before,
 * the last is the largest that the test has, and no message failed its validation. The number that it is quoted by is positive.
 */
export function figuresOfMerit(output: string): Figures {
  const invalid = (reason: string): Figures => ({ valid: false, reason: `osu: ${reason}` });
  const text = plainText(output);
  const titles = [...text.matchAll(titleLine)];
  const [title = ""] = titles.map((match) => match[1]);
  const test = tests[title];
  if (titles.length === 0) return invalid("no title (# OSU MPI ... Test) in the output");
  if (titles.length > 1) return invalid(`${titles.length} tables in one output`);
  if (test === undefined) return invalid(`"${title}" is not one of ${Object.keys(tests).join(", ")}`);
  const table = text.slice(titles[0]?.index);
  const columns = headingLine
    .exec(table)?.[1]
    ?.trim()
    .split(/\s{2,}/) ?? [test.name];
  // What MPI has to say stands between the lines; none of that begins with a number.
  const rows: Row[] = [];
  for (const line of table.match(/^\d.*$/gm) ?? []) {
    const read = rowOf(line, columns);
    const [bytes, value] = read?.row ?? [0, 0];
    const before = rows.at(-1)?.[0];
    const inOrder = before === undefined || bytes === Math.max(1, 2 * before);
    const plausible = value > 0 || (value === 0 && test.roundsToZero);
    if (read === null || !plausible || !inOrder) return invalid(`"${line.trim()}" is no line of the table`);
    if (read.failed) return invalid(`the validation of ${bytes} bytes failed`);
    rows.push(read.row);
  }
  const last = rows.at(-1)?.[0];
  if (last !== test.largest) return invalid(`the last size is ${last ?? "(none)"}, not ${test.largest}: the output is cut short`);
  const value = test.quoted(rows);
  if (value === undefined) return invalid("no line for 8 bytes");
  if (value === 0) return invalid(`${test.name} is 0.00 ${test.unit}`);
  return { valid: true, figures: [{ name: test.name, value, unit: test.unit, better: test.better }] };
}

export const osu = {
  parameters,
  purpose: "kernel",
  debianPackages: ["openmpi-bin"],
  ownProgram,
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
