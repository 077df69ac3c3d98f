import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/hpcc.ts";

const real = readFileSync("test/model/fixtures/kernels/hpccoutf.txt", "utf8");

const edited = (from: string | RegExp, to: string) => {
  const text = real.replace(from, to);
  expect(text).not.toBe(real);
  return text;
};

test("a real output has the eight figures by which HPC Challenge lists a machine", () => {
  const higher = (name: string, value: number, unit: string) => ({ name, value, unit, better: "higher" });
  expect(figuresOfMerit(real)).toEqual({
    valid: true,
    figures: [
      higher("G-HPL", 0.0046644, "TFLOP/s"),
      higher("G-PTRANS", 0.134489, "GB/s"),
      higher("G-RandomAccess", 0.00476941, "GUP/s"),
      higher("G-FFT", 0.167573, "GFLOP/s"),
      higher("EP-STREAM Triad", 26.0175, "GB/s"),
      higher("EP-DGEMM", 20.1213, "GFLOP/s"),
      higher("RandomRing Bandwidth", 0.340962, "GB/s"),
      { name: "RandomRing Latency", value: 380.138, unit: "µs", better: "lower" },
    ],
    ranks: 2,
  });
});

test.each<[string, string, string]>([
  ["a failed test", edited("Success=1", "Success=0"), "hpcc: Success=0: one of the tests failed its own verification"],
  ["a summary without its verdict", edited("Success=1\n", ""), "hpcc: Success=(missing): one of the tests failed its own verification"],
  ["a test that did not run", edited(/MPIFFT_Gflops=.*/, "MPIFFT_Gflops=-1"), "hpcc: MPIFFT_Gflops=-1 is no measurement"],
  ["a figure that is missing", edited(/StarDGEMM_Gflops=.*\n/, ""), "hpcc: StarDGEMM_Gflops=(missing) is no measurement"],
  ["a figure that is no number", edited(/PTRANS_GBs=.*/, "PTRANS_GBs=nan"), "hpcc: PTRANS_GBs=nan is no measurement"],
  ["nothing", "", "hpcc: no summary in the output: the output is cut short"],
  ["something else", "mpirun: command not found\n", "hpcc: no summary in the output: the output is cut short"],
  ["cut before the summary", real.slice(0, real.indexOf("Begin of HPL")), "hpcc: no summary in the output: the output is cut short"],
  ["cut in the summary", real.slice(0, real.indexOf("PTRANS_n=")), "hpcc: the summary has no end: the output is cut short"],
  ["two runs in one file", real + real, "hpcc: 2 summaries in one output"],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});
