import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { mpirunArguments, preparationArguments } from "../../agent/bare.ts";
import { scriptOf, scriptTexts } from "../../agent/bodies.ts";
import { parseClock } from "../../agent/clock-records.ts";
import type { Job } from "../../model/job.ts";

const body: Job["body"] & { kind: "mpi" } = { kind: "mpi", program: "hpcc", arguments: ["$(touch x)", "a b"], files: {}, outputFile: null };
const kernel: Job = {
  id: "hpl",
  submitSeconds: 0,
  nodes: 2,
  ranksPerNode: 4,
  coresPerRank: 2,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds: null,
  walltimeSeconds: 60,
  body,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-bodies-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Runs a body as a scheduler would, and gives what it wrote to the clock file and its exit code. */
function execute(name: keyof typeof scriptTexts, args: readonly string[]) {
  const [script, clock] = [join(folder, name), join(folder, "clock")];
  writeFileSync(script, scriptTexts[name]);
  chmodSync(script, 0o755);
  let code = 0;
  try {
    execFileSync(script, [clock, "j1", ...args], { stdio: "pipe" });
  } catch (error) {
    code = (error as { status: number }).status;
  }
  return { code, events: parseClock(readFileSync(clock, "utf8")) };
}

describe("the scripts", () => {
  test("sleep writes when it started and ended, on its own clock", () => {
    const { code, events } = execute("sleep", ["0.3"]);
    const [started, ended] = events;
    expect({ code, order: events.map(({ job, event }) => [job, event]) }).toEqual({
      code: 0,
      order: [
        ["j1", "started"],
        ["j1", "ended"],
      ],
    });
    expect((ended?.seconds ?? 0) - (started?.seconds ?? 0)).toBeGreaterThanOrEqual(0.3);
    expect(Math.abs((ended?.seconds ?? 0) - Date.now() / 1000)).toBeLessThan(5);
  });

  test("a no-op starts no process", () => {
    expect(execute("sleep", ["0"])).toMatchObject({ code: 0, events: [{ event: "started" }, { event: "ended" }] });
  });

  test("spin has a process for each core of the rank, which waits for nothing, for as long as asked", () => {
    // Instead of a launcher: looks at the spinner's children until there are three, and then at the time they have used.
    const launcher = `"$@" & for ((i = 0; i < 100; i++)); do
      children=$(pgrep --parent $! | wc -l); ((children == 3)) && break; sleep 0.02
    done
    wait; echo "$children"; times`;
    const counted = join(folder, "counted");
    const { code, events } = execute("spin", ["700000", "3", "bash", "-c", `{ ${launcher}; } >"$0"`, counted]);
    const [started, ended] = events;
    expect({ code, order: events.map(({ event }) => event) }).toEqual({ code: 0, order: ["started", "ended"] });
    expect((ended?.seconds ?? 0) - (started?.seconds ?? 0)).toBeGreaterThanOrEqual(0.7);
    const [children, , used = ""] = readFileSync(counted, "utf8").split("\n");
    expect(children).toBe("3");
    expect(used).not.toMatch(/^0m0\.0\d*s/);
  });

  test("one rank on one core spins without a launcher", () => {
    expect(execute("spin", ["50000", "1"])).toMatchObject({ code: 0, events: [{ event: "started" }, { event: "ended" }] });
  });

  test("the program's failure is the job's, and its end is written all the same", () => {
    expect(execute("mpi", [folder, "0", "bash", "-c", "exit 7"])).toMatchObject({
      code: 7,
      events: [{ event: "started" }, { event: "ended" }],
    });
  });

  test("the program runs in the job's folder, its arguments untouched", () => {
    mkdirSync(join(folder, "job"));
    execute("mpi", [join(folder, "job"), "0", "bash", "-c", 'printf "%s\\n" "$PWD" "$@" >out', "name", "$(touch x)", "a b"]);
    expect(readFileSync(join(folder, "job/out"), "utf8")).toBe(`${join(folder, "job")}\n$(touch x)\na b\n`);
  });

  const note = (...words: string[]) => ["bash", "-c", 'printf "<%s>" "$@" >>out', "note", ...words];
  const counted = (...commands: string[][]) => [String(commands.length), ...commands.flatMap((words) => [String(words.length), ...words])];

  test("what comes first runs first, in the same folder, each word as it is", () => {
    const { code } = execute("mpi", [folder, ...counted(note("1", "$(touch x)"), note("2", "a b", "")), ...note("program", "*")]);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "out"), "utf8")).toBe("<1><$(touch x)><2><a b><><program><*>");
  });

  test("where it fails neither the rest nor the program runs, and its failure is the job's", () => {
    const outcome = execute("mpi", [folder, ...counted(note("1"), ["bash", "-c", "exit 3"], note("2")), ...note("program")]);
    expect(outcome).toMatchObject({ code: 3, events: [{ event: "started" }, { event: "ended" }] });
    expect(readFileSync(join(folder, "out"), "utf8")).toBe("<1>");
  });

  test("a folder that is missing fails the job before its program runs", () => {
    expect(execute("mpi", [join(folder, "none"), "0", "true"])).toMatchObject({ code: 1, events: [{ event: "started" }] });
  });
});

