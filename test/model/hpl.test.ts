import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/hpl.ts";

/** Written by Debian 13's hpcc 1.5.0-6 on two ranks, N = 1000, NB = 128, with the input that model/workloads/hpl.ts makes. */
const real = readFileSync("test/model/fixtures/kernels/hpccoutf.txt", "utf8");

const edited = (from: string | RegExp, to: string) => {
  const text = real.replace(from, to);
  expect(text).not.toBe(real);
  return text;
};

test("a real output has its rate", () => {
  expect(figuresOfMerit(real)).toEqual({
    valid: true,
    figures: [{ name: "hpl", value: 4.664, unit: "GFLOP/s", better: "higher" }],
    ranks: 2,
  });
});

test("of several results the best counts", () => {
  const [block = ""] = /^WR[\s\S]*?PASSED\n/m.exec(real) ?? [];
  const twice = edited(block, block + block.replace("4.664e+00", "5.000e+00"));
  expect(figuresOfMerit(twice)).toMatchObject({ valid: true, figures: [{ value: 5 }] });
});

test.each<[string, string, string]>([
  [
    "a residual above the threshold",
    edited("0.0042476 ...... PASSED", "42.0000000 ...... FAILED"),
    "hpl: the residual check FAILED in 1 of 1 runs",
  ],
  ["nothing", "", "hpl: no result line (WR...) in the output"],
  ["something else", "mpirun: command not found\n", "hpl: no result line (WR...) in the output"],
  ["cut before the result", real.slice(0, real.indexOf("\nWR1") + 20), "hpl: no result line (WR...) in the output"],
  [
    "cut after the result",
    real.slice(0, real.indexOf("||Ax-b||_oo/(eps*(||A||")),
    "hpl: 1 results, 0 residual checks PASSED: the output is cut short",
  ],
  ["a rate that is no number", edited("4.664e+00", "      nan"), "hpl: no result line (WR...) in the output"],
  ["a rate of 0", edited("4.664e+00", "0.000e+00"), "hpl: 0 GFLOP/s is no rate"],
  [
    "two outputs written over each other",
    edited(/^WR11C2R4 {8}1000/m, "WR11C2R4 WR11C2R4 1000"),
    "hpl: no result line (WR...) in the output",
  ],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});

test("PTRANS's own PASSED lines are not taken for HPL's", () => {
  expect(real.match(/PASSED/g)?.length).toBeGreaterThan(1);
  expect(figuresOfMerit(real)).toMatchObject({ valid: true });
});

describe("HPL without HPCC", () => {
  const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/${name}.txt`, "utf8");

  test("a real output has its rate", () => {
    expect(figuresOfMerit(fixture("xhpl"))).toEqual({
      valid: true,
      figures: [{ name: "hpl", value: 16.511, unit: "GFLOP/s", better: "higher" }],
      ranks: 2,
    });
  });

  test("a real output above the threshold is a reason", () => {
    expect(figuresOfMerit(fixture("xhpl-failed"))).toEqual({ valid: false, reason: "hpl: the residual check FAILED in 1 of 1 runs" });
  });
});
