import * as z from "zod";
import type { Job } from "../job.ts";
import { binary, commandOf } from "../kernels/binary.ts";
import { plainText } from "../kernels/output.ts";
import { kernelJob, memoryLimit, memoryProblems, type Placement, place, placed, placementProblems } from "../kernels/placement.ts";
import type { Problem } from "../problem.ts";
import type { Topology } from "../topology.ts";
import type { Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const side = z.int().min(16).max(2048);

const parameters = z
  .strictObject({
    kind: z.literal("hpcg"),
    binary: binary.optional(),
    localDimensions: z
      .tuple([side, side, side])
      .optional()
      .describe("nx, ny, nz: one rank's part of the grid, multiples of 8; chosen from memoryFraction where it is not given."),
    memoryFraction: z
      .number()
      .positive()
      .max(memoryLimit)
      .default(0.5)
      .describe("Share of the nodes' memory that the problem fills; an official run's fills at least a quarter."),
    runSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .describe("Length of the timed part, which several untimed ones precede; an official run has 1800."),
    ...placed,
    ...repeated,
  })
  .describe("High-Performance Conjugate Gradient 3.1, a sparse linear system limited by memory: what applications get (δ).");

type Parameters = z.output<typeof parameters>;
type Dimensions = readonly [number, number, number];

/** What HPCG 3.1 reports for its reference code, "Bytes per equation", rounded up: 716.4 at 16³, 714.5 at 104³. */
const bytesPerEquation = 720;

/** HPCG's multigrid halves each side three times. */
const step = 8;

/** Shortest side ÷ longest side that HPCG takes, of the local grid and of the grid of processes (main.cpp). */
const leastAspect = 1 / 8;

const volume = ([x, y, z]: Dimensions) => x * y * z;
const aspect = (sides: readonly number[]) => Math.min(...sides) / Math.max(...sides);

/** The largest cube that fits, and then its sides one step longer as long as they fit; at least the least that HPCG takes. */
function dimensionsFor({ memoryBytes, ranks }: Placement, memoryFraction: number): Dimensions {
  const equations = (memoryFraction * memoryBytes) / bytesPerEquation / ranks;
  const cube = Math.max(16, step * Math.floor(Math.cbrt(equations) / step));
  const [x, y] = [cube + step, cube];
  if (volume([x, cube, cube]) > equations) return [cube, cube, cube];
  return volume([x, y + step, cube]) > equations ? [x, y, cube] : [x, y + step, cube];
}

/** The grid of processes of the least surface, which is the one that HPCG chooses. */
function processGrid(ranks: number): Dimensions {
  let best: Dimensions = [ranks, 1, 1];
  const surface = ([x, y, z]: Dimensions) => x * y + y * z + x * z;
  for (let x = 1; x ** 3 <= ranks; x++)
    for (let y = x; x * y * y <= ranks; y++) {
      const grid: Dimensions = [x, y, ranks / (x * y)];
      if (Number.isInteger(grid[2]) && surface(grid) < surface(best)) best = grid;
    }
  return best;
}

const times = (sides: readonly number[]) => sides.join(" × ");

function dimensionProblems(sides: Dimensions, placement: Placement): Problem[] {
  const found = sides.flatMap((length, i) => {
    const message = `${length} is not a multiple of ${step}: the multigrid halves it three times`;
    return length % step === 0 ? [] : [{ path: ["localDimensions", i], message }];
  });
  const tooLong = {
    path: ["localDimensions"],
    message: `${times(sides)}: the longest side is more than ${1 / leastAspect} times the shortest`,
  };
  const bytes = volume(sides) * placement.ranks * bytesPerEquation;
  return [
    ...found,
    ...(aspect(sides) < leastAspect ? [tooLong] : []),
    ...memoryProblems("localDimensions", times(sides), bytes, placement),
  ];
}

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = place(given, topology);
  const found = placementProblems(placement);
  const { localDimensions, runSeconds, walltimeSeconds } = given;
  if (localDimensions !== undefined) found.push(...dimensionProblems(localDimensions, placement));
  const grid = processGrid(placement.ranks);
  if (aspect(grid) < leastAspect)
    found.push({
      path: ["ranksPerNode"],
      message: `${placement.ranks} ranks in all form no grid that HPCG takes: ${times(grid)} is more than ${1 / leastAspect} times as long as wide`,
    });
  if (runSeconds >= walltimeSeconds)
    found.push({
      path: ["walltimeSeconds"],
      message: `${walltimeSeconds} is not above runSeconds, ${runSeconds}: set-up and checks take time, too`,
    });
  return found;
}

