import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readExcerpts } from "../../components/excerpts.ts";
import { InvalidInput, parse } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { configurations } from "../../sweep/plan/configurations.ts";
import { readYaml } from "../../sweep/plan/read-sweep.ts";
import { sweep } from "../../sweep/plan/sweep.ts";
import { plannedTrials } from "../../sweep/plan/trials.ts";

/**
 * How long hostile files take to be refused, and what memory: a thousand mutated stack files, sweep files, and each other kind of
 * input (test/hostile/kinds.ts), texts made to hurt a YAML parser, and logs; and what scripts start when their input or their
 * environment is hostile (test/hostile/programs.ts). CPU seconds, for the machine may do other things. A process for itself then repeats
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

/** Of the others each is one of test/hostile/kinds.ts, and a file of it is its JSON. */
async function readOther(kind: string, path: string): Promise<unknown> {
  const { kinds } = await import("../hostile/kinds.ts");
  return kinds[kind]?.read(JSON.parse(readFileSync(path, "utf8")), join(path, "..", "own"));
}

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

type End = "refused" | "taken" | "crashed";

/** A refusal is in the program's own words; whatever else ends a reader is a crash. */
async function endOf(kind: string, path: string): Promise<End> {
  try {
    await (kind in readers ? readers[kind as Kind](path) : readOther(kind, path));
    return "taken";
  } catch (error) {
    return error instanceof InvalidInput || (error as Error).constructor.name === "RunError" ? "refused" : "crashed";
  }
}

const inProcessForItself = (...given: string[]) =>
  execFileSync(process.execPath, [...process.execArgv, process.argv[1] as string, ...given], { encoding: "utf8" }).trim();

async function measure(kind: string, folder: string, files: Files | AsyncIterable<readonly [string, string | Buffer]>) {
  const tally = { refused: 0, taken: 0, crashed: 0 };
  const worst = { seconds: 0, what: "", path: join(folder, "worst.swf.gz") };
  const path = join(folder, "file.swf.gz");
  for await (const [what, content] of files) {
    writeFileSync(path, content);
    const before = process.cpuUsage();
    const end = await endOf(kind, path);
    const took = seconds(process.cpuUsage(before));
    tally[end]++;
    if (end === "taken" || took <= worst.seconds) continue;
    Object.assign(worst, { seconds: took, what });
    writeFileSync(worst.path, content);
  }
  const memory = inProcessForItself("alone", kind, worst.path);
  console.log(
    `${kind}: ${tally.refused} refused, ${tally.taken} taken, ${tally.crashed} crashes; slowest refusal ${worst.seconds.toFixed(3)} s (${worst.what}), alone ${memory} MiB`,
  );
}

async function main() {
  const [first, kind, path] = process.argv.slice(2);
  if (first === "alone") {
    if (kind !== undefined && path !== undefined && (await endOf(kind, path)) === "taken") throw new Error(`${kind}: the file is taken`);
    console.log(Math.round(process.resourceUsage().maxRSS / 1024));
    return;
  }
  const [{ fullSweep, fullTuple }, { hostileYaml }] = await Promise.all([
    import("../hostile/files.ts"),
    import("../hostile/yaml-texts.ts"),
  ]);
  const count = Number(first ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), "schedfront-hostile-"));
  mkdirSync(join(folder, "own"));
  console.log(`nothing: ${inProcessForItself("alone")} MiB`);
  await measure("stack files", folder, mutations(fullTuple, count));
  await measure("sweep files", folder, mutations(fullSweep, count));
  await measure("texts", folder, Object.entries(hostileYaml));
  await measure("logs, three of 400 MiB unpacked", folder, logs());
  const { kinds } = await import("../hostile/kinds.ts");
  for (const [kind, { values }] of Object.entries(kinds)) await measure(kind, folder, asJson(values(count, 1)));
  rmSync(folder, { recursive: true });
  await perform(Math.ceil(count / 50));
}

function* asJson(values: Iterable<unknown>) {
  let i = 0;
  for (const value of values) yield [`no. ${i++}`, JSON.stringify(value) ?? "null"] as const;
}

/** Scripts with hostile input, and whatever reads the environment with a hostile one. */
async function perform(count: number) {
  const programs = await import("../hostile/programs.ts");
  const where = programs.stage();
  const groups = {
    "scripts' input": Object.keys(programs.scripts).flatMap((script) => programs.runsOfScript(script, count, 1)),
    "the environment": programs.runsOfEnvironment(5 * count, 1),
  };
  for (const [group, runs] of Object.entries(groups)) {
    const seen = runs.map((run) => ({ run, ...programs.perform(run, where) }));
    const slowest = Math.max(...seen.map(({ seconds }) => seconds));
    const ended = seen.filter(({ status }) => status !== 0).length;
    const violations = seen.flatMap(({ run, violations }) => violations.map((violation) => `${run.command.join(" ")}: ${violation}`));
    console.log(
      `${group}: ${runs.length} runs, ${ended} of them refused or failed, ${violations.length} violations; slowest ${slowest.toFixed(1)} s`,
    );
    for (const violation of violations) console.log(`  ${violation}`);
  }
  where.close();
}

void main();
