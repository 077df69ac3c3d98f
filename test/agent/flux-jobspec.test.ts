import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { jobspecOf } from "../../agent/schedulers/flux/jobspec.ts";
import { type Job, noOp } from "../../model/job.ts";

const owner = { name: "bench", uid: 1000, gid: 1000, home: "/home/bench" };
const circumstances = { owner, after: [] };
const spin: Job = { ...noOp("s1"), nodes: 2, ranksPerNode: 2, coresPerRank: 3, gpusPerNode: 4, body: { kind: "spin", seconds: 1 } };

test("a slot on each node holds the cores and GPUs that the job has there", () => {
  const { resources } = jobspecOf(spin, circumstances);
  const given = [
    { type: "core", count: 6 },
    { type: "gpu", count: 4 },
  ];
  expect(resources).toEqual([{ type: "node", count: 2, with: [{ type: "slot", count: 1, label: "task", with: given }] }]);
});

test("its name, time limit, output and place are attributes", () => {
  const { system } = jobspecOf(
    { ...noOp("s1"), walltimeSeconds: 1.5 },
    { owner, place: { nodes: ["cn2"], queue: "debug" }, after: ["17885116235776"] },
  ).attributes;
  expect(system).toMatchObject({
    duration: 1.5,
    cwd: "/var/lib/schedfront/work",
    job: { name: "s1" },
    shell: { options: { output: { stdout: { type: "file", path: "/var/lib/schedfront/work/s1.out" } } } },
    constraints: { hostlist: ["cn2"] },
    queue: "debug",
    dependencies: [{ scheme: "afterany", value: "17885116235776" }],
    environment: { HOME: "/home/bench", USER: "bench" },
  });
  expect(jobspecOf(noOp("s1"), circumstances).attributes.system).not.toHaveProperty("dependencies");
});

test("on emulated nodes it is pretended, whoever asks for it and where: ranks stand for hosts, and 0 s would never end", () => {
  const emulated = ["head", "cpu1", "cpu2", "gpu1"];
  const attributes = (parts: Partial<Job>, nodes?: string[]) =>
    jobspecOf({ ...noOp("s1"), ...parts }, { ...circumstances, place: nodes && { nodes }, emulated }).attributes.system;
  expect(attributes({}, ["cpu2", "gpu1"])).toMatchObject({
    duration: 600,
    exec: { test: { run_duration: "0.00001" } },
    constraints: { ranks: ["2,3"] },
  });
  expect(attributes({ body: { kind: "sleep", seconds: 1.5 } }).exec).toEqual({ test: { run_duration: "1.5" } });
  expect(() => attributes({ body: { kind: "spin", seconds: 1 } })).toThrow('"spin" computes, which emulated nodes cannot: use sleep');
  expect(jobspecOf(noOp("s1"), circumstances).attributes.system).not.toHaveProperty("exec");
});

const isolated = { env: { ...process.env, FLUX_TASK_RANK: "1" }, encoding: "utf8" } as const;

/** Runs a job's task as rank 1. */
const asSecondRank = (job: Job, clock: string) => {
  const [program = "", ...words] = jobspecOf(job, circumstances).tasks[0]?.command ?? [];
  return execFileSync(
    program,
    words.map((word) => (word === "/var/lib/schedfront/work/clock" ? clock : word)),
    isolated,
  );
};

test("of a job that waits, the ranks but the first end at once and tell nothing", () => {
  expect(asSecondRank({ ...noOp("s1"), nodes: 2, body: { kind: "sleep", seconds: 86_400 } }, "/dev/stdout")).toBe("");
});

test("of a job that computes, every rank works, and the first alone tells of it", () => {
  const job: Job = { ...spin, coresPerRank: 1, body: { kind: "spin", seconds: 0.01 } };
  expect(asSecondRank(job, "/dev/stdout")).toBe("");
  expect(jobspecOf(job, circumstances).attributes.system.shell.options).toMatchObject({
    "per-resource": { type: "node", count: 2 },
    "cpu-affinity": "per-task",
  });
});

test("an MPI program runs in an instance of its own, by flux run", () => {
  const body = { kind: "mpi", program: "hpcc", arguments: [], files: {}, outputFile: null } as const;
  const { tasks, attributes } = jobspecOf({ ...spin, body }, circumstances);
  expect(tasks[0]?.command.slice(0, 3)).toEqual(["flux", "broker", "{{tmpdir}}/script"]);
  expect(tasks[0]?.command.join(" ")).toContain("flux run --nodes=2 --ntasks=4 --cores-per-task=3 --setopt=cpu-affinity=per-task env");
  expect(attributes.system.shell.options).toMatchObject({ "per-resource": { type: "node" }, mpi: "none", "exit-timeout": "none" });
  expect(attributes.system.files?.script.data.slice(0, 11)).toBe("#!/bin/bash");
});
