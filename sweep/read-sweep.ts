import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { programSources, sourcesDigest } from "../components/sources.ts";
import { InvalidInput, parse } from "../model/problem.ts";
import type { RawTuple } from "./configurations.ts";
import { type Sweep, sweep, sweepName, sweepNameLength } from "./sweep.ts";
import { type PlannedTrial, plannedTrials } from "./trials.ts";

/** The trials of `sweeps/<name>.yaml` as the project stands; throws InvalidInput with everything that is wrong. */
export function readTrials(name: string): { readonly sweep: Sweep; readonly trials: readonly PlannedTrial[] } {
  const read = readSweep(name);
  const sources = {
    program: sourcesDigest("index.ts", "saved-cluster.ts", "package-lock.json", ...programSources),
    images: sourcesDigest("images", "nix"),
  };
  return { sweep: read, trials: plannedTrials(name, read, readBase(read.base), sources) };
}

function readSweep(name: string): Sweep {
  const known = existsSync("sweeps") ? readdirSync("sweeps").flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []) : [];
  if (!known.includes(name))
    throw new InvalidInput("sweep", [{ path: ["name"], message: `"${name}" is not one of ${known.sort().join(", ") || "sweeps/*.yaml"}` }]);
  if (!sweepName.test(name) || name.length > sweepNameLength)
    throw new InvalidInput("sweep", [
      { path: ["name"], message: `"${name}" is not lower-case words joined by hyphens, at most ${sweepNameLength} characters` },
    ]);
  return parse(`sweep ${name}`, sweep, readYaml(`sweeps/${name}.yaml`));
}

/** The tuple in a stack's file. */
function readBase(stack: string): RawTuple {
  const file = `Pulumi.${stack}.yaml`;
  const complain = (path: string, message: string): never => {
    throw new InvalidInput("sweep", [{ path: ["base", path], message }]);
  };
  if (!existsSync(file)) complain(file, "is not there");
  const config = (readYaml(file) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const prefix = "schedfront:";
  for (const key of Object.keys(config))
    if (!key.startsWith(prefix)) complain(`${file}.${key}`, `is not the tuple's: only ${prefix} keys can be swept`);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(prefix.length), value]));
}

/** YAML without aliases, which could grow without bound, and without a key that is there twice. */
export function readYaml(file: string): unknown {
  const document = parseDocument(readFileSync(file, "utf8"), { uniqueKeys: true, prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  const refuse = (message: string): never => {
    throw new InvalidInput(file, [{ path: ["yaml"], message }]);
  };
  if (problem !== undefined) refuse(problem.message.split("\n")[0]?.replace(/:$/, "") ?? problem.code);
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return refuse("aliases are not allowed: write the value again");
  }
}
