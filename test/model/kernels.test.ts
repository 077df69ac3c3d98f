import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requests } from "../../model/image.ts";
import type { Body, Job } from "../../model/job.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { kernelIdentity, workloadKind } from "../../model/workloads/index.ts";

interface Machine {
  readonly count?: number;
  readonly cpus?: number;
  readonly memoryGiB?: number;
}

const binary = (digit = "a") => ({ path: "programs/xhpcg", sha256: digit.repeat(64) });

const tupleOf = (workloads: readonly object[], { count = 2, cpus = 4, memoryGiB = 4 }: Machine = {}) =>
  parseTuple({ topology: { compute: [{ count, cpus, memoryGiB }] }, scheduler: { kind: "slurm" }, workloads });

function jobOf(workload: object, machine?: Machine): Job & { body: Extract<Body, { kind: "mpi" }> } {
  const { topology, workloads } = tupleOf([workload], machine);
  const [job] = workloads.flatMap((given) => workloadKind(given).jobs(given, topology, 1));
  if (job === undefined || job.body.kind !== "mpi") throw new Error("no MPI job");
  return { ...job, body: job.body };
}

function complaint(workload: object, machine?: Machine): string {
  try {
    tupleOf([workload], machine);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
}

const kinds = [
  { kind: "hpl" },
  { kind: "hpcc" },
  { kind: "hpcg", binary: binary() },
  { kind: "osu", test: "allreduce", binary: binary() },
  { kind: "lammps" },
  { kind: "gromacs" },
];

describe("ranks and threads", () => {
  test.each(kinds)("$kind takes one rank a core of every node, or what is asked", (kernel) => {
    expect(jobOf(kernel)).toMatchObject({ nodes: 2, ranksPerNode: 4, coresPerRank: 1 });
    expect(jobOf({ ...kernel, nodes: 1, ranksPerNode: 2, threadsPerRank: 2 })).toMatchObject({
      nodes: 1,
      ranksPerNode: 2,
      coresPerRank: 2,
    });
    expect(jobOf({ ...kernel, threadsPerRank: 2 })).toMatchObject({ ranksPerNode: 2, coresPerRank: 2 });
  });

  test.each(kinds)("$kind is refused more than the cores", (kernel) => {
    expect(complaint({ ...kernel, ranksPerNode: 5 })).toContain("workloads[0].ranksPerNode: 5 ranks, a node has 4 cores");
    expect(complaint({ ...kernel, ranksPerNode: 3, threadsPerRank: 2 })).toContain(
      "workloads[0].threadsPerRank: 3 ranks of 2 threads, a node has 4 cores",
    );
    expect(complaint({ ...kernel, nodes: 3 })).toContain("workloads[0].nodes: 3 nodes, the topology has 2 compute nodes");
  });

  test("each program that has threads of its own is told how many", () => {
    expect(jobOf({ kind: "lammps", threadsPerRank: 2 }).body.arguments.join(" ")).toContain("-suffix omp -package omp 2");
    expect(jobOf({ kind: "lammps" }).body.arguments).not.toContain("omp");
    expect(jobOf({ kind: "gromacs", threadsPerRank: 2 }).body.arguments.join(" ")).toContain("-ntomp 2");
  });
});

describe("hpl", () => {
  test("xhpl reads the same problem as hpcc, and writes a file of its own", () => {
    const [hpcc, xhpl] = [jobOf({ kind: "hpl" }).body, jobOf({ kind: "hpl", program: "xhpl", binary: binary() }).body];
    expect(xhpl.files["HPL.dat"]).toBe(hpcc.files["hpccinf.txt"]);
    expect(xhpl).toMatchObject({ program: `/usr/local/lib/schedfront/${"a".repeat(16)}/xhpl`, outputFile: "HPL.out" });
  });

  test("a binary that would not be run is refused", () => {
    expect(complaint({ kind: "hpl", binary: binary() })).toBe(
      'invalid tuple\n  workloads[0].binary: "programs/xhpcg" would not be run by program: hpcc, which is Debian\'s; set program: xhpl',
    );
  });
});

test("hpcc solves hpl's problem, and needs two ranks", () => {
  expect(jobOf({ kind: "hpcc", order: 512 }).body.files).toEqual(jobOf({ kind: "hpl", order: 512 }).body.files);
  expect(complaint({ kind: "hpcc" }, { count: 1, cpus: 1 })).toContain("workloads[0].ranksPerNode: 1 rank in all has nobody to talk to");
});

describe("hpcg", () => {
  const hpcg = { kind: "hpcg", binary: binary() };
  const dimensions = (job: Job & { body: { arguments: readonly string[] } }) =>
    job.body.arguments.slice(0, 3).map((argument) => Number(argument.split("=")[1]));

  test("the grid fills the asked share of memory", () => {
    // Oracle: ⌊4096 MiB · 0.9⌋ · 0.5 ÷ 4 ranks ÷ 720 bytes = 671,016 = 87.5³: 80³ is the cube, 88 · 88 · 80 = 619,520 still fits.
    expect(dimensions(jobOf(hpcg))).toEqual([88, 88, 80]);
  });

  test("whatever the machine, the grid is one that HPCG takes, and no larger than asked unless it is the least", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 2, 4, 8, 64),
        fc.double({ min: 0.5, max: 64, noNaN: true }),
        (count, cpus, memoryGiB) => {
          const sides = dimensions(jobOf(hpcg, { count, cpus, memoryGiB }));
          const bytes = sides.reduce((product, side) => product * side, 720 * cpus);
          expect(sides.every((side) => side >= 16 && side % 8 === 0)).toBe(true);
          expect(Math.min(...sides) * 8).toBeGreaterThanOrEqual(Math.max(...sides));
          expect(sides.every((side) => side === 16) || bytes <= 0.5 * 0.9 * memoryGiB * 2 ** 30).toBe(true);
        },
      ),
    );
  });

  test.each<[string, object, string]>([
    ["two sides", { localDimensions: [16, 16] }, "localDimensions: [16,16] is too small, the least is 3 entries"],
    ["a side for all three", { localDimensions: 16 }, "localDimensions: 16 is not a list"],
    ["a side that is too short", { localDimensions: [8, 16, 16] }, "localDimensions[0]: 8 is too small, the least is 16"],
    [
      "a side that cannot be halved thrice",
      { localDimensions: [16, 20, 16] },
      "localDimensions[1]: 20 is not a multiple of 8: the multigrid halves it three times",
    ],
    ["a rod", { localDimensions: [16, 16, 136] }, "localDimensions: 16 × 16 × 136: the longest side is more than 8 times the shortest"],
    [
      "more than 80 % of memory",
      { localDimensions: [112, 112, 112] },
      "localDimensions: 112 × 112 × 112 needs 8.1 GB, the 2 nodes have 7.7 GB, of which 80 % may be used",
    ],
    ["too large a share of it", { memoryFraction: 0.9 }, "memoryFraction: 0.9 is too large, the most is 0.8"],
    ["no time for set-up", { runSeconds: 3600 }, "walltimeSeconds: 3600 is not above runSeconds, 3600"],
  ])("%s is refused", (_, parts, expected) => {
    expect(complaint({ ...hpcg, ...parts })).toContain(`invalid tuple\n  workloads[0].${expected}`);
  });

  test("a number of ranks of which no grid can be made is refused", () => {
    expect(complaint(hpcg, { count: 11, cpus: 1 })).toContain(
      "workloads[0].ranksPerNode: 11 ranks in all form no grid that HPCG takes: 11 × 1 × 1",
    );
    expect(complaint(hpcg, { count: 7, cpus: 1 })).toBe("accepted");
    expect(complaint(hpcg, { count: 6, cpus: 4 })).toBe("accepted");
  });
});