describe("commands", () => {
  const environment = ["env", "OMP_NUM_THREADS=2", "OPENBLAS_NUM_THREADS=2", "hpcc", "$(touch x)", "a b"];

  const work = "/var/lib/schedfront/work";

  test("through the scheduler", () => {
    expect(scriptOf(kernel, ["srun"]).arguments).toEqual([`${work}/clock`, "hpl", `${work}/hpl`, "0", "srun", ...environment]);
  });

  const prepared: Job = {
    ...kernel,
    body: {
      ...body,
      preparation: [
        ["gmx_mpi", "solvate"],
        ["gmx_mpi", "grompp", "a b"],
      ],
    },
  };

  test("with preparation, through the scheduler: each command with the number of its words", () => {
    const steps = ["2", "2", "gmx_mpi", "solvate", "3", "gmx_mpi", "grompp", "a b"];
    expect(scriptOf(prepared, ["srun"]).arguments.slice(3)).toEqual([...steps, "srun", ...environment]);
  });

  test("with preparation, by plain mpirun: each command once, where rank 0 will be", () => {
    const once = ["--host", "cn1:1", "--np", "1", "--wdir", "/var/lib/schedfront/work/hpl"];
    expect(preparationArguments(prepared, ["cn1", "cn2"])).toEqual([
      [...once, "gmx_mpi", "solvate"],
      [...once, "gmx_mpi", "grompp", "a b"],
    ]);
    expect(preparationArguments(kernel, ["cn1", "cn2"])).toEqual([]);
  });

  test("a job that spins starts its ranks by the scheduler's command, where it has more than one", () => {
    const spin = (nodes: number): Job => ({ ...kernel, nodes, ranksPerNode: 1, body: { kind: "spin", seconds: 1.5 } });
    expect(scriptOf(spin(2), ["srun"]).arguments).toEqual([`${work}/clock`, "hpl", "1500000", "2", "srun"]);
    expect(scriptOf(spin(1), ["srun"]).arguments).toEqual([`${work}/clock`, "hpl", "1500000", "2"]);
  });

  test("by plain mpirun: as many ranks on each host, each on its own cores", () => {
    expect(mpirunArguments(kernel, ["cn1", "cn2"])).toEqual([
      ...["--host", "cn1:4,cn2:4", "--map-by", "ppr:4:node:pe=2", "--bind-to", "core", "--wdir", "/var/lib/schedfront/work/hpl"],
      ...environment,
    ]);
  });
});

test("a line of the clock file that is cut short is none", () => {
  expect(parseClock("s1 started 1795467838.012345\ns1 ended 17954678")).toEqual([
    { job: "s1", event: "started", seconds: 1795467838.012345, clock: "job", precisionSeconds: 1e-6 },
  ]);
});
