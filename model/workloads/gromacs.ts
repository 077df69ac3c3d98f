import * as z from "zod";
import type { Job } from "../job.ts";
import { plainText } from "../kernels/output.ts";
import { kernelJob, memoryProblems, type Placement, place, placed, placementProblems } from "../kernels/placement.ts";
import type { Problem } from "../problem.ts";
import type { Topology } from "../topology.ts";
import type { Figures, WorkloadKind } from "../workload.ts";
import { repeated } from "./repeated.ts";

const parameters = z
  .strictObject({
    kind: z.literal("gromacs"),
    boxes: z
      .int()
      .min(2)
      .max(20)
      .optional()
      .describe("GROMACS's box of 216 waters, so often along each edge; where it is not given, as often as gives each rank 2,000 atoms."),
    steps: z.int().min(100).max(100_000_000).default(5000).describe("Time steps of 2 fs; the second half is timed."),
    ...placed,
    ...repeated,
  })
  .describe("GROMACS on a box of water with particle-mesh Ewald, molecular dynamics with long range: what applications get (δ).");

type Parameters = z.output<typeof parameters>;

/** Of spc216.gro, a cube. */
const boxNanometres = 1.86206;
const atomsPerBox = 3 * 216;

/** Measured with GROMACS 2025.2: 240 MB in grompp, which is one process, for 137,000 atoms. */
const bytesPerAtom = 2000;

const boxesFor = ({ boxes }: Parameters, { ranks }: Placement) => boxes ?? Math.max(2, Math.ceil(Math.cbrt((2000 * ranks) / atomsPerBox)));

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = place(given, topology);
  const boxes = boxesFor(given, placement);
  // One node prepares the input of all.
  const { memoryBytes, nodes } = placement;
  const found: Problem[] = memoryProblems("boxes", boxes, atomsPerBox * boxes ** 3 * bytesPerAtom, {
    ...placement,
    nodes: 1,
    memoryBytes: memoryBytes / nodes,
  });
  const prime = largestPrime(placement.ranks);
  if (placement.ranks >= 13 && prime > 7 && prime ** 3 > placement.ranks ** 2) {
    const message = `${placement.ranks} ranks in all have the prime factor ${prime}, which mdrun refuses as too large`;
    found.push({ path: ["ranksPerNode"], message });
  }
  return [...placementProblems(placement), ...found];
}

function largestPrime(number: number): number {
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return largestPrime(number / factor);
  return number;
}

/** The force field and the water model are GROMACS's own; `gmx solvate` adds the number of molecules. */
const topologyFile = `#include "oplsaa.ff/forcefield.itp"
#include "oplsaa.ff/spce.itp"

[ system ]
water

[ molecules ]
`;

/** Fixed seeds: every run starts alike. */
const runParameters = (steps: number) => `integrator = md
dt = 0.002
nsteps = ${steps}
cutoff-scheme = Verlet
coulombtype = PME
rcoulomb = 0.9
rvdw = 0.9
tcoupl = v-rescale
tc-grps = system
tau-t = 0.5
ref-t = 300
constraints = h-bonds
gen-vel = yes
gen-temp = 300
gen-seed = 1
ld-seed = 1
nstlog = ${Math.max(50, Math.floor(steps / 10))}
nstenergy = ${Math.max(50, Math.floor(steps / 10))}
`;

function jobs(given: Parameters, topology: Topology): Job[] {
  const placement = place(given, topology);
  const edge = (boxesFor(given, placement) * boxNanometres).toFixed(5);
  const gmx = (...command: string[]) => ["gmx_mpi", "-quiet", ...command];
  const timed = ["-resetstep", String(Math.floor(given.steps / 2)), "-notunepme", "-noconfout"];
  return [
    kernelJob("gromacs", placement, given, {
      kind: "mpi",
      preparation: [
        gmx("solvate", "-cs", "spc216.gro", "-box", edge, edge, edge, "-o", "water.gro", "-p", "topol.top"),
        gmx("grompp", "-f", "water.mdp", "-c", "water.gro", "-p", "topol.top", "-o", "topol.tpr"),
      ],
      program: "gmx_mpi",
      arguments: ["-quiet", "mdrun", "-s", "topol.tpr", "-g", "md.log", "-ntomp", String(placement.threadsPerRank), ...timed],
      // Every rank looks whether its input is there, and the first alone reads it: no other node needs its content.
      files: { "topol.top": topologyFile, "water.mdp": runParameters(given.steps), "topol.tpr": "" },
      outputFile: "md.log",
    }),
  ];
}

/** The first version whose log says by how much the conserved energy drifts. */
const firstWithDrift = 2021;

/** `GROMACS version:    2020.6-dev`, and `VERSION 5.1.4` before 2016; null where the log does not say. */
function majorVersion(log: string): number | null {
  const [, major] = /^GROMACS version: +(?:VERSION +)?(\d+)/m.exec(log) ?? /\bGROMACS - gmx mdrun, (?:VERSION +)?(\d+)/.exec(log) ?? [];
  return major === undefined ? null : Number(major);
}

/** Columns of numbers, as energies are logged. */
const energyLine = /^(?: +[-+]?(?:\d[\d.e+-]*|nan|inf))+ *$/i;

/** Why the energies say that the system has blown up; null where they do not. Logs before 2021 only have the energies themselves. */
function energyProblem(log: string): string | null {
  const drift = /^ *Conserved energy drift: (\S+) /m.exec(log)?.[1];
  const version = majorVersion(log);
  if (drift === undefined && version !== null && version < firstWithDrift)
    return log.split("\n").some((line) => energyLine.test(line) && /nan|inf/i.test(line))
      ? "an energy is no number: the system has blown up"
      : null;
  if (drift === undefined || !Number.isFinite(Number(drift)))
    return `the conserved energy drifts by ${drift ?? "(missing)"}: the system has blown up`;
  return null;
}

/**
 * mdrun's log: valid with one speed, the program's end, no fatal error, and a conserved energy that is a number, which that
 * of a system that has blown up is not. Nanoseconds a day are of the timed half.
 */
export function figuresOfMerit(output: string): Figures {
  const invalid = (reason: string): Figures => ({ valid: false, reason: `gromacs: ${reason}` });
  const log = plainText(output);
  const fatal = /^Fatal error:\n(.*)$/m.exec(log);
  if (fatal !== null) return invalid(`fatal error: ${fatal[1]}`);
  const speeds = [...log.matchAll(/^Performance: +(\S+) +\S+ *$/gm)];
  if (speeds.length === 0) return invalid("no Performance line in the output");
  if (speeds.length > 1) return invalid(`${speeds.length} Performance lines in one output`);
  if (!/^Finished mdrun on (?:rank|node) 0 /m.test(log)) return invalid("mdrun did not say that it finished: the output is cut short");
  const value = Number(speeds[0]?.[1]);
  if (!(value > 0 && Number.isFinite(value))) return invalid(`${speeds[0]?.[1]} ns/day is no speed`);
  const wrong = energyProblem(log);
  if (wrong !== null) return invalid(wrong);
  const ranks = Number(/^Using (\d+) MPI (?:process(?:es)?|threads?)\s*$/m.exec(log)?.[1] ?? Number.NaN);
  if (!(ranks > 0)) return invalid("the log does not say on how many MPI processes it ran");
  return { valid: true, figures: [{ name: "gromacs", value, unit: "ns/day", better: "higher" }], ranks };
}

export const gromacs = {
  parameters,
  purpose: "kernel",
  debianPackages: ["gromacs", "openmpi-bin"],
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