describe("osu", () => {
  test.each(["latency", "bw"])("%s takes two ranks, on two nodes where there are two", (name) => {
    const osu = { kind: "osu", test: name, binary: binary() };
    expect(jobOf(osu, { count: 4 })).toMatchObject({ id: `osu-${name}`, nodes: 2, ranksPerNode: 1, coresPerRank: 1 });
    expect(jobOf(osu, { count: 1 })).toMatchObject({ nodes: 1, ranksPerNode: 2 });
    expect(complaint({ ...osu, nodes: 4 }, { count: 4 })).toContain(`ranksPerNode: 4 nodes × 1 = 4 ranks, osu_${name} takes exactly 2`);
    expect(complaint(osu, { count: 1, cpus: 1 })).toContain("ranksPerNode: 2 ranks, a node has 1 core");
  });

  test("allreduce takes at least two", () => {
    const osu = { kind: "osu", test: "allreduce", binary: binary(), nodes: 1, ranksPerNode: 1 };
    expect(complaint(osu)).toContain("ranksPerNode: 1 nodes × 1 = 1 ranks, osu_allreduce takes at least 2");
  });
});

describe("lammps", () => {
  const input = (workload: object, machine?: Machine) => jobOf({ kind: "lammps", ...workload }, machine).body.files["in.melt"] ?? "";

  test("the crystal has the atoms that were asked, nearly", () => {
    // Oracle: 8 ranks · 32,000 atoms ÷ 4 = 40³ cells, a number that LAMMPS's own scaled benchmark has, too.
    expect(input({})).toContain("box block 0 40 0 40 0 40\n");
    expect(input({ cells: 10, steps: 200 })).toMatch(/box block 0 10 0 10 0 10\n[\s\S]*thermo +20\nrun +200\n/);
  });

  test("more atoms than 80 % of memory holds are refused", () => {
    expect(complaint({ kind: "lammps", cells: 150 })).toContain("workloads[0].cells: 150 needs 13.5 GB, the 2 nodes have 7.7 GB");
  });
});

