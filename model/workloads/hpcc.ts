import * as z from "zod";
import type { Job } from "../job.ts";
import { linpackInputFor, linpackKeys, linpackProblems } from "../kernels/linpack.ts";
import { plainText } from "../kernels/output.ts";
import { kernelJob, place, placed, placementProblems } from "../kernels/placement.ts";
import type { Problem } from "../problem.ts";
import type { Topology } from "../topology.ts";
import type { FigureOfMerit, Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({ kind: z.literal("hpcc"), ...linpackKeys, ...placed, ...repeated })
  .describe("HPC Challenge: HPL, DGEMM, STREAM, PTRANS, RandomAccess, FFT and b_eff, each a figure of its own (δ).");

type Parameters = z.output<typeof parameters>;

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = place(given, topology);
  const found = [...placementProblems(placement), ...linpackProblems(given, placement)];
  if (placement.ranks < 2) found.push({ path: ["ranksPerNode"], message: "1 rank in all has nobody to talk to: b_eff needs at least 2" });
  return found;
}

function jobs(given: Parameters, topology: Topology): Job[] {
  const placement = place(given, topology);
  const files = { "hpccinf.txt": linpackInputFor(given, placement) };
  return [kernelJob("hpcc", placement, given, { kind: "mpi", program: "hpcc", arguments: [], files, outputFile: "hpccoutf.txt" })];
}

/**
 * The figures by which HPC Challenge lists a machine (https://hpcchallenge.org, "base run"), by their keys in the summary:
 * G is for all ranks together, EP for one of all ranks that do the same, each alone.
 */
const listed: readonly (readonly [key: string, name: string, unit: string, better: FigureOfMerit["better"]])[] = [
  ["HPL_Tflops", "G-HPL", "TFLOP/s", "higher"],
  ["PTRANS_GBs", "G-PTRANS", "GB/s", "higher"],
  ["MPIRandomAccess_GUPs", "G-RandomAccess", "GUP/s", "higher"],
  ["MPIFFT_Gflops", "G-FFT", "GFLOP/s", "higher"],
  ["StarSTREAM_Triad", "EP-STREAM Triad", "GB/s", "higher"],
  ["StarDGEMM_Gflops", "EP-DGEMM", "GFLOP/s", "higher"],
  ["RandomlyOrderedRingBandwidth_GBytes", "RandomRing Bandwidth", "GB/s", "higher"],
  ["RandomlyOrderedRingLatency_usec", "RandomRing Latency", "µs", "lower"],
];

const invalid = (reason: string): Figures => ({ valid: false, reason: `hpcc: ${reason}` });

/**
 * The summary of hpccoutf.txt, `key=value` between its markers (HPCC_Finalize in HPCC's io.c). Valid with one summary,
 * Success=1, which is every test's own verification, and a positive number for each figure: a test that did not run has −1.
 */
export function figuresOfMerit(output: string): Figures {
  const text = plainText(output);
  const begins = text.split("Begin of Summary section.\n");
  if (begins.length === 1) return invalid("no summary in the output: the output is cut short");
  if (begins.length > 2) return invalid(`${begins.length - 1} summaries in one output`);
  const end = begins[1]?.indexOf("\nEnd of Summary section.") ?? -1;
  if (end < 0) return invalid("the summary has no end: the output is cut short");
  const values = new Map(begins[1]?.slice(0, end).split("\n").map(keyAndValue));
  if (values.get("Success") !== "1")
    return invalid(`Success=${values.get("Success") ?? "(missing)"}: one of the tests failed its own verification`);
  const figures = listed.map(([key, name, unit, better]) => ({ name, value: Number(values.get(key) ?? Number.NaN), unit, better, key }));
  const wrong = figures.find(({ value }) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) return invalid(`${wrong.key}=${values.get(wrong.key) ?? "(missing)"} is no measurement`);
  const ranks = Number(values.get("CommWorldProcs") ?? Number.NaN);
  if (!(ranks > 0)) return invalid("the summary does not say on how many processes it ran");
  return { valid: true, figures: figures.map(({ key: _key, ...figure }) => figure), ranks };
}

const keyAndValue = (line: string): [string, string] => {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
};

export const hpcc = {
  parameters,
  purpose: "kernel",
  debianPackages: ["hpcc", "libopenblas0-pthread", "openmpi-bin"],
  notInNixpkgs: "nixpkgs has no HPC Challenge",
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
