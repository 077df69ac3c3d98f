import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { attach } from "../../agent/process.ts";
import { submitterText } from "../../agent/schedulers/slurm/submitter.ts";
import { Submitters } from "../../agent/schedulers/slurm/submitters.ts";

/** The real program, on a Slurm.pm that stands in for libslurm: what a job's name asks for happens to it. */
const program = (sockets: number) =>
  attach("perl", ["-I", resolve("test/agent/fixtures/slurm/perl"), "-e", submitterText, "3", String(sockets)], sockets);

const startSeconds = 20;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-submitters-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const arrived = (name: string) => existsSync(join(folder, name));
const letGo = () => writeFileSync(join(folder, "go"), "");
const job = (name: string) => ({ name, work_dir: folder });

async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("what describes a job arrives as it is", async () => {
  const submitters = await Submitters.start(1, startSeconds, program);
  const description = {
    ...job("take-4711"),
    user_id: 1000,
    script: "#!/bin/bash\necho 'ä\t\\n'\n",
    argv: ["sleep", "a b", "", "$(id)"],
    environment: ["A=b=c", "EMPTY="],
  };
  expect(await submitters.submit(description, startSeconds)).toBe(4711);
  expect(readFileSync(join(folder, "take-4711"), "utf8").split("\0")).toEqual([
    ...["argv=sleep", "argv=a b", "argv=", "argv=$(id)", "environment=A=b=c", "environment=EMPTY=", "name=take-4711"],
    ...["script=#!/bin/bash\necho 'ä\t\\n'\n", "user_id=1000", `work_dir=${folder}`, ""],
  ]);
});

test("each process does one job after another, and no two processes wait for each other", async () => {
  const submitters = await Submitters.start(2, startSeconds, program);
  const waiting = [submitters.submit(job("wait-1"), startSeconds), submitters.submit(job("wait-2"), startSeconds)];
  const third = submitters.submit(job("take-3"), startSeconds);
  await until(() => arrived("wait-1") && arrived("wait-2"));
  expect(arrived("take-3")).toBe(false);
  letGo();
  expect(await Promise.all([...waiting, third])).toEqual([1, 2, 3]);
});

test("a refusal has Slurm's own words, and stops nothing", async () => {
  const submitters = await Submitters.start(1, startSeconds, program);
  await expect(submitters.submit(job("refuse-1"), startSeconds)).rejects.toThrow(/^slurm: Requested node configuration is not available$/);
  expect(await submitters.submit(job("take-2"), startSeconds)).toBe(2);
});

test("a queue that is full is tried again, as sbatch does", async () => {
  const submitters = await Submitters.start(1, startSeconds, program);
  expect(await submitters.submit(job("full-7"), startSeconds)).toBe(7);
});

test("who gets no answer is told so; what waited meanwhile is not submitted after all", async () => {
  const submitters = await Submitters.start(1, startSeconds, program);
  const outcomes = await Promise.allSettled([submitters.submit(job("wait-1"), 0.3), submitters.submit(job("take-2"), 0.3)]);
  expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.message)).toEqual(
    Array(2).fill("slurmctld has not answered within 0.3 s"),
  );
  letGo();
  expect(await submitters.submit(job("take-3"), startSeconds)).toBe(3);
  expect(arrived("take-2")).toBe(false);
});

test("a process that fails ends all, and everybody learns why", async () => {
  const submitters = await Submitters.start(2, startSeconds, program);
  const waiting = submitters.submit(job("wait-1"), startSeconds);
  const breaking = submitters.submit(job("break-2"), startSeconds);
  await expect(waiting).rejects.toThrow("slurm's submitter ended: libslurm broke");
  await expect(breaking).rejects.toThrow("slurm's submitter ended: libslurm broke");
  await expect(submitters.submit(job("take-3"), startSeconds)).rejects.toThrow("libslurm broke");
});

test("a program that cannot start says why", async () => {
  const broken = (sockets: number) => attach("perl", ["-e", "die qq(no libslurm\\n)"], sockets);
  await expect(Submitters.start(1, startSeconds, broken)).rejects.toThrow("slurm's submitter ended: no libslurm");
});
