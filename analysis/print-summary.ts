import { readFileSync } from "node:fs";
import { summary } from "./summary.ts";

/** `pulumi stack output --json | tsx analysis/print-summary.ts STACK`: the trial, readable. */
const [stack = "stack"] = process.argv.slice(2);
const outputs = JSON.parse(readFileSync(0, "utf8"));
console.log("objectives" in outputs ? summary(stack, outputs) : `${stack} has no results yet: run make up STACK=${stack}`);
