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
    kind: z.literal("lammps"),
    cells: z
      .int()
      .min(6)
      .max(800)
      .optional()
      .describe("Unit cells, of four atoms each, along an edge of the cube; chosen from atomsPerRank where it is not given."),
    atomsPerRank: z
      .int()
      .min(500)
      .max(10_000_000)
      .default(32_000)
      .describe("Atoms of each rank, nearly: LAMMPS's own benchmark has 32,000."),
    steps: z.int().min(10).max(10_000_000).default(1000).describe("Time steps."),
    ...placed,
    ...repeated,
  })
  .describe("LAMMPS on the melting of a Lennard-Jones crystal, short-range molecular dynamics: what applications get (δ).");

type Parameters = z.output<typeof parameters>;

const atomsPerCell = 4;

/** Measured with LAMMPS 4 Feb 2025 at 54,000 atoms a rank: 0.7 kB an atom, and 40 MB for the program. */
const bytesPerAtom = 1000;

const cellsFor = ({ cells, atomsPerRank }: Parameters, { ranks }: Placement) =>
  cells ?? Math.max(6, Math.round(Math.cbrt((atomsPerRank * ranks) / atomsPerCell)));

function problems(given: Parameters, topology: Topology): Problem[] {
  const placement = place(given, topology);
  const edge = cellsFor(given, placement);
  const bytes = atomsPerCell * edge ** 3 * bytesPerAtom;
  const [key, asked] = given.cells === undefined ? ["atomsPerRank", given.atomsPerRank] : ["cells", given.cells];
  return [...placementProblems(placement), ...memoryProblems(key, asked, bytes, placement)];
}

/**
 * The Lennard-Jones liquid by which LAMMPS is compared (https://www.lammps.org/bench.html): fcc lattice of reduced density
 * 0.8442 at reduced temperature 1.44, cut-off 2.5 σ, neighbour lists renewed every 20 steps, constant energy.
 */
const input = (cells: number, steps: number) => `# Lennard-Jones crystal that melts, ${cells} x ${cells} x ${cells} unit cells
units           lj
atom_style      atomic
lattice         fcc 0.8442
region          box block 0 ${cells} 0 ${cells} 0 ${cells}
create_box      1 box
create_atoms    1 box
mass            1 1.0
velocity        all create 1.44 87287 loop geom
pair_style      lj/cut 2.5
pair_coeff      1 1 1.0 1.0 2.5
neighbor        0.3 bin
neigh_modify    delay 0 every 20 check no
fix             1 all nve
thermo          ${Math.max(1, Math.floor(steps / 10))}
run             ${steps}
`;

function jobs(given: Parameters, topology: Topology): Job[] {
  const placement = place(given, topology);
  const { threadsPerRank } = placement;
  const threaded = threadsPerRank > 1 ? ["-suffix", "omp", "-package", "omp", String(threadsPerRank)] : [];
  return [
    kernelJob("lammps", placement, given, {
      kind: "mpi",
      program: "lmp",
      arguments: ["-in", "in.melt", "-log", "log.lammps", ...threaded],
      files: { "in.melt": input(cellsFor(given, placement), given.steps) },
      outputFile: "log.lammps",
    }),
  ];
}

/** The ensemble keeps its energy: a change beyond this fraction is a broken run. The truncated potential alone makes 0.2 %. */
const energyTolerance = 0.02;

/** `step temperature pair-energy molecule-energy total-energy pressure`, LAMMPS's own columns for this input. */
const thermoLine = /^ +(\d+) +(\S+) +(\S+) +(\S+) +(\S+) +(\S+) *$/gm;

/**
 * A log of LAMMPS: valid with one loop of all steps, its speed, no error, the end of the program, and an energy that stayed.
 * Steps a second are of the loop alone, without set-up.
 */
export function figuresOfMerit(output: string): Figures {
  const text = plainText(output);
  const invalid = (reason: string): Figures => ({ valid: false, reason: `lammps: ${reason}` });
  const error = /^ERROR.*$/m.exec(text);
  if (error !== null) return invalid(error[0]);
  const loops = text.match(/^Loop time of \S+ on \d+ procs for \d+ steps with \d+ atoms/gm) ?? [];
  if (loops.length === 0) return invalid("no loop time in the output");
  if (loops.length > 1) return invalid(`${loops.length} loops in one output`);
  const speeds = [...text.matchAll(/^Performance:.* (\S+) timesteps\/s/gm)];
  if (speeds.length === 0) return invalid("no Performance line in the output");
  if (!/^Total wall time: /m.test(text)) return invalid("no total wall time: the output is cut short");
  const value = Number(speeds[0]?.[1]);
  if (!(value > 0 && Number.isFinite(value))) return invalid(`${speeds[0]?.[1]} timesteps/s is no speed`);
  const energies = [...text.matchAll(thermoLine)].map((match) => Number(match[5]));
  const [first, last] = [energies.at(0) ?? Number.NaN, energies.at(-1) ?? Number.NaN];
  const change = Math.abs(last / first - 1);
  if (energies.length < 2 || !(change <= energyTolerance))
    return invalid(`the total energy went from ${first} to ${last}: it must stay within ${100 * energyTolerance} %`);
  // The loop's own "procs" are ranks times threads.
  const ranks = Number(/ CPU use with (\d+) MPI tasks/.exec(text)?.[1] ?? Number.NaN);
  if (!(ranks > 0)) return invalid("the log does not say on how many MPI tasks it ran");
  return { valid: true, figures: [{ name: "lammps", value, unit: "steps/s", better: "higher" }], ranks };
}

export const lammps = {
  parameters,
  purpose: "kernel",
  debianPackages: ["lammps", "openmpi-bin"],
  problems,
  jobs,
  figuresOfMerit,
} satisfies WorkloadKind<typeof parameters>;
