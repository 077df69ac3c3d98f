import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pareto-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command as a person gives it, on a file with this content. */
function pareto(content: string, ...options: string[]) {
  writeFileSync(join(folder, "points.csv"), content);
  const { status, stdout, stderr } = spawnSync(
    "node_modules/.bin/tsx",
    ["analysis/print-pareto.ts", "--input", join(folder, "points.csv"), ...options],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  return {
    status,
    stdout,
    stderr: stderr.replaceAll(folder, "folder"),
    answer: status === 0 && !options.includes("--help") ? JSON.parse(stdout) : null,
  };
}

const failure = (stderr: string) => ({ status: 2, stdout: "", stderr: `${stderr}\n`, answer: null });

test("ranks, front and hypervolume, the reference in the columns' own units", () => {
  const csv = "name,wait,cost,throughput\na,1,2,3\nb,2,1,3\nc,1,2,3\nd,3,3,1\n";
  expect(pareto(csv, "--minimise", "wait,cost", "--maximise", "throughput", "--reference", "4,4,0").answer).toEqual({
    objectives: [
      { column: "wait", better: "lower" },
      { column: "cost", better: "lower" },
      { column: "throughput", better: "higher" },
    ],
    rows: 4,
    missing: 0,
    ranks: [0, 0, 0, 1],
    front: [0, 1, 2],
    // Boxes of 3·2·3 and 2·3·3, which share 2·2·3.
    hypervolume: 24,
  });
});

test("a reference may begin with a minus sign", () => {
  expect(pareto("a,b\n-5,-6\n", "--minimise", "a,b", "--reference", "-4,-3").answer.hypervolume).toBe(3);
});

test("cells that are empty or NaN are missing, and their rows have no rank", () => {
  const { answer } = pareto("a,b\r\n1,2\r\n,0\r\n0,nan\r\n2, 1 \r\n3,3\r\n", "--minimise", "a,b");
  expect(answer).toMatchObject({ rows: 5, missing: 2, ranks: [0, null, null, 0, 1], front: [0, 3] });
  expect(answer).not.toHaveProperty("hypervolume");
});

test("spreadsheet habits: a byte order mark, quotes, blank lines, exponents", () => {
  const { answer } = pareto('\ufeff"wait, mean",b\n"1e2",+.5\n\n1E+1,0.5\n\n', "--minimise", '"wait, mean",b');
  expect(answer).toMatchObject({ rows: 2, ranks: [1, 0], front: [1] });
});

test("in a file of one column an empty line between values is a missing value", () => {
  expect(pareto("a\n2\n\n1\n\n", "--minimise", "a").answer).toMatchObject({ rows: 3, missing: 1, ranks: [1, null, 0] });
});

test("a file of a header alone has an empty front", () => {
  expect(pareto("a,b\n", "--minimise", "a,b", "--reference", "1,1").answer).toMatchObject({
    rows: 0,
    ranks: [],
    front: [],
    hypervolume: 0,
  });
});

test("a file longer than what is read at once, with lines that end as on Windows", () => {
  // Row i is (i, n − i), but every third is worse than its neighbours by 5.
  const count = 150_000;
  const rows = Array.from({ length: count }, (_, i) => (i % 3 === 2 ? `${i + 5}.25,${count - i + 5}.25` : `${i}.25,${count - i}.25`));
  const { answer } = pareto(["a,b", ...rows, ""].join("\r\n"), "--minimise", "a,b");
  expect(answer.rows).toBe(count);
  expect(answer.front.length).toBe(100_000);
  expect(answer.front.some((row: number) => row % 3 === 2)).toBe(false);
});

test("what is wrong is said, on standard error only", () => {
  const csv = "a,b\n1,2\n3,x\n";
  expect(pareto(csv, "--minimise", "a,b")).toEqual(
    failure('folder/points.csv: row 1, column b: "x" is not a number; empty or NaN means missing'),
  );
  expect(pareto("a,b\n1,0x10\n", "--minimise", "b")).toEqual(
    failure('folder/points.csv: row 0, column b: "0x10" is not a number; empty or NaN means missing'),
  );
  expect(pareto(csv, "--minimise", "a,c")).toEqual(failure('folder/points.csv: no column "c"; the file has a, b'));
  expect(pareto("a,a\n1,2\n", "--minimise", "a")).toEqual(failure('folder/points.csv: column "a" appears twice'));
  expect(pareto("a,b\n1\n", "--minimise", "a")).toEqual(failure("folder/points.csv: row 0: 1 cells, the header has 2"));
  expect(pareto("", "--minimise", "a")).toEqual(failure("folder/points.csv: the file is empty; its first line must name the columns"));
  expect(pareto('a,b\n1,"2\n', "--minimise", "a")).toEqual(failure("folder/points.csv: near row 0: quoted field unterminated"));
  expect(pareto(csv, "--minimise", "a", "--reference", "1,2")).toEqual(failure("--reference: 2 of 1 numbers; one is needed for each of a"));
  expect(pareto(csv, "--minimise", "a", "--reference", "one")).toEqual(failure('--reference: "one" is not a number'));
  expect(pareto(csv, "--minimise", "a", "--maximise", "a")).toEqual(failure('column "a" is asked for twice'));
  expect(pareto(csv)).toEqual(failure("no objectives; name columns with --minimise or --maximise"));
  expect(pareto(csv, "--input", join(folder, "other.csv"), "--minimise", "a")).toEqual(failure("folder/other.csv: there is no such file"));
  expect(pareto("a\n-inf\n", "--minimise", "a", "--reference", "1")).toEqual(
    failure("folder/points.csv: hypervolume is unbounded: an objective is -Infinity"),
  );
  expect(pareto(csv, "--minimize", "a")).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--minimize") });
});

test("help says in which units and order the reference is", () => {
  const { status, stdout } = pareto("", "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/own units: a number for each column of\s+--minimise, then one for each of --maximise, as listed/);
});
