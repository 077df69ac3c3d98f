import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { textOf } from "../../components/text-of.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

/**
 * How long a log of 1,000,000 jobs takes to read, plain and compressed, and what memory that needs: choosing 5,000 of
 * them, and the most that can be chosen, 100,000. Prints; node --import tsx test/bench/swf.ts
 */

const jobs = 1_000_000;

/** A log like the archive's in the width and spread of its numbers; deterministic, and of no other meaning. */
async function writeLog(path: string) {
  const file = createWriteStream(path);
  const gzip = path.endsWith(".gz") ? createGzip() : null;
  gzip?.pipe(file);
  const sink = gzip ?? file;
  sink.write("; Version: 2.2\n; MaxNodes: 1024\n; MaxProcs: 1024\n");
  for (let i = 0; i < jobs; i++) {
    const [processors, run] = [2 ** ((i * 7) % 11), (i * 7919) % 86_400];
    const line = `${i + 1} ${i * 31} ${(i * 13) % 7200} ${run} ${processors} ${run}.25 ${(i * 17) % 2_000_000} ${processors} ${run + 600} -1 ${[1, 0, 5][i % 3]} ${i % 400} ${i % 40} -1 ${i % 5} 1 -1 -1\n`;
    if (!sink.write(line)) await once(sink, "drain");
  }
  sink.end();
  await finished(file);
}

async function read(path: string, select: object) {
  const { topology, workloads } = parseTuple({
    topology: { compute: [{ count: 64 }] },
    scheduler: { kind: "slurm" },
    workloads: [{ kind: "swf", trace: { path }, select }],
  });
  const [workload] = workloads;
  if (workload === undefined) throw new Error("no workload");
  const before = process.resourceUsage().maxRSS / 1024;
  const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  const found = await workloadKind(workload).reads?.excerpt(workload, topology, { sha256: hash.digest("hex"), text: textOf(path) });
  if (found === undefined || "problems" in found) throw new Error(JSON.stringify(found));
  const [parsed, cpu] = [performance.now(), process.cpuUsage(cpuBefore)];
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const made = workloadKind(workload).jobs(workload, topology, 1, found.text).length;
  const seconds = (since: number, until: number) => ((until - since) / 1000).toFixed(2);
  console.log(
    `${basename(path)} (${(statSync(path).size / 1e6).toFixed(0)} MB): read in ${seconds(started, parsed)} s, ` +
      `${((cpu.user + cpu.system) / 1e6).toFixed(2)} s of CPU, with ${peakMiB.toFixed(0)} MiB, ${before.toFixed(0)} of them taken before; ` +
      `${made} jobs made of its excerpt in ${seconds(parsed, performance.now())} s`,
  );
}

/** Each reading in a process of its own, so that its memory is its own. */
async function main() {
  const [path, count] = process.argv.slice(2);
  if (path !== undefined) return read(path, { jobs: Number(count) });
  const folder = mkdtempSync(join(tmpdir(), "schedfront-swf-"));
  try {
    const [plain, compressed] = [join(folder, "log.swf"), join(folder, "log.swf.gz")];
    for (const log of [plain, compressed]) await writeLog(log);
    for (const [log, chosen] of [
      [plain, 5000],
      [compressed, 5000],
      [plain, 100_000],
    ] as const)
      execFileSync(process.execPath, [...process.execArgv, process.argv[1] ?? "", log, String(chosen)], { stdio: "inherit" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