const ownProgram = ({ binary }: Parameters) => ({ name: "xhpcg", binary });

function jobs(given: Parameters, topology: Topology): Job[] {
  const placement = place(given, topology);
  const [nx, ny, nz] = given.localDimensions ?? dimensionsFor(placement, given.memoryFraction);
  return [
    kernelJob("hpcg", placement, given, {
      kind: "mpi",
      program: commandOf(ownProgram(given)),
      arguments: [`--nx=${nx}`, `--ny=${ny}`, `--nz=${nz}`, `--rt=${given.runSeconds}`],
      // For builds that know no such options, Intel's among them.
      files: { "hpcg.dat": `HPCG benchmark input file\nsizes of one rank, seconds\n${nx} ${ny} ${nz}\n${given.runSeconds}\n` },
      outputFile: ["HPCG-Benchmark*", "n*-*p-*t*"],
    }),
  ];
}

const officialSeconds = 1800;

/** What a report says, by its place in it: `Final Summary::HPCG result is`. A place may occur more than once. */
type Entry = readonly [place: string, value: string];

/**
 * The whole lines of a report, in either form: `Section::key=value`, as HPCG 3.1 writes it, or `key: value` indented below
 * `Section:`, as HPCG 3.0 and Intel's build do.
 */
function entriesOf(report: string): Entry[] {
  const lines = report.slice(0, report.lastIndexOf("\n") + 1).split("\n");
  if (lines.some((line) => /^[^:=]+::[^=]+=/.test(line)))
    return lines.flatMap((line): Entry[] => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]];
    });
  const above: { readonly indent: number; readonly name: string }[] = [];
  return lines.flatMap((line): Entry[] => {
    const [, space = "", key, value = ""] = /^( *)(\S.*?):(?: +(.*))?$/.exec(line) ?? [];
    if (key === undefined) return [];
    while ((above.at(-1)?.indent ?? -1) >= space.length) above.pop();
    above.push({ indent: space.length, name: key.replace(/^[_# ]+|[_# ]+$/g, "") });
    return [[above.map(({ name }) => name).join("::"), value.trim()]];
  });
}

const result = "Final Summary::HPCG result is";

/**
 * HPCG's own report (ReportResults.cpp). Valid where its final summary says so, once; unofficial where the timed part
 * took less than 1800 s.
 */
export function figuresOfMerit(output: string): Figures {
  const invalid = (reason: string): Figures => ({ valid: false, reason: `hpcg: ${reason}` });
  const entries = entriesOf(plainText(output));
  const firstAt = (wanted: string) => entries.find(([place]) => place === wanted)?.[1];
  if (entries.some(([place, value]) => place.startsWith(result) && /\bINVALID\b/.test(`${place} ${value}`))) {
    const failed = entries.filter(([place, value]) => place.endsWith("::Result") && value === "FAILED");
    const checks = failed.map(([place]) => place.slice(0, -"::Result".length));
    return invalid(`the result is INVALID by its own checks${checks.length > 0 ? `: ${checks.join(", ")}` : ""}`);
  }
  const ratings = entries.filter(([place]) => place === `${result} VALID with a GFLOP/s rating of`).map(([, value]) => value);
  if (ratings.length === 0) return invalid("no final summary in the output");
  if (ratings.length > 1) return invalid(`${ratings.length} final summaries in one output`);
  const value = Number(ratings[0]);
  if (!(value > 0 && Number.isFinite(value))) return invalid(`${ratings[0]} GFLOP/s is no rate`);
  const seconds = Number(firstAt("Benchmark Time Summary::Total") ?? Number.NaN);
  if (!(seconds > 0)) return invalid("the report does not say how long the timed part took");
  const unofficial =
    seconds < officialSeconds
      ? { unofficial: `the timed part took ${seconds.toFixed(1)} s, an official one at least ${officialSeconds}` }
      : {};
  const ranks = Number(firstAt("Machine Summary::Distributed Processes") ?? Number.NaN);
  if (!(ranks > 0)) return invalid("the report does not say on how many processes it ran");
  return { valid: true, figures: [{ name: "hpcg", value, unit: "GFLOP/s", better: "higher" }], ranks, ...unofficial };
}

export const hpcg = {
  parameters,
  purpose: "kernel",
  debianPackages: ["libgomp1", "libstdc++6", "openmpi-bin"],
  ownProgram,
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
