import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/gromacs.ts";

const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/${name}.log`, "utf8");
const real = fixture("gromacs");

const edited = (from: string | RegExp, to: string) => {
  const text = real.replace(from, to);
  expect(text).not.toBe(real);
  return text;
};

test("a real log has its speed", () => {
  expect(figuresOfMerit(real)).toEqual({
    valid: true,
    figures: [{ name: "gromacs", value: 1.242, unit: "ns/day", better: "higher" }],
    ranks: 2,
  });
});

test.each<[string, string, string]>([
  [
    "a real fatal error",
    fixture("gromacs-fatal"),
    "gromacs: fatal error: The size of the domain decomposition grid (7) does not match the number of PP",
  ],
  ["a real system that blew up", fixture("gromacs-blown-up"), "gromacs: no Performance line in the output"],
  ["nothing", "", "gromacs: no Performance line in the output"],
  ["cut before the speed", real.slice(0, real.indexOf("Performance:")), "gromacs: no Performance line in the output"],
  [
    "cut after the speed",
    real.slice(0, real.indexOf("Finished mdrun")),
    "gromacs: mdrun did not say that it finished: the output is cut short",
  ],
  ["two logs in one", real + real, "gromacs: 2 Performance lines in one output"],
  ["a speed of 0", edited(/^Performance: +1\.242/m, "Performance:        0.000"), "gromacs: 0.000 ns/day is no speed"],
  ["a speed that is no number", edited(/^Performance: +1\.242/m, "Performance:        -nan"), "gromacs: -nan ns/day is no speed"],
  [
    "an energy that is no number",
    edited("drift: 1.96e-03", "drift: nan"),
    "gromacs: the conserved energy drifts by nan: the system has blown up",
  ],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});
