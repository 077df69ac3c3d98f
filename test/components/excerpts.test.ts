import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Excerpt, readExcerpts } from "../../components/excerpts.ts";
import { parseSwf } from "../../model/swf.ts";
import { parseTuple } from "../../model/tuple.ts";
import { runProgram, stackFile } from "./program.ts";

const log = readFileSync("test/model/fixtures/small.swf");
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-excerpts-"));
  return () => rmSync(folder, { recursive: true });
});

const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** As at preview, or as at up. */
async function read(trace: object, { preview = false } = {}): Promise<(Excerpt | null)[]> {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "schedfront", "t", preview);
  const workloads = [{ kind: "burst" }, { kind: "swf", trace }];
  const tuple = parseTuple({ topology: { compute: [{ count: 8 }] }, scheduler: { kind: "slurm" }, workloads });
  return readExcerpts(tuple, join(folder, "results"));
}

const complaint = (trace: object, options = {}) =>
  read(trace, options).then(
    () => "accepted",
    (error: Error) => error.message,
  );

test("what was chosen of a log stands in a file of its own; what reads no file has none", async () => {
  const [none, excerpt] = await read({ path: file("small.swf", log) });
  expect(none).toBeNull();
  const text = readFileSync(excerpt?.path ?? "", "utf8");
  expect(sha256(text)).toBe(excerpt?.sha256);
  expect(parseSwf(text).jobs).toHaveLength(7);
  expect(text).toContain(`sha256 ${sha256(log)}`);
});

test("a compressed log gives the same jobs", async () => {
  const jobs = async (path: string) => parseSwf(readFileSync((await read({ path }))[1]?.path ?? "", "utf8")).jobs;
  expect(await jobs(file("small.swf.gz", gzipSync(log)))).toEqual(await jobs(file("small.swf", log)));
  expect(await jobs(file("unnamed.swf", gzipSync(log)))).toEqual(await jobs(file("small.swf", log)));
});

