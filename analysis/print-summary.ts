import { readFileSync } from "node:fs";
import { InvalidInput } from "../model/problem.ts";
import { parseOutputs } from "../model/record.ts";
import { jsonIn, UnreadableFile } from "./foreign-file.ts";
import { complain, say } from "./say.ts";
import { summary } from "./summary.ts";

/** `pulumi stack output --json | tsx analysis/print-summary.ts STACK`: the trial, readable. */
const [stack = "stack"] = process.argv.slice(2);
try {
  const outputs = jsonIn(readFileSync(0));
  const hasResults = typeof outputs === "object" && outputs !== null && "objectives" in outputs;
  say(hasResults ? summary(stack, parseOutputs(outputs)) : `${stack} has no results yet: run make up STACK=${stack}`);
} catch (problem) {
  if (!(problem instanceof InvalidInput || problem instanceof UnreadableFile)) throw problem;
  complain(`${stack}: ${problem instanceof UnreadableFile ? `what pulumi stack output printed ${problem.message}` : problem.message}`);
  process.exitCode = 2;
}
