import { InputProblem } from "./objectives-csv.ts";
import { paretoOfCsv } from "./pareto-of-csv.ts";
import { help, requestIn } from "./pareto-options.ts";

answer().then(
  (text) => process.stdout.write(text),
  (problem: unknown) => {
    if (!(problem instanceof InputProblem)) throw problem;
    process.stderr.write(`${problem.message}\n`);
    process.exitCode = 2;
  },
);

async function answer(): Promise<string> {
  const request = requestIn(process.argv.slice(2));
  return request === null ? help : `${JSON.stringify(await paretoOfCsv(request))}\n`;
}
