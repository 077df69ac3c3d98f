import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOfMerit } from "../../model/workloads/hpcg.ts";

const fixture = (name: string) => readFileSync(`test/model/fixtures/kernels/${name}.txt`, "utf8");
const real = fixture("hpcg");

const edited = (from: string | RegExp, to: string) => {
  const text = real.replace(from, to);
  expect(text).not.toBe(real);
  return text;
};

test("a real output has its rating, and of a short run says that it is unofficial", () => {
  expect(figuresOfMerit(real)).toEqual({
    valid: true,
    figures: [{ name: "hpcg", value: 1.65103, unit: "GFLOP/s", better: "higher" }],
    ranks: 2,
    unofficial: "the timed part took 2.6 s, an official one at least 1800",
  });
});

test("half an hour is official", () => {
  const long = edited("Benchmark Time Summary::Total=2.55134", "Benchmark Time Summary::Total=1800.2");
  const figures = [{ name: "hpcg", value: 1.65103, unit: "GFLOP/s", better: "higher" }];
  expect(figuresOfMerit(long)).toEqual({ valid: true, figures, ranks: 2 });
});

test("a real run whose checks failed is a reason that names the check", () => {
  expect(figuresOfMerit(fixture("hpcg-invalid"))).toEqual({
    valid: false,
    reason: "hpcg: the result is INVALID by its own checks: Departure from Symmetry |x'Ay-y'Ax|/(2*||x||*||A||*||y||)/epsilon",
  });
});

test.each<[string, string, string]>([
  ["nothing", "", "hpcg: no final summary in the output"],
  ["something else", "xhpcg: error while loading shared libraries\n", "hpcg: no final summary in the output"],
  ["cut before the summary", real.slice(0, real.indexOf("Final Summary")), "hpcg: no final summary in the output"],
  ["cut in the rating's line", real.slice(0, real.indexOf("VALID with") + 10), "hpcg: no final summary in the output"],
  ["two reports in one", real + real, "hpcg: 2 final summaries in one output"],
  ["a rating that is no number", edited("rating of=1.65103", "rating of=-nan"), "hpcg: -nan GFLOP/s is no rate"],
  ["a rating of 0", edited("rating of=1.65103", "rating of=0"), "hpcg: 0 GFLOP/s is no rate"],
  ["no duration", edited(/^Benchmark Time Summary::Total=.*\n/m, ""), "hpcg: the report does not say how long the timed part took"],
])("%s is a reason, never a figure", (_, text, reason) => {
  expect(figuresOfMerit(text)).toEqual({ valid: false, reason });
});
