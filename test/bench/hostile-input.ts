import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readExcerpts } from "../../components/excerpts.ts";
import { parse } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { readYaml } from "../../sweep/read-sweep.ts";
import { sweep } from "../../sweep/sweep.ts";
import { plannedTrials } from "../../sweep/trials.ts";
import { fullSweep, fullTuple } from "../hostile/files.ts";
import { sample } from "../hostile/mutations.ts";
import { hostileYaml } from "../hostile/yaml-texts.ts";

/**
 * How long hostile files take to be refused, and what memory: a thousand mutated stack files and a thousand sweep files,
 * texts made to hurt a YAML parser, and logs. CPU seconds, for the machine may do other things. Prints;
 * npx tsx test/bench/hostile-input.ts [files of each kind]
 */

const count = Number(process.argv[2] ?? 1000);
const folder = mkdtempSync(join(tmpdir(), "schedfront-hostile-"));

interface Tally {
  refused: number;
  taken: number;
  worst: { readonly seconds: number; readonly what: string };
}

async function measure(name: string, cases: Iterable<readonly [string, () => unknown]>) {
  const tally: Tally = { refused: 0, taken: 0, worst: { seconds: 0, what: "" } };
  for (const [what, read] of cases) {
    const before = process.cpuUsage();
    let refused = false;
    try {
      await read();
    } catch {
      refused = true;
    }
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    if (refused) tally.refused++;
    else tally.taken++;
    if (refused && seconds > tally.worst.seconds) tally.worst = { seconds, what };
  }
  const { refused, taken, worst } = tally;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${name}: ${refused} refused, ${taken} taken; slowest refusal ${worst.seconds.toFixed(3)} s (${worst.what}); peak ${memory} MiB`,
  );
}

/** A few at a time, for they may be large. */
function* samples(root: unknown): Generator<[number, unknown]> {
  for (let i = 0; i < count; i++) yield [i, sample(root, 1, i)[0]];
}

function* stackFiles() {
  for (const [i, value] of samples(fullTuple)) yield [`no. ${i}`, () => parseTuple(value)] as const;
}

function* sweepFiles() {
  const file = join(folder, "s.yaml");
  for (const [i, value] of samples(fullSweep)) {
    writeFileSync(file, JSON.stringify(value));
    yield [`no. ${i}`, () => plannedTrials("s", parse("sweep", sweep, readYaml(file)), fullTuple, { program: "p", images: "i" })] as const;
  }
}

function* texts() {
  const file = join(folder, "t.yaml");
  for (const [what, text] of Object.entries(hostileYaml)) {
    writeFileSync(file, text);
    yield [what, () => readYaml(file)] as const;
  }
}

/** 400 MiB of it, by members of gzip's: packed a piece at a time, so that the peak is the reader's. */
const packed = (text: string) => Buffer.concat(Array<Buffer>(400).fill(gzipSync(Buffer.alloc(1 << 20, text))));

const logs: Readonly<Record<string, () => Buffer>> = {
  "an archive of line breaks": () => packed("\n"),
  "an archive of one line": () => packed("x"),
  "a header without end": () => packed("; Note: x\n"),
  "words that are no numbers": () => Buffer.from("a ".repeat(1 << 20)),
  "numbers too large": () => Buffer.from(`${"9".repeat(5000)} `.repeat(18)),
};

function* logFiles() {
  for (const [what, content] of Object.entries(logs)) {
    const path = join(folder, "log.swf.gz");
    writeFileSync(path, content());
    const workloads = [{ kind: "swf", trace: { path } }];
    const tuple = parseTuple({ topology: { compute: [{ count: 2 }] }, scheduler: { kind: "slurm" }, workloads });
    yield [what, () => readExcerpts(tuple, folder)] as const;
  }
}

async function main() {
  await measure("stack files", stackFiles());
  await measure("sweep files", sweepFiles());
  await measure("texts", texts());
  await measure("logs, three of 400 MiB unpacked", logFiles());
  rmSync(folder, { recursive: true });
}

void main();
