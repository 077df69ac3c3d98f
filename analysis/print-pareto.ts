import { InputProblem } from "./objectives-csv.ts";
import { paretoOfCsv } from "./pareto-of-csv.ts";
import { help, requestIn } from "./pareto-options.ts";
import { complain, say, sayJson } from "./say.ts";

answer().catch((problem: unknown) => {
  if (!(problem instanceof InputProblem)) throw problem;
  complain(problem.message);
  process.exitCode = 2;
});

async function answer(): Promise<void> {
  const request = requestIn(process.argv.slice(2));
  if (request === null) say(help.trimEnd());
  else sayJson(await paretoOfCsv(request));
}
