import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { fileIn } from "../../agent/nodes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-collected-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, content = name) => writeFileSync(join(folder, name), content);

test("a file is found by its name", () => {
  write("hpccoutf.txt", "result");
  expect(fileIn(folder, "hpccoutf.txt")).toBe("result");
  expect(fileIn(folder, "hpccinf.txt")).toBeNull();
  expect(fileIn(join(folder, "none"), "hpccoutf.txt")).toBeNull();
});

test("where only the program knows its name, the last of those that fit counts", () => {
  for (const name of [
    "HPCG-Benchmark_3.1_2026-11-24_00-09-21.txt",
    "HPCG-Benchmark_3.1_2026-11-24_10-00-00.txt",
    "hpcg20261124T000919.txt",
  ])
    write(name);
  expect(fileIn(folder, "HPCG-Benchmark_*.txt")).toBe("HPCG-Benchmark_3.1_2026-11-24_10-00-00.txt");
  expect(fileIn(folder, "HPL*.out")).toBeNull();
});

test("each star stands for anything", () => {
  write("n104-4p-1t_V3.0_2020.01.12.22.24.30.yaml");
  expect(fileIn(folder, "n*-*p-*t*")).toBe("n104-4p-1t_V3.0_2020.01.12.22.24.30.yaml");
  expect(fileIn(folder, "n*-*t-*p*")).toBeNull();
  expect(fileIn(folder, "n104*30*30.yaml")).toBeNull();
});

test("beginning and end do not share a letter", () => {
  write("aba");
  expect(fileIn(folder, "ab*ba")).toBeNull();
});

test("a dot is a dot", () => {
  write("HPLxout");
  expect(fileIn(folder, "HPL.out")).toBeNull();
});

test("neither a link nor a folder is a result", () => {
  symlinkSync("/etc/hostname", join(folder, "HPL.out"));
  mkdirSync(join(folder, "md.log"));
  expect(fileIn(folder, "HPL.out")).toBeNull();
  expect(fileIn(folder, "md.log")).toBeNull();
});
