import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/lammps.ts";

const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/${name}.log`, "utf8");
const real = fixture("lammps");

const edited = (from: string | RegExp, to: string) => {
  const text = real.replace(from, to);
  expect(text).not.toBe(real);
  return text;
};

test("a real log has its speed", () => {
  expect(figuresOfMerit(real)).toEqual({
    valid: true,
    figures: [{ name: "lammps", value: 1369.003, unit: "steps/s", better: "higher" }],
    ranks: 2,
  });
});

test("threads are not ranks", () => {
  const threaded = edited(" on 2 procs for", " on 4 procs for").replace("2 MPI tasks x 1 OpenMP threads", "2 MPI tasks x 2 OpenMP threads");
  expect(figuresOfMerit(threaded)).toMatchObject({ valid: true, ranks: 2 });
});

test.each<[string, string, string]>([
  [
    "a real run that lost its atoms",
    fixture("lammps-lost-atoms"),
    "lammps: ERROR: Lost atoms: original 4000 current 976 (src/thermo.cpp:512)",
  ],
  ["nothing", "", "lammps: no loop time in the output"],
  ["cut before the loop's end", real.slice(0, real.indexOf("Loop time")), "lammps: no loop time in the output"],
  ["cut before the speed", real.slice(0, real.indexOf("Performance:")), "lammps: no Performance line in the output"],
  ["cut after the speed", real.slice(0, real.indexOf("Total wall")), "lammps: no total wall time: the output is cut short"],
  ["two loops", real + real, "lammps: 2 loops in one output"],
  ["a speed of 0", edited("1369.003 timesteps", "0.000 timesteps"), "lammps: 0.000 timesteps/s is no speed"],
  ["a speed that is no number", edited("1369.003 timesteps", "-nan timesteps"), "lammps: -nan timesteps/s is no speed"],
  [
    "an energy that rose",
    edited("-4.6232866", "-4.5000000"),
    "lammps: the total energy went from -4.6139081 to -4.5: it must stay within 2 %",
  ],
  [
    "an energy that is no number",
    edited("-4.6232866", "      -nan"),
    "lammps: the total energy went from -4.6139081 to NaN: it must stay within 2 %",
  ],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});
