import * as z from "zod";
import type { Problem } from "../problem.ts";
import { memoryLimit, memoryProblems, type Placement } from "./placement.ts";

/** The problem that HPL solves: an order, a block size and a grid of processes. HPCC derives the sizes of all its tests from it. */
export const linpackKeys = {
  order: z.int().min(16).max(10_000_000).optional().describe("N, order of the matrix; chosen from memoryFraction where it is not given."),
  memoryFraction: z.number().positive().max(memoryLimit).default(0.6).describe("Share of the nodes' memory that the matrix fills."),
  blockSize: z.int().min(4).max(1024).default(128).describe("NB, columns of a block."),
  processRows: z.int().min(1).optional().describe("P of the process grid; with processColumns, or neither."),
  processColumns: z.int().min(1).optional().describe("Q of the process grid."),
};

interface LinpackKeys {
  readonly order?: number | undefined;
  readonly memoryFraction: number;
  readonly blockSize: number;
  readonly processRows?: number | undefined;
  readonly processColumns?: number | undefined;
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** P · Q = ranks, P ≤ Q, as near to a square as it goes: HPL's own advice (https://netlib.org/benchmark/hpl/tuning.html). */
export function processGrid(ranks: number): Grid {
  let rows = Math.floor(Math.sqrt(ranks));
  while (ranks % rows !== 0) rows--;
  return { rows, columns: ranks / rows };
}

/** Bytes of a matrix of this order in double precision. */
const matrixBytes = (order: number) => 8 * order ** 2;

/** N ≈ √(fraction · bytes ÷ 8), rounded down to whole blocks, at least one. */
function orderFor(memoryBytes: number, { memoryFraction, blockSize }: LinpackKeys): number {
  return Math.max(1, Math.floor(Math.sqrt((memoryFraction * memoryBytes) / 8) / blockSize)) * blockSize;
}

export function linpackProblems(given: LinpackKeys, placement: Placement): Problem[] {
  const { nodes, ranksPerNode, ranks } = placement;
  const { order, processRows, processColumns } = given;
  const found = order === undefined ? [] : memoryProblems("order", order, matrixBytes(order), placement);
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

/** The input file for these parameters in this place. */
export function linpackInputFor(given: LinpackKeys, { memoryBytes, ranks }: Placement): string {
  const { processRows: rows, processColumns: columns } = given;
  const grid = rows === undefined || columns === undefined ? processGrid(ranks) : { rows, columns };
  return linpackInput(given.order ?? orderFor(memoryBytes, given), given.blockSize, grid);
}

/**
 * HPL.dat with the five lines more that HPCC reads and HPL does not: one order, one block size, one grid, HPL's own
 * example values for the algorithm, and output to HPL.out (https://netlib.org/benchmark/hpl/tuning.html). HPCC writes
 * to hpccoutf.txt whatever stands there.
 */
export function linpackInput(order: number, blockSize: number, grid: Grid): string {
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
