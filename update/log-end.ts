import { readFileSync } from "node:fs";
import { complain } from "../analysis/say.ts";

/** What Pulumi said last, where it failed without an event that says why. */
export function showEnd(log: string, status: number): void {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  complain([...lines.slice(-20), `pulumi ended with exit status ${status}; the whole log is ${log}`].join("\n"));
}
