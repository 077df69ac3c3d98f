import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { alibabaNodes, alibabaPods } from "../../import/pods/columns.ts";
import { flux } from "../../import/verbs/flux.ts";
import { pods } from "../../import/verbs/pods.ts";
import { type SlurmOptions, slurm } from "../../import/verbs/slurm.ts";
import { InvalidInput } from "../../model/problem.ts";
import { NoRoom } from "../../storage/room.ts";
import { siteFolder } from "./site-folder.ts";

/** Files that would keep an import busy for hours, or take all memory, if anything of them were done as often as they say. */

const site = siteFolder();
const { file } = site;

const nodes = "NodeName=a[1-4] CPUs=4\n";
const conf = `${nodes}PartitionName=p Nodes=ALL Default=YES\n`;
const common = { name: "ours", timeZone: "UTC" };
const project = () => join(site.path, "project");

async function end(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "taken";
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    expect(readdirSync(project())).toEqual([]);
    return error.message;
  }
}

const imported = (text: string, options: Partial<SlurmOptions> = {}) =>
  slurm({ ...common, delimiter: "|", conf: file("slurm.conf", text), ...options }, project());

const numbered = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join("");

describe("a configuration that says too much is refused", () => {
  test.each<[string, () => string, string]>([
    ["names that are too long", () => `NodeName=${"x".repeat(900_000)}[1-100000]\n`, "is longer than a host name may be"],
    ["names of many brackets", () => `NodeName=a${"[1]".repeat(300_000)}\n`, "is longer than a host name may be"],
    ["the same nodes again and again", () => "NodeName=a[1-100000]\n".repeat(1000), "slurm.conf:2: there are more than 100000 nodes"],
    [
      "many nodes in many partitions",
      () => `NodeName=a[1-100000]\n${numbered(9999, (i) => `PartitionName=p${i} Nodes=ALL\n`)}`,
      "the partitions name more than 5000000 nodes together",
    ],
    [
      "all nodes many times in one",
      () => `NodeName=a[1-90000]\nPartitionName=p Nodes=${"ALL,".repeat(90_000)}\n`,
      "the partitions name more than 5000000 nodes together",
    ],
    ["settings without end", () => numbered(100_000, (i) => `Zz${i}=1\n`) + conf, "slurm.conf:2001: there are more than 2000 settings"],
    ["a line of many settings", () => `${nodes}PartitionName=p${numbered(60_000, (i) => ` z${i}=1`)}\n`, "more than 100 settings"],
    ["features without end", () => `NodeName=a[1-100000] Feature=${"f,".repeat(400_000)}\n`, "Feature has 800000 characters"],
    ["includes without end", () => "Include nothing*\n".repeat(100_000) + conf, "slurm.conf:501: more than 500 lines include files"],
  ])("%s", async (_, text, message) => {
    expect(await end(imported(text()))).toContain(message);
  });
});

test("sets of nodes that hold none are looked at once each", async () => {
  const text = `NodeName=a[1-90000] CPUs=4\nNodeSet=none Feature=x\nPartitionName=p Nodes=${"none,".repeat(90_000)}a1\n`;
  expect(await imported(text)).toContain("1 nodes a1: 4 CPUs");
});

test("nodes that all differ become more groups than there can be", async () => {
  const printed = await imported(`${numbered(9000, (i) => `NodeName=a${i} CPUs=${i + 1}\n`)}PartitionName=p Nodes=ALL\n`);
  expect(printed).toContain("there can be");
});

test.each(["*a".repeat(60), "*[a]".repeat(60), "*?".repeat(60)])("Include %s", async (pattern) => {
  file("a".repeat(200), "");
  expect(await imported(`Include ${pattern}b\n${conf}`)).toContain(`Include ${pattern.slice(0, 20)}`);
});

test.each<[string, boolean]>([
  ["a*c", true],
  ["*", true],
  ["ab?c", false],
  ["a[!x]c", true],
  ["a[a-b]c", true],
  ["a[z-a]c", false],
  ["**c*", true],
  ["*.c", false],
])("Include %s of abc: %s", async (pattern, fits) => {
  mkdirSync(join(site.path, "d"));
  file("d/abc", "NodeName=b1 CPUs=4\n");
  const printed = await imported(`Include d/${pattern}\n${conf}`);
  expect(printed.includes("there is no such file in the main file's folder")).toBe(!fits);
});

describe("what is no file of a site's", () => {
  test.each<[string, () => void, string]>([
    ["a pipe", () => execFileSync("mkfifo", [join(site.path, "x")]), "x: is a named pipe, not a regular file"],
    ["a folder", () => mkdirSync(join(site.path, "x")), "x: is a directory, not a regular file"],
  ])("%s that is included", async (_, make, message) => {
    make();
    expect(await end(imported(`Include x\n${conf}`))).toContain(message);
  });

  test.each(["/dev/zero", "/etc/hostname"])("a link to %s", async (target) => {
    symlinkSync(target, join(site.path, "x"));
    expect(await imported(`Include x\n${conf}`)).toContain("Include x (slurm.conf:1): is outside of the main file's folder");
  });

  test.each(["conf", "nodes", "qos", "log"])("--%s of a device, a pipe, a folder, of nothing", async (option) => {
    execFileSync("mkfifo", [join(site.path, "pipe")]);
    for (const path of ["/dev/zero", join(site.path, "pipe"), site.path, join(site.path, "none"), join(site.path, "y".repeat(300))])
      expect(await end(imported(conf, { [option]: path }))).toContain(`--${option}: "${path.slice(0, 20)}`);
  });
});

