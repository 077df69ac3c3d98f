import * as z from "zod";
import type { Job } from "../job.ts";
import { binary, commandOf } from "../kernels/binary.ts";
import { linpackInputFor, linpackKeys, linpackProblems } from "../kernels/linpack.ts";
import { plainText } from "../kernels/output.ts";
import { kernelJob, place, placed, placementProblems } from "../kernels/placement.ts";
import type { Problem } from "../problem.ts";
import type { Topology } from "../topology.ts";
import type { Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("hpl"),
    program: z
      .enum(["hpcc", "xhpl"])
      .default("hpcc")
      .describe(
        "hpcc: Debian's, which runs its six other tests first, and has no switch against that; xhpl: HPL alone, from binary or the image.",
      ),
    binary: binary.optional(),
    ...linpackKeys,
    ...placed,
    ...repeated,
  })
  .describe("High-Performance Linpack, the solution of a dense linear system: what applications get (δ).");

type Parameters = z.output<typeof parameters>;

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = place(given, topology);
  const found = [...placementProblems(placement), ...linpackProblems(given, placement)];
  if (given.program === "hpcc" && given.binary !== undefined)
    found.push({
      path: ["binary"],
      message: `"${given.binary.path}" would not be run by program: hpcc, which is Debian's; set program: xhpl`,
    });
  return found;
}

const ownProgram = ({ program, binary }: Parameters) => (program === "xhpl" ? { name: "xhpl", binary } : null);

function jobs(given: Parameters, topology: Topology): Job[] {
  const placement = place(given, topology);
  const own = ownProgram(given);
  const [input, outputFile] = own === null ? ["hpccinf.txt", "hpccoutf.txt"] : ["HPL.dat", "HPL.out"];
  return [
    kernelJob("hpl", placement, given, {
      kind: "mpi",
      program: own === null ? "hpcc" : commandOf(own),
      arguments: [],
      files: { [input]: linpackInputFor(given, placement) },
      outputFile,
    }),
  ];
}

/**
 * `WR11R2R4  1000  128  1  2  2.16  3.099e-01`: time in seconds, rate in GFLOP/s. NVIDIA's build writes the rate of one GPU behind
 * it, in parentheses.
 */
const resultLine =
  /^W[RC]\S+[ \t]+(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+([\d.]+)[ \t]+(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:[ \t]+\([ \t]*[\d.]+(?:e[+-]?\d+)?[ \t]*\))?[ \t]*$/gim;
/** One line a check: HPL has one since 2.0, three before. */
const residualLine = /^(\|\|Ax-b\|\|[^=\n]*)=.*\.{2,}[ \t]*(PASSED|FAILED)[ \t]*$/gm;
/** They factor in lower precision and refine the solution: another benchmark, whose output may have HPL's lines. */
const mixedPrecision = /HPL[-_ ]?(?:MxP|AI)\b/i;

/**
 * HPL's result and residual lines (HPL_pdtest.c), which HPCC has, too: valid with at least one result, each of which every check
 * that follows it PASSED, at least one. Several results give their best rate, as HPL is quoted.
 */
export function figuresOfMerit(output: string): Figures {
  const invalid = (reason: string): Figures => ({ valid: false, reason: `hpl: ${reason}` });
  const text = plainText(output);
  const [other] = mixedPrecision.exec(text) ?? [];
  if (other !== undefined) return invalid(`the output is of ${other}, which is not solved in double precision`);
  const results = [...text.matchAll(resultLine)];
  const residuals = [...text.matchAll(residualLine)];
  if (results.length === 0) return invalid("no result line (WR...) in the output");
  const failed = residuals.filter(([, , verdict]) => verdict === "FAILED").length;
  if (failed > 0) return invalid(`the residual check FAILED in ${failed} of ${residuals.length} runs`);
  const checks = results.map(({ index }, i) => {
    const end = results[i + 1]?.index ?? text.length;
    return residuals.filter((residual) => residual.index > index && residual.index < end).map(([, check]) => check);
  });
  const checked = checks.every((own) => own.length > 0 && new Set(own).size === own.length);
  if (!checked || residuals.length !== checks.flat().length)
    return invalid(`${results.length} results, ${residuals.length} residual checks PASSED: the output is cut short`);
  const value = Math.max(...results.map((match) => Number(match[6])));
  if (!(value > 0 && Number.isFinite(value))) return invalid(`${value} GFLOP/s is no rate`);
  const ranks = Math.max(...results.map(([, , , rows, columns]) => Number(rows) * Number(columns)));
  return { valid: true, figures: [{ name: "hpl", value, unit: "GFLOP/s", better: "higher" }], ranks };
}

export const hpl = {
  parameters,
  purpose: "kernel",
  // hpcc alone would be linked to the reference BLAS, an order of magnitude slower.
  debianPackages: ["hpcc", "libopenblas0-pthread", "openmpi-bin"],
  ownProgram,
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
