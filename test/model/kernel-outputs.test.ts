import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { workloads } from "../../model/workloads/index.ts";

const outputs = [
  ["hpl", "hpccoutf.txt"],
  ["hpl", "xhpl.txt"],
  ["hpcc", "hpccoutf.txt"],
  ["hpcg", "hpcg.txt"],
  ["osu", "osu-latency.txt"],
  ["osu", "osu-bw.txt"],
  ["osu", "osu-allreduce.txt"],
  ["lammps", "lammps.log"],
  ["gromacs", "gromacs.log"],
  ["hpl", "hpl-nvidia.txt"],
  ["hpcg", "hpcg-intel.yaml"],
  ["osu", "osu-latency-cuda.txt"],
  ["osu", "osu-allreduce-rocm-full.txt"],
  ["osu", "osu-bw-validated.txt"],
  ["gromacs", "gromacs-2018.log"],
] as const;

describe.each(outputs)("%s reads %s", (kind, file) => {
  const real = readFileSync(`test/model/fixtures/kernels/${file}`, "utf8");
  const { figuresOfMerit } = workloads[kind];
  const whole = figuresOfMerit(real);
  /** What any of them is read as, where it has figures and these are not the whole's. */
  const wrong = (texts: readonly string[]) =>
    texts.map(figuresOfMerit).filter((read) => read.valid && JSON.stringify(read) !== JSON.stringify(whole));

  test("whole: with figures, each a positive number", () => {
    expect(whole.valid && whole.figures.length > 0 && whole.figures.every(({ value }) => value > 0 && Number.isFinite(value))).toBe(true);
  });

  test("cut after any letter: with the whole's figures or with none", () => {
    expect(wrong(Array.from({ length: real.length }, (_, length) => real.slice(0, length)))).toEqual([]);
  });

  test("with Windows' line ends and byte order mark: with the same figures", () => {
    expect(figuresOfMerit(`\uFEFF${real.replaceAll("\n", "\r\n")}`)).toEqual(whole);
  });

  test("cut before any line: with the whole's figures or with none", () => {
    const starts = [...real.matchAll(/\n/g)].map(({ index }) => index + 1);
    expect(wrong(starts.map((start) => real.slice(start)))).toEqual([]);
  });

  test("one line lost, whichever: with the whole's figures or with none", () => {
    const lines = real.split("\n");
    expect(wrong(lines.map((_, lost) => lines.filter((_, i) => i !== lost).join("\n")))).toEqual([]);
  });

  test("something else altogether: no figure, and no exception", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => figuresOfMerit(text).valid === false));
  });
});
