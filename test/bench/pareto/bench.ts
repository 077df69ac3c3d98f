import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { median } from "simple-statistics";
import { front } from "../../../analysis/pareto/front.ts";
import { hypervolume } from "../../../analysis/pareto/hypervolume.ts";
import type { Points } from "../../../analysis/pareto/points.ts";
import { ranks } from "../../../analysis/pareto/ranks.ts";
import { cloud, type Shape } from "../../analysis/pareto/clouds.ts";

/**
 * Fronts, ranks and hypervolume against moocore (C) and paretoset (numba), on the same points, in turn, in one run:
 *
 *     node --import tsx test/bench/pareto/bench.ts
 *
 * The start of processes and compiling are not counted: each side has answered the same question before. Medians of
 * BENCH_ROUNDS rounds (5); a library that needs more than 10 s is asked once. The sides' answers must be the same.
 */
interface Question {
  readonly task: Task;
  readonly shape: Shape;
  readonly count: number;
  readonly libraries: readonly ("moocore" | "paretoset")[];
  /** Calls timed together, for answers that take a millisecond. */
  readonly calls: number;
}

type Task = "front" | "ranks" | "hypervolume";

const dimensions = 4;
const seed = 20_260_105;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

const questions: readonly Question[] = [
  ...(["uniform", "correlated", "grid"] as const).map((shape) => fronts(shape, 1_000_000, ["moocore", "paretoset"])),
  fronts("plane", 1_000_000, ["moocore"]),
  fronts("sphere", 1_000_000, ["moocore"]),
  // paretoset's time grows with the square of the front: seconds here already.
  ...(["plane", "sphere"] as const).map((shape) => fronts(shape, 20_000, ["moocore", "paretoset"])),
  ...(["uniform", "correlated", "grid", "plane", "sphere"] as const).map(
    (shape): Question => ({ task: "ranks", shape, count: 100_000, libraries: ["moocore"], calls: 1 }),
  ),
  ...(["sphere", "plane", "uniform", "correlated"] as const).map(
    (shape): Question => ({ task: "hypervolume", shape, count: 1200, libraries: ["moocore"], calls: 20 }),
  ),
];

function fronts(shape: Shape, count: number, libraries: Question["libraries"]): Question {
  return { task: "front", shape, count, libraries, calls: 1 };
}

const own: Record<Task, (points: Points, reference: readonly number[]) => Float64Array> = {
  front: (points) => Float64Array.from(front(points)),
  ranks: (points) => Float64Array.from(ranks(points)),
  hypervolume: (points, reference) => Float64Array.of(hypervolume(points, reference)),
};

class Python {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    this.#process = spawn("test/oracle/python", ["test/bench/pareto/measure.py"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async seconds(request: object): Promise<number> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("python ended without an answer");
    return JSON.parse(value).seconds;
  }

  end(): void {
    this.#process.stdin.end();
  }
}

async function ask({ task, shape, count, libraries, calls }: Question, python: Python, file: string): Promise<string> {
  const points = cloud(shape, count, dimensions, seed);
  writeFileSync(file, points.values);
  const reference = Array.from({ length: dimensions }, (_, k) => {
    let worst = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) worst = Math.max(worst, points.values[i * dimensions + k] ?? worst);
    return worst + 0.1;
  });
  const answer = own[task](points, reference);
  const mine: number[] = [];
  const theirs = libraries.map(() => [] as number[]);
  // The first round is for warming up.
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) own[task](points, reference);
    if (round > 0) mine.push((performance.now() - start) / 1000 / calls);
    for (const [i, library] of libraries.entries()) {
      const times = theirs[i] ?? [];
      if ((times[0] ?? 0) > 10) continue;
      const seconds = await python.seconds({ task, library, file, dimensions, reference, calls });
      if (round > 0 || seconds > 10) times.push(seconds);
      if (round === 0) compare(`${task} of ${count} ${shape}, ${library}`, answer, doubles(`${file}.answer`));
    }
  }
  const size = task === "front" ? `front ${answer.length}` : task === "ranks" ? `${answer.reduce((a, b) => Math.max(a, b)) + 1} ranks` : "";
  const ratios = libraries.flatMap((_, i) => [seconds(median(theirs[i] ?? [])), (median(mine) / median(theirs[i] ?? [])).toFixed(2)]);
  const cells = [
    task,
    `${shape}, ${count.toLocaleString("en")} × ${dimensions}`,
    size,
    seconds(median(mine)),
    ...ratios,
    ...(libraries.length < 2 ? ["", ""] : []),
  ];
  return `| ${cells.join(" | ")} |`;
}

function compare(what: string, answer: Float64Array, other: Float64Array): void {
  const same = (value: number, i: number) => Math.abs(value - (other[i] ?? Number.NaN)) <= 1e-12 * Math.abs(value);
  if (answer.length !== other.length || !answer.every(same)) throw new Error(`${what}: the answers differ`);
}

function doubles(file: string): Float64Array {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const seconds = (value: number) => (value < 0.01 ? `${(1000 * value).toFixed(2)} ms` : `${value.toFixed(3)} s`);

async function main(): Promise<void> {
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`BENCH_ROUNDS: "${process.env.BENCH_ROUNDS}" is not a positive integer`);
  const folder = mkdtempSync(join(tmpdir(), "bench-pareto-"));
  const python = new Python();
  try {
    console.log(`${cpus()[0]?.model}, node ${process.version}, medians of ${rounds} rounds, ratios are own time ÷ the library's\n`);
    console.log("| task | points | | own | moocore | ratio | paretoset | ratio |");
    console.log("|---|---|---|---|---|---|---|---|");
    for (const question of questions) console.log(await ask(question, python, join(folder, "points")));
  } finally {
    python.end();
    rmSync(folder, { recursive: true });
  }
}

main();
