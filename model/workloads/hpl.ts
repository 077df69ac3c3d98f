import { z } from "zod";
import type { Job } from "../job.ts";
import type { Problem } from "../problem.ts";
import { computeNodes, schedulableMemoryMiB, type Topology } from "../topology.ts";
import type { Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("hpl"),
    order: z.int().min(16).max(10_000_000).optional().describe("N, order of the matrix; chosen from memoryFraction where it is not given."),
    memoryFraction: z.number().positive().max(0.8).default(0.6).describe("Share of the nodes' memory that the matrix fills."),
    blockSize: z.int().min(4).max(1024).default(128).describe("NB, columns of a block."),
    processRows: z.int().min(1).optional().describe("P of the process grid; with processColumns, or neither."),
    processColumns: z.int().min(1).optional().describe("Q of the process grid."),
    nodes: z.int().min(1).max(250).optional().describe("Nodes it runs on; all where it is not given."),
    ranksPerNode: z.int().min(1).max(64).optional().describe("MPI ranks on each node; one a core where it is not given."),
    walltimeSeconds: z.int().min(60).max(2_592_000).default(3600),
    ...repeated,
  })
  .describe("High-Performance Linpack, from Debian's hpcc (which runs its six other tests with it): what applications get (δ).");

type Parameters = z.output<typeof parameters>;

/** P · Q = ranks, P ≤ Q, as near to a square as it goes: HPL's own advice (https://netlib.org/benchmark/hpl/tuning.html). */
export function processGrid(ranks: number): { rows: number; columns: number } {
  let rows = Math.floor(Math.sqrt(ranks));
  while (ranks % rows !== 0) rows--;
  return { rows, columns: ranks / rows };
}

/** Bytes of a matrix of this order in double precision. */
const matrixBytes = (order: number) => 8 * order ** 2;

/** Where the kernel runs: nodes, ranks on each, and the memory that all of them have together. */
function place(given: Parameters, topology: Topology) {
  const compute = computeNodes(topology);
  const nodes = given.nodes ?? compute.length;
  const cores = Math.min(...compute.map((node) => node.cpus));
  const ranksPerNode = given.ranksPerNode ?? cores;
  const memoryBytes = Math.min(...compute.map(schedulableMemoryMiB)) * 2 ** 20 * nodes;
  return { nodes, cores, ranksPerNode, ranks: nodes * ranksPerNode, memoryBytes, machine: compute.length };
}

