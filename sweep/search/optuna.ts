import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { parse } from "../../model/problem.ts";
import type { Optimiser, Told } from "./optimiser.ts";
import { isActive, type Method, orderedSpace, type Space } from "./space.ts";

export interface OptunaRequest {
  readonly space: Space;
  readonly method: Extract<Method, "tpe" | "nsga2">;
  readonly objectives: number;
  readonly seed: number;
}

const value = z.union([z.string(), z.number(), z.boolean()]);
const reply = z.union([
  z.strictObject({ trials: z.array(z.strictObject({ number: z.int().min(0), values: z.record(z.string(), value) })) }),
  z.strictObject({ done: z.literal(true) }),
  z.strictObject({ error: z.string() }),
]);

/** Optuna in a process of its own, asked and told in lines of JSON: sweep/search/optimiser/optimiser.py. */
export function optuna({ space, method, objectives, seed }: OptunaRequest): Optimiser {
  const ordered = orderedSpace(space);
  const folder = join(__dirname, "optimiser");
  const program = join(folder, "python");
  const child = spawn(program, [join(folder, "optimiser.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise<never>((_, refuse) => {
    child.on("error", (problem) => refuse(new Error(`the optimiser did not start: ${problem.message}`)));
  });
  failed.catch(() => {});
  child.stdin.on("error", () => {});
  const request = async (message: unknown) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const { value: line, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error("the optimiser ended without a reply; its last words are on standard error");
    const found = parse("optimiser's reply", reply, JSON.parse(line));
    if ("error" in found) throw new Error(`optimiser: ${found.error}`);
    return found;
  };
  const parameters = ordered.map(([path, own]) => ({ path, ...own }));
  const begun = request({ begin: { parameters, method, objectives, seed } });
  // What does not vary has no part in the trial.
  const told = (own: Told) => ({
    ...own,
    values: Object.fromEntries(
      ordered.flatMap(([path, parameter]) => (isActive(parameter, own.values) && path in own.values ? [[path, own.values[path]]] : [])),
    ),
  });
  return {
    async ask(count) {
      await begun;
      const found = await request({ ask: count });
      return "trials" in found ? found.trials : [];
    },
    async tell(own) {
      await begun;
      await request({ tell: told(own) });
    },
    async close() {
      await begun.catch(() => {});
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      if (child.exitCode === null) await ended;
    },
  };
}