test.each<[string, Buffer]>([
  ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${log}`)],
  ["Windows' line ends", Buffer.from(log.toString().replaceAll("\n", "\r\n"))],
  ["UTF-16", Buffer.from(`\uFEFF${log}`, "utf16le")],
  ["UTF-16, big end first", Buffer.from(`\uFEFF${log}`, "utf16le").swap16()],
  ["Latin-1 in a comment", Buffer.concat([Buffer.from("; Note: caf\u00e9\n", "latin1"), log])],
])("%s gives the same jobs", async (_, content) => {
  const jobs = async (path: string) => parseSwf(readFileSync((await read({ path }))[1]?.path ?? "", "utf8")).jobs;
  expect(await jobs(file("other.swf", content))).toEqual(await jobs(file("small.swf", log)));
});

test("a preview says the same, and writes nothing", async () => {
  const path = file("small.swf", log);
  const previewed = await read({ path }, { preview: true });
  expect(existsSync(join(folder, "results"))).toBe(false);
  expect(await read({ path })).toEqual(previewed);
});

describe("at preview, a file that cannot be used is refused", () => {
  const preview = { preview: true };

  test("one that is not there", async () => {
    expect(await complaint({ path: "no/such.swf" }, preview)).toBe(
      `invalid tuple\n  workloads[1].trace.path: "no/such.swf" does not exist; a relative path starts at ${process.cwd()}`,
    );
  });

  test("another one than was meant", async () => {
    const [path, asked] = [file("small.swf", log), "0".repeat(64)];
    expect(await complaint({ path, sha256: asked }, preview)).toBe(
      `invalid tuple\n  workloads[1].trace.sha256: "${asked}" does not match "${path}", whose sha256 is ${sha256(log)}`,
    );
    expect(await complaint({ path, sha256: sha256(log) }, preview)).toBe("accepted");
  });

  test("a malformed line", async () => {
    const path = file("broken.swf", `${log}9 oops\n`);
    expect(await complaint({ path }, preview)).toBe(`invalid tuple\n  workloads[1].trace.path: ${path}, line 20: 2 fields, a job has 18`);
  });

  test("a folder", async () => {
    mkdirSync(join(folder, "logs"));
    expect(await complaint({ path: join(folder, "logs") }, preview)).toContain('logs" cannot be read: it is no regular file');
  });

  test("a device or a pipe, which may have no end", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const path of ["/dev/zero", join(folder, "pipe")])
      expect(await complaint({ path }, preview)).toContain(`"${path}" cannot be read: it is no regular file`);
  });

  test("an archive that unpacks to what no log is", async () => {
    const bomb = gzipSync(Buffer.alloc(80 << 20, "\n"));
    expect(await complaint({ path: file("bomb.swf.gz", bomb) }, preview)).toContain("it unpacks to over 100 times its size");
  });

  test("a line without an end", async () => {
    expect(await complaint({ path: file("line.swf", `; ${"x".repeat(4 << 20)}`) }, preview)).toContain(
      "line 1 is longer than 100000 characters",
    );
  });

  test("an archive that is cut short; not a log that only its name calls one", async () => {
    expect(await complaint({ path: file("cut.swf.gz", gzipSync(log).subarray(0, 200)) }, preview)).toContain(
      'cut.swf.gz" cannot be read: unexpected end of file',
    );
    expect(await complaint({ path: file("plain.swf.gz", log) }, preview)).toBe("accepted");
  });
});

/** The program writes below the project's own results. */
const stack = `test-excerpts-${process.pid}`;
afterAll(() => rmSync(`results/${stack}`, { recursive: true, force: true }));

test("the request has the excerpt's digest, which the script is given the file for, and no job", async () => {
  const trace = { path: "test/model/fixtures/small.swf" };
  const config = { ...stackFile("slurm-2node"), "schedfront:workloads": [{ kind: "swf", trace, select: { jobs: 3 } }] };
  const { registrations } = await runProgram(stack, config);
  const { request, excerpt } = JSON.parse(String(registrations.find(({ name }) => name === "suite-0-swf-0")?.inputs.stdin));
  expect(excerpt).toMatch(new RegExp(`^results/${stack}/excerpt-[0-9a-f]{16}\\.txt$`));
  expect(sha256(readFileSync(excerpt))).toBe(request.excerpt);
  expect(request.workload.select.jobs).toBe(3);
  expect(readdirSync(`results/${stack}`)).toHaveLength(1);
});

describe("jobs of a log that the scheduler never runs", () => {
  const header = "; MaxProcs: 8\n; Partition: 1 batch\n; Partition: 2 short\n";
  const line = (number: number, seconds: number, partition: number) =>
    `${number} ${number} 0 60 2 -1 -1 2 ${seconds} -1 1 1 1 1 1 ${partition} -1 -1\n`;
  const log = `${header}${line(7, 3600, 1)}${line(12, 3600, 2)}${line(13, 600, 2)}${line(14, 3600, 2)}`;

  async function admitted(more: object, content = log) {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "schedfront", "t", false);
    const trace = { path: file("log.swf", content) };
    const tuple = parseTuple({
      topology: { compute: [{ count: 8 }] },
      scheduler: {
        kind: "slurm",
        partitions: [
          { name: "batch", Default: true },
          { name: "short", MaxTime: "0:30:00" },
        ],
      },
      workloads: [{ kind: "swf", trace, take: { queue: "partition" }, ...more }],
    });
    const [excerpt] = await readExcerpts(tuple, join(folder, "results"));
    return readFileSync(excerpt?.path ?? "", "utf8");
  }

  const reason =
    't12 and 1 more: scheduler.partitions[1], "short", does not take it: its MaxTime is 0:30:00, the job\'s limit 61 min; partition batch would take it';

  test("are refused with their number, the value, and what would take them", async () => {
    await expect(admitted({})).rejects.toThrow(`workloads[0]: 2 of 4 jobs would never run: ${reason}; neverRun: leave-out leaves them out`);
  });

  test("are left out where that is wanted, and counted", async () => {
    const text = await admitted({ neverRun: "leave-out" });
    expect(parseSwf(text).jobs.map(({ number }) => number)).toEqual([7, 13]);
    expect(text).toContain(`; Note: 2 of 4 jobs are left out, for they would never run: ${reason}\n`);
  });

  test("are not all that there is", async () => {
    const none = `${header}${line(12, 3600, 2)}${line(14, 3600, 2)}`;
    await expect(admitted({ neverRun: "leave-out" }, none)).rejects.toThrow(`workloads[0]: none of its 2 jobs would ever run: ${reason}`);
  });

  test("are those of a partition that the scheduler does not have", async () => {
    await expect(admitted({ take: { queue: "partition", rename: { short: "quick" } } })).rejects.toThrow(
      'workloads[0]: 3 of 4 jobs would never run: t12 and 2 more: there is no partition "quick", only batch, short',
    );
  });
});