/** N ≈ √(fraction · bytes ÷ 8), rounded down to whole blocks, at least one. */
function orderFor(memoryBytes: number, { memoryFraction, blockSize }: Parameters): number {
  return Math.max(1, Math.floor(Math.sqrt((memoryFraction * memoryBytes) / 8) / blockSize)) * blockSize;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

function problems(given: Parameters, topology: Topology): Problem[] {
  const { nodes, cores, ranksPerNode, ranks, memoryBytes, machine } = place(given, topology);
  const found: Problem[] = [];
  if (nodes > machine) found.push({ path: ["nodes"], message: `${nodes} nodes, the topology has ${machine} compute nodes` });
  if (ranksPerNode > cores)
    found.push({ path: ["ranksPerNode"], message: `${ranksPerNode} ranks, a node has ${cores} ${cores === 1 ? "core" : "cores"}` });
  if (given.order !== undefined && matrixBytes(given.order) > 0.8 * memoryBytes) {
    const message = `${given.order} needs ${gigabytes(matrixBytes(given.order))}, the ${nodes} nodes have ${gigabytes(memoryBytes)}, of which 80 % may be used`;
    found.push({ path: ["order"], message });
  }
  const { processRows, processColumns } = given;
  if ((processRows === undefined) !== (processColumns === undefined))
    found.push({
      path: [processRows === undefined ? "processRows" : "processColumns"],
      message: "is missing: give both sides of the grid or neither",
    });
  else if (processRows !== undefined && processColumns !== undefined && processRows * processColumns !== ranks)
    found.push({
      path: ["processRows"],
      message: `${processRows} × ${processColumns} is not the number of ranks, ${nodes} nodes × ${ranksPerNode} = ${ranks}`,
    });
  return found;
}

/**
 * The input file of HPCC, which is HPL.dat with five lines more: one order, one block size, one grid,
 * and HPL's own example values for the algorithm (https://netlib.org/benchmark/hpl/tuning.html).
 */
export function hpccInput(order: number, blockSize: number, grid: { rows: number; columns: number }): string {
  return `HPLinpack benchmark input file
one problem, one grid
HPL.out      output file name (if any)
8            device out (6=stdout,7=stderr,file)
1            # of problems sizes (N)
${order}         Ns
1            # of NBs
${blockSize}           NBs
0            PMAP process mapping (0=Row-,1=Column-major)
1            # of process grids (P x Q)
${grid.rows}            Ps
${grid.columns}            Qs
16.0         threshold
1            # of panel fact
2            PFACTs (0=left, 1=Crout, 2=Right)
1            # of recursive stopping criterium
4            NBMINs (>= 1)
1            # of panels in recursion
2            NDIVs
1            # of recursive panel fact.
1            RFACTs (0=left, 1=Crout, 2=Right)
1            # of broadcast
1            BCASTs (0=1rg,1=1rM,2=2rg,3=2rM,4=Lng,5=LnM)
1            # of lookahead depth
1            DEPTHs (>=0)
2            SWAP (0=bin-exch,1=long,2=mix)
64           swapping threshold
0            L1 in (0=transposed,1=no-transposed) form
0            U  in (0=transposed,1=no-transposed) form
1            Equilibration (0=no,1=yes)
8            memory alignment in double (> 0)
##### This line (no. 32) is ignored (it serves as a separator). ######
0            Number of additional problem sizes for PTRANS
0            values of N
0            number of additional blocking sizes for PTRANS
0            values of NB
`;
}

function jobs(given: Parameters, topology: Topology): Job[] {
  const { nodes, cores, ranksPerNode, ranks, memoryBytes } = place(given, topology);
  const order = given.order ?? orderFor(memoryBytes, given);
  const grid =
    given.processRows !== undefined && given.processColumns !== undefined
      ? { rows: given.processRows, columns: given.processColumns }
      : processGrid(ranks);
  return [
    {
      id: "hpl",
      submitSeconds: 0,
      nodes,
      ranksPerNode,
      coresPerRank: Math.floor(cores / ranksPerNode),
      memoryMiBPerNode: 0,
      gpusPerNode: 0,
      runSeconds: null,
      walltimeSeconds: given.walltimeSeconds,
      body: {
        kind: "mpi",
        program: "hpcc",
        arguments: [],
        files: { "hpccinf.txt": hpccInput(order, given.blockSize, grid) },
        outputFile: "hpccoutf.txt",
      },
    },
  ];
}

/** `WR11R2R4  1000  128  1  2  2.16  3.099e-01`: time in seconds, rate in GFLOP/s. */
const resultLine = /^W[RC]\S+\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s+([\d.]+e[+-]\d+)\s*$/gm;
const residualLine = /\|\|Ax-b\|\|.*\.{2,}\s*(PASSED|FAILED)\s*$/gm;

/**
 * HPL's result and residual lines (HPL_pdtest.c): valid with at least one result, as many residuals PASSED,
 * and none FAILED. Several results give their best rate, as HPL is quoted.
 */
export function figuresOfMerit(output: string): Figures {
  const results = [...output.matchAll(resultLine)];
  const verdicts = [...output.matchAll(residualLine)].map((match) => match[1]);
  const failed = verdicts.filter((verdict) => verdict === "FAILED").length;
  if (results.length === 0) return { valid: false, reason: "hpl: no result line (WR...) in the output" };
  if (failed > 0) return { valid: false, reason: `hpl: the residual check FAILED in ${failed} of ${verdicts.length} runs` };
  if (verdicts.length !== results.length)
    return { valid: false, reason: `hpl: ${results.length} results, ${verdicts.length} residual checks PASSED: the output is cut short` };
  const value = Math.max(...results.map((match) => Number(match[6])));
  if (!(value > 0)) return { valid: false, reason: `hpl: ${value} GFLOP/s is no rate` };
  return { valid: true, figures: [{ name: "hpl", value, unit: "GFLOP/s", better: "higher" }] };
}

export const hpl = {
  parameters,
  purpose: "kernel",
  debianPackages: ["hpcc", "openmpi-bin"],
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
