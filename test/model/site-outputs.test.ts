import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { figuresOfMerit as gromacs } from "../../model/workloads/gromacs.ts";
import { figuresOfMerit as hpcg } from "../../model/workloads/hpcg.ts";
import { figuresOfMerit as hpl } from "../../model/workloads/hpl.ts";
import { figuresOfMerit as osu } from "../../model/workloads/osu.ts";

/** Outputs of builds that sites use, which are not those that the project's own images have. */
const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/${name}`, "utf8");

const edited = (text: string, from: string | RegExp, to: string) => {
  const other = text.replace(from, to);
  expect(other).not.toBe(text);
  return other;
};

describe("HPL", () => {
  const nvidia = fixture("hpl-nvidia.txt");
  const residual = "||Ax-b||_oo/(eps*(||A||_oo*||x||_oo+||b||_oo)*N)=        0.0030 ...... PASSED\n";
  const rated = (value: number, ranks: number) => ({
    valid: true,
    figures: [{ name: "hpl", value, unit: "GFLOP/s", better: "higher" }],
    ranks,
  });

  test("NVIDIA's has the rate of all GPUs, not that of one", () => {
    expect(hpl(nvidia)).toEqual(rated(8797, 4));
  });

  test.each<[string, string, number, number]>([
    ["NVIDIA's, as of 23", `WC03R2R2      528384  1024     8     4        73.32       1.341e+06 ( 4.192e+04)\n${residual}`, 1_341_000, 32],
    ["NVIDIA's, as of 21", `WR03L2L2      128000   288     2     2              80.16              1.744e+04\n${residual}`, 17_440, 4],
    ["Intel's", `WC00C2R2      100000   192     1     1             123.83            5.38385e+03\n${residual}`, 5383.85, 1],
    ["AMD's", `WC10R2C32      45312   384     1     2              30.13              2.058e+03\n${residual}`, 2058, 2],
  ])("%s", (_, text, value, ranks) => {
    expect(hpl(text)).toEqual(rated(value, ranks));
  });

  const line = "WR10R2R4        2000   128     1     2               1.00              5.337e+00\n";
  const three = ["_oo / ( eps * ||A||_1  * N        )", "_oo / ( eps * ||A||_1  * ||x||_1  )", "_oo / ( eps * ||A||_oo * ||x||_oo )"].map(
    (check) => `||Ax-b||${check} =        0.0674622 ...... PASSED\n`,
  );

  test("HPL 1.0 makes three checks of each result", () => {
    expect(hpl(line + three.join(""))).toEqual(rated(5.337, 2));
    expect(hpl(line + three.join("").replace("PASSED", "FAILED"))).toMatchObject({ valid: false });
    expect(hpl(line + three.join("") + line)).toMatchObject({ valid: false });
    expect(hpl(line + three.join("") + three.join(""))).toMatchObject({ valid: false });
  });

  test.each<[string, string, string]>([
    ["a failed check", edited(nvidia, "PASSED", "FAILED"), "hpl: the residual check FAILED in 1 of 1 runs"],
    ["no check", edited(nvidia, /^\|\|Ax-b\|\|_oo\/.*\n/m, ""), "hpl: 1 results, 0 residual checks PASSED: the output is cut short"],
    ["a rate that is none", edited(nvidia, "8.797e+03", "nan"), "hpl: no result line (WR...) in the output"],
    [
      "HPL-AI",
      `HPL_AI   WR03L2L2      176000   288     2     2              30.66              1.186e+05\n${residual}`,
      "hpl: the output is of HPL_AI, which is not solved in double precision",
    ],
    [
      "HPL-MxP",
      `HPL-MxP-NVIDIA 25.4.0\nGFLOPS = 1.4432e+06, per GPU = 1.8040e+05\nLU GFLOPS = 1.9e+06\n${residual}`,
      "hpl: the output is of HPL-MxP, which is not solved in double precision",
    ],
    [
      "AMD's HPL-MxP, which has HPL's lines",
      `rocHPL-MxP 1.0.0\n${line}${residual}`,
      "hpl: the output is of HPL-MxP, which is not solved in double precision",
    ],
  ])("%s is a reason, never a figure", (_, text, reason) => {
    expect(hpl(text)).toEqual({ valid: false, reason });
  });
});

describe("OSU", () => {
  const latency = fixture("osu-latency-cuda.txt");
  const full = fixture("osu-allreduce-rocm-full.txt");
  const validated = fixture("osu-bw-validated.txt");

  test.each<[string, string, object]>([
    ["CUDA", latency, { name: "osu_latency 8 B", value: 2, unit: "µs", better: "lower" }],
    ["buffers of the host", edited(latency, /DEVICE \(D\)/g, "HOST (H)"), { name: "osu_latency 8 B", value: 2 }],
    ["buffers of both", edited(latency, "DEVICE (D)", "MANAGED (M)"), { name: "osu_latency 8 B", value: 2 }],
    ["OpenACC", edited(latency, "MPI-CUDA", "MPI-OPENACC"), { name: "osu_latency 8 B", value: 2 }],
    ["-f: the average, not the least", full, { name: "osu_allreduce 8 B", value: 12, unit: "µs", better: "lower" }],
    ["a column for the validation", validated, { name: "osu_bw peak", value: 24_000.5, unit: "MB/s", better: "higher" }],
    ["no heading", edited(latency, /^# Size.*\n/m, ""), { name: "osu_latency 8 B", value: 2 }],
  ])("%s", (_, text, figure) => {
    const read = osu(text);
    expect(read).toMatchObject({ valid: true });
    expect(read.valid && read.figures[0]).toMatchObject(
      "value" in figure ? { ...figure, value: expect.closeTo(figure.value as number, 1) } : figure,
    );
  });

  test.each<[string, string, string]>([
    ["a failed validation", edited(validated, /^(4096 .*)Pass$/m, "$1Fail"), "osu: the validation of 4096 bytes failed"],
    [
      "a column too few",
      edited(full, / +1000$/m, ""),
      'osu: "4                      12.00             11.00             14.00" is no line',
    ],
    ["a column too many", edited(latency, /^(8 .*)$/m, "$1   3.00"), 'osu: "8                        2.00   3.00" is no line of the table'],
    ["another test", edited(latency, "Latency", "Multi Latency"), 'osu: "Multi Latency" is not one of'],
  ])("%s is a reason, never a figure", (_, text, reason) => {
    const read = osu(text);
    expect(read.valid ? "valid" : read.reason).toContain(reason);
  });
});

describe("HPCG 3.0 and Intel's", () => {
  const intel = fixture("hpcg-intel.yaml");
  const figures = [{ name: "hpcg", value: 6.5, unit: "GFLOP/s", better: "higher" }];

  test("an indented report has its rating", () => {
    const unofficial = "the timed part took 61.5 s, an official one at least 1800";
    expect(hpcg(intel)).toEqual({ valid: true, figures, ranks: 4, unofficial });
    expect(hpcg(edited(intel, "  Total: 61.5", "  Total: 1801"))).toEqual({ valid: true, figures, ranks: 4 });
  });

  test.each<[string, string, string]>([
    [
      "a failed check",
      edited(edited(intel, /HPCG result is VALID.*/, "HPCG result is: INVALID."), /(Symmetry.*\n {2}Result: )PASSED/, "$1FAILED"),
      "hpcg: the result is INVALID by its own checks: Departure from Symmetry |x'Ay-y'Ax|/(2*||x||*||A||*||y||)/epsilon",
    ],
    ["no duration", edited(intel, "  Total: 61.5\n", ""), "hpcg: the report does not say how long the timed part took"],
    ["a rating that is no number", edited(intel, "of: 6.5", "of: nan"), "hpcg: nan GFLOP/s is no rate"],
    ["two reports", intel + intel, "hpcg: 2 final summaries in one output"],
    ["cut in the rating", intel.slice(0, intel.indexOf("of: 6.5") + 6), "hpcg: no final summary in the output"],
  ])("%s is a reason, never a figure", (_, text, reason) => {
    expect(hpcg(text)).toEqual({ valid: false, reason });
  });
});

describe("GROMACS before 2021", () => {
  const old = fixture("gromacs-2018.log");
  const figures = [{ name: "gromacs", value: 8.5, unit: "ns/day", better: "higher" }];

  test.each<[string, string]>([
    ["2018", old],
    ["2020", edited(old, /2018\.8/g, "2020.6-dev-20210203")],
    ["5.1", edited(old, "GROMACS version:    2018.8", "GROMACS version:    VERSION 5.1.4")],
    ["a log that begins with its banner only", edited(old, /^GROMACS version:.*\n/m, "")],
    ["ranks that are threads", edited(old, "4 MPI processes", "4 MPI threads")],
  ])("%s: there is no drift to be checked", (_, text) => {
    expect(gromacs(text)).toEqual({ valid: true, figures, ranks: 4 });
  });

  test.each<[string, string, string]>([
    [
      "an energy that is no number",
      edited(old, "-5.65125e+04", "         nan"),
      "gromacs: an energy is no number: the system has blown up",
    ],
    [
      "a drift that is no number, where there is one",
      edited(old, "\n               Core t", "\n  Conserved energy drift: nan kJ/mol/ps per atom\n               Core t"),
      "gromacs: the conserved energy drifts by nan: the system has blown up",
    ],
    [
      "no drift where the version has one",
      edited(old, /2018\.8/g, "2021.1"),
      "gromacs: the conserved energy drifts by (missing): the system has blown up",
    ],
    [
      "no drift and no version",
      edited(edited(old, /^GROMACS version:.*\n/m, ""), ":-) GROMACS - gmx mdrun, 2018.8 (-:", ""),
      "gromacs: the conserved energy drifts by (missing): the system has blown up",
    ],
  ])("%s is a reason, never a figure", (_, text, reason) => {
    expect(gromacs(text)).toEqual({ valid: false, reason });
  });
});
