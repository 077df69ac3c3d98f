import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readExcerpts } from "../../components/excerpts.ts";
import { parse } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { configurations } from "../../sweep/configurations.ts";
import { readYaml } from "../../sweep/read-sweep.ts";
import { sweep } from "../../sweep/sweep.ts";
import { plannedTrials } from "../../sweep/trials.ts";

/**
 * How long hostile files take to be refused, and what memory: a thousand mutated stack files and a thousand sweep files,
 * texts made to hurt a YAML parser, and logs. CPU seconds, for the machine may do other things. A process for itself then repeats
 * the slowest refusal of each kind, and one that takes nothing says what its memory would be anyway. Prints;
 * node --import tsx test/bench/hostile-input.ts [files of each kind]
 */

const smallTuple = (workloads: object[]) => ({ topology: { compute: [{ count: 2 }] }, scheduler: { kind: "slurm" }, workloads });

/** Each reads a file as the program does, and throws where it refuses. */
const readers = {
  "stack files": (path) => parseTuple(readYaml(path)),
  "sweep files": async (path) => {
    const { fullTuple } = await import("../hostile/files.ts");
    const read = parse("sweep", sweep, readYaml(path));
    return plannedTrials("s", read, configurations("s", read, fullTuple), () => ({ program: "p", image: "i" }));
  },
  texts: readYaml,
  "logs, three of 400 MiB unpacked": (path) => readExcerpts(parseTuple(smallTuple([{ kind: "swf", trace: { path } }])), tmpdir()),
} satisfies Readonly<Record<string, (path: string) => unknown>>;

type Kind = keyof typeof readers;

/** What a file is called, and what is in it. */
type Files = Iterable<readonly [string, string | Buffer]>;

/** A few at a time, for they may be large. */
async function* mutations(root: unknown, count: number) {
  const { sample } = await import("../hostile/mutations.ts");
  for (let i = 0; i < count; i++) yield [`no. ${i}`, JSON.stringify(sample(root, 1, i)[0])] as const;
}

/** 400 MiB of it, by members of gzip's: packed a piece at a time, so that the peak is the reader's. */
const packed = (text: string) => Buffer.concat(Array<Buffer>(400).fill(gzipSync(Buffer.alloc(1 << 20, text))));

function* logs() {
  yield ["an archive of line breaks", packed("\n")] as const;
  yield ["an archive of one line", packed("x")] as const;
  yield ["a header without end", packed("; Note: x\n")] as const;
  yield ["words that are no numbers", "a ".repeat(1 << 20)] as const;
  yield ["numbers too large", `${"9".repeat(5000)} `.repeat(18)] as const;
}

const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;

async function isRefused(kind: Kind, path: string) {
  try {
    await readers[kind](path);
    return false;
  } catch {
    return true;
  }
}

const inProcessForItself = (...given: string[]) =>
  execFileSync(process.execPath, [...process.execArgv, process.argv[1] as string, ...given], { encoding: "utf8" }).trim();

async function measure(kind: Kind, folder: string, files: Files | AsyncIterable<readonly [string, string | Buffer]>) {
  const tally = { refused: 0, taken: 0 };
  const worst = { seconds: 0, what: "", path: join(folder, "worst.swf.gz") };
  const path = join(folder, "file.swf.gz");
  for await (const [what, content] of files) {
    writeFileSync(path, content);
    const before = process.cpuUsage();
    const refused = await isRefused(kind, path);
    const took = seconds(process.cpuUsage(before));
    tally[refused ? "refused" : "taken"]++;
    if (!refused || took <= worst.seconds) continue;
    Object.assign(worst, { seconds: took, what });
    writeFileSync(worst.path, content);
  }
  const memory = inProcessForItself("alone", kind, worst.path);
  console.log(
    `${kind}: ${tally.refused} refused, ${tally.taken} taken; slowest refusal ${worst.seconds.toFixed(3)} s (${worst.what}), alone ${memory} MiB`,
  );
}

async function main() {
  const [first, kind, path] = process.argv.slice(2);
  if (first === "alone") {
    if (kind !== undefined && path !== undefined && !(await isRefused(kind as Kind, path))) throw new Error(`${kind}: the file is taken`);
    console.log(Math.round(process.resourceUsage().maxRSS / 1024));
    return;
  }
  const [{ fullSweep, fullTuple }, { hostileYaml }] = await Promise.all([
    import("../hostile/files.ts"),
    import("../hostile/yaml-texts.ts"),
  ]);
  const count = Number(first ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), "schedfront-hostile-"));
  console.log(`nothing: ${inProcessForItself("alone")} MiB`);
  await measure("stack files", folder, mutations(fullTuple, count));
  await measure("sweep files", folder, mutations(fullSweep, count));
  await measure("texts", folder, Object.entries(hostileYaml));
  await measure("logs, three of 400 MiB unpacked", folder, logs());
  rmSync(folder, { recursive: true });
}

void main();