describe("gromacs", () => {
  test("its own tools make the input first, and mdrun times the second half", () => {
    const { body } = jobOf({ kind: "gromacs", boxes: 2, steps: 500 });
    expect(body.preparation?.map((command) => command.slice(0, 3))).toEqual([
      ["gmx_mpi", "-quiet", "solvate"],
      ["gmx_mpi", "-quiet", "grompp"],
    ]);
    expect(body.preparation?.[0]).toEqual(expect.arrayContaining(["-box", "3.72412", "3.72412", "3.72412"]));
    expect(body.arguments.join(" ")).toContain("-resetstep 250");
  });

  test("the input is there on every node, as each rank asks for it, though only the first reads what grompp makes of it", () => {
    const { body } = jobOf({ kind: "gromacs" });
    expect(body.arguments.join(" ")).toContain("-s topol.tpr");
    expect(Object.keys(body.files)).toContain("topol.tpr");
  });

  test("each rank has its 2,000 atoms", () => {
    // Oracle: 8 ranks need 16,000 atoms, a box has 648: 3³ boxes have 17,496, 2³ have 5,184.
    expect(jobOf({ kind: "gromacs" }).body.preparation?.[0]).toContain("5.58618");
  });

  // Oracle: mdrun's own rule, from 13 ranks on: no prime factor above 7 whose cube is above the square of the ranks.
  test.each([
    [13, false],
    [22, false],
    [11, true],
    [16, true],
    [121, true],
    [14, true],
  ])("%i ranks are taken: %s", (count, taken) => {
    const said = complaint({ kind: "gromacs", ranksPerNode: 1 }, { count });
    expect(said).toEqual(
      taken ? "accepted" : expect.stringContaining(`workloads[0].ranksPerNode: ${count} ranks in all have the prime factor`),
    );
  });

  test("a box that one node's memory does not hold is refused", () => {
    expect(complaint({ kind: "gromacs", boxes: 20 })).toContain("workloads[0].boxes: 20 needs 10.4 GB, a node has 3.9 GB");
  });
});

describe("programs that Debian does not have", () => {
  test.each([
    [{ kind: "hpcg" }, "xhpcg"],
    [{ kind: "hpl", program: "xhpl" }, "xhpl"],
    [{ kind: "osu", test: "bw" }, "osu_bw"],
  ])("%j without a build of it is refused", (workload, name) => {
    expect(complaint(workload)).toBe(
      `invalid tuple\n  workloads[0].binary: is missing: Debian has no ${name}; name a build of it as {path, sha256}`,
    );
  });

  test("the image takes the build that is named, once, and what it is linked to", () => {
    const hpcg = { kind: "hpcg", binary: { ...binary(), debianPackages: ["libnuma1"] } };
    const { files, packages } = requests.debian(tupleOf([hpcg, { ...hpcg, runSeconds: 5 }]));
    const destination = `/usr/local/lib/schedfront/${"a".repeat(16)}/xhpcg`;
    expect(files).toEqual([{ source: "programs/xhpcg", sha256: "a".repeat(64), destination, mode: "0755" }]);
    expect(packages).toContain("libnuma1");
    expect(jobOf(hpcg).body.program).toBe(destination);
  });

  test("two builds of one program are two files", () => {
    const { files } = requests.debian(tupleOf(["a", "b"].map((digit) => ({ kind: "hpcg", binary: binary(digit) }))));
    expect(new Set(files.map(({ destination }) => destination)).size).toBe(2);
  });

  test("no parameter of a kernel but its program changes the image", () => {
    const request = (parts: object) => requests.debian(tupleOf([{ kind: "hpcg", binary: binary(), ...parts }]));
    expect(request({ runSeconds: 1800, nodes: 1 })).toEqual(request({}));
  });
});

test("a kernel is told from another by what it computes, not by seeds and repetitions", () => {
  const [one, again, other] = tupleOf([
    { kind: "hpl" },
    { kind: "hpl", seed: 5, repetitions: 3 },
    { kind: "hpl", order: 100 },
  ]).workloads.map(kernelIdentity);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test.each(kinds)("$kind is the same whatever the seed, for its baseline runs once", (kernel) => {
  const { topology, workloads } = tupleOf([kernel]);
  const jobs = (seed: number) => workloads.map((given) => workloadKind(given).jobs(given, topology, seed));
  expect(jobs(1)).toEqual(jobs(2));
});