const header = "JobID|Submit|Start|End|ElapsedRaw|State|Partition|AllocTRES|AllocGRES\n";
const line = (id: number, submit: number, more: { partition?: string; gres?: string } = {}) =>
  `${id}|${submit}|${submit + 1}|Unknown|10|COMPLETED|${more.partition ?? "p"}|cpu=4,node=1|${more.gres ?? ""}\n`;

describe("an accounting log", () => {
  const read = (log: string | Buffer) => imported(conf, { log: file("sacct.txt", log) });

  test("one job's attempts are as cheap as those of many", async () => {
    expect(await read(header + numbered(200_000, (i) => line(1, 1_700_000_000 + i)))).toContain(
      "199999 records of jobs that had run before",
    );
  });

  test("a cell of brackets is read once", async () => {
    expect(await read(header + line(1, 1_700_000_000, { gres: `gpu:2${"(".repeat(3_000_000)}\u2028` }))).toContain("1 jobs that ran");
  });

  test("a line without end, and NUL bytes, are refused", async () => {
    expect(await end(read(`${header}${"x".repeat(9_000_000)}`))).toContain("line 2 is longer than 4000000 characters");
    expect(await end(read(`${header}${"\0".repeat(1000)}\n`))).toContain("1 fields, the header has 9");
  });

  test("an archive that is cut off, or unpacks to what no log does, is refused", async () => {
    expect(await end(read(gzipSync(header + line(1, 1_700_000_000)).subarray(0, 60)))).toContain("--log: ");
    const member = gzipSync(Buffer.alloc(1 << 20, "\n"));
    expect(await end(read(Buffer.concat(Array<Buffer>(64).fill(member))))).toContain("it unpacks to over 100 times its size");
  });
});

describe("other schedulers' jobs", () => {
  const read = (log: string) => flux({ ...common, scheduler: "flux", log: file("jobs.json", log) }, project());
  const row = "name,cpu_milli,memory_mib,num_gpu,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n";
  const table = (log: string | Buffer) =>
    pods({ ...common, scheduler: "volcano", columns: alibabaPods, nodeColumns: alibabaNodes, log: file("pods.csv", log) }, project());

  test("JSON that is too deep, or has too many values, is not parsed", async () => {
    expect(await end(read("[".repeat(50_000_000)))).toContain("has values in more than 100 levels at character 101");
    expect(await end(read(`[${"{},".repeat(12_000_000)}{}]`))).toContain("has more than 20000000 values");
  });

  test("a job of more nodes than there can be is no measure of the machine", async () => {
    const job = { id: 1, t_submit: 1, t_run: 2, t_cleanup: 3, nnodes: 1e15, ncores: 1e15 };
    expect(await end(read(JSON.stringify(job)))).toContain("--node-count: 1000000000000000 nodes are more than 100000");
  });

  test("empty lines are no jobs, however many", async () => {
    expect(await end(read("\n".repeat(30_000_000)))).toContain("has no job");
  });

  test("a quote that is never closed is no row", async () => {
    expect(await end(table(`${row}"${"x".repeat(70_000_000)}`))).toContain("row 2: has no end within 64000000 characters");
  });

  test("an archive that is cut off is refused", async () => {
    expect(await end(table(gzipSync(row + "x".repeat(1000)).subarray(0, 60)))).toContain("--log: ");
  });
});

test("shown nodes: empty lines are cheap", async () => {
  expect(await end(imported(conf, { nodes: file("nodes.txt", "\n".repeat(5_000_000)) }))).toContain("has no NodeName=");
});

test("a folder that takes no more is named, with what to do, and nothing is left in it", async () => {
  file("project/traces", "");
  const log = file("sacct.txt", header + line(1, 1_700_000_000));
  const message = `import: ${join(project(), "traces")}: not a folder; move that file away, or move the project to a larger disk`;
  await expect(imported(conf, { log })).rejects.toThrow(new NoRoom(message));
  expect(readdirSync(project())).toEqual(["traces"]);
});

test("the command prints nothing that a terminal acts upon", async () => {
  const partition = "\u001b]0;title\u0007\u202e\u009b31m";
  const log = file("sacct.txt", header + line(1, 1_700_000_000, { partition }));
  mkdirSync(join(site.path, "d"));
  file(`d/\u001b[31m\u200b`, "Strange\n");
  // It writes to where it is started, and finds tsx there.
  symlinkSync(resolve("node_modules"), join(project(), "node_modules"));
  const given = ["slurm", "--conf", file("slurm.conf", `Include d/*\n${conf}`), "--log", log, "--name", "printed"];
  const stdout = execFileSync(process.execPath, ["--import", "tsx", resolve("import/main.ts"), ...given], {
    cwd: project(),
    encoding: "utf8",
    env: { ...process.env, TSX_DISABLE_CACHE: "1" },
  });
  expect(stdout).toContain("\\u{1b}]0;title\\u{7}\\u{202e}\\u{9b}31m");
  expect(stdout).toContain("d/\\u{1b}[31m\\u{200b}:1");
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});
