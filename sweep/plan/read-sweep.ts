import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { CST, isScalar, Lexer, LineCounter, parseDocument, visit } from "yaml";
import * as z from "zod";
import { imageSourcesDigest, programDigest } from "../../components/sources.ts";
import { canonical } from "../../model/identity.ts";
import { InvalidInput, parse, quote } from "../../model/problem.ts";
import { areEmulated } from "../../model/topology.ts";
import type { Tuple } from "../../model/tuple.ts";
import { askedIn } from "../search/log.ts";
import { searchLog } from "../store/folders.ts";
import { baseConfiguration, type Configuration, configurations, type RawTuple, searchedConfigurations } from "./configurations.ts";
import { type Sweep, sweep, sweepName, sweepNameLength } from "./sweep.ts";
import { type PlannedTrial, plannedTrials, type Sources } from "./trials.ts";

export interface ReadSweep {
  readonly sweep: Sweep;
  readonly trials: readonly PlannedTrial[];
  /** What others are compared with; null where it is no valid tuple by itself. */
  readonly base: Configuration | null;
  /** The base's stack file, as it is written. */
  readonly raw: RawTuple;
}

/** The trials of `sweeps/<name>.yaml` as the project stands; throws InvalidInput with everything that is wrong. */
export async function readTrials(name: string): Promise<ReadSweep> {
  const read = readSweep(name);
  const base = readBase(read.base);
  const found =
    read.search === undefined ? configurations(name, read, base) : searchedConfigurations(name, read, base, askedIn(searchLog(name)));
  const sources = new Map<string, Sources>();
  for (const { tuple } of found) {
    const key = partsKey(tuple);
    if (!sources.has(key)) sources.set(key, { program: await programDigest(tuple), image: imageSourcesDigest(tuple) });
  }
  return {
    sweep: read,
    trials: plannedTrials(name, read, found, (tuple) => sources.get(partsKey(tuple)) as Sources),
    base: baseConfiguration(name, read, base),
    raw: base,
  };
}

/** Tuples that have this in common depend on the same files. */
const partsKey = ({ scheduler, workloads, topology, image }: Tuple) =>
  canonical([scheduler.kind, workloads.map(({ kind, ...rest }) => [kind, "binary" in rest]), areEmulated(topology), image]);

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

/** Pulumi's stack file, as far as a sweep reads it. */
const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });

/** The tuple in a stack's file. */
function readBase(stack: string): RawTuple {
  const file = `Pulumi.${stack}.yaml`;
  const complain = (path: string, message: string): never => {
    throw new InvalidInput("sweep", [{ path: ["base", path], message }]);
  };
  if (!existsSync(file)) complain(file, "is not there");
  const config = parse(file, stackFile, readYaml(file)).config;
  const prefix = "schedfront:";
  for (const key of Object.keys(config))
    if (!key.startsWith(prefix)) complain(`${file}.${key}`, `is not part of the tuple: only ${prefix} keys can be swept`);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Bytes of a file that somebody wrote by hand; for a megabyte of brackets the parser takes a minute. */
const largestFile = 64 << 10;

/** YAML without aliases, which could grow without bound, and without a key that is there twice. */
export function readYaml(file: string): unknown {
  const refuse = (message: string): never => {
    throw new InvalidInput(file, [{ path: ["yaml"], message }]);
  };
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) refuse("is no regular file");
  if (found !== undefined && found.size > largestFile) refuse(`${found.size} bytes, the most is ${largestFile}`);
  const text = readFileSync(file, "utf8");
  if (levels(text) > mostLevels) refuse(`is nested deeper than ${mostLevels} levels`);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { version: "1.2", uniqueKeys: false, prettyErrors: false, lineCounter });
  const [problem] = [...document.errors, ...document.warnings];
  if (document.directives.yaml.version !== "1.2") refuse(`version ${document.directives.yaml.version}: only 1.2 is supported`);
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    refuse(`${problem.message.split("\n")[0]} at line ${line}, column ${col}`);
  }
  visit(document, {
    Alias: () => refuse("aliases are not allowed: write the value again"),
    // The parser's own way compares every key with every other one.
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : refuse("a key must be a plain value");
        if (seen.size === seen.add(name).size) refuse(`the key ${quote(name)} is given twice`);
      }
    },
  });
  return document.toJS({ maxAliasCount: 0 });
}

/** More than any tuple has; the parser recurses, and ends the process where it comes to the end of its stack. */
const mostLevels = 40;

/** At least as many as the document has levels: brackets that are open, what stands one in another on a line, and indentation. */
function levels(text: string): number {
  let [open, onLine, most] = [0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "flow-seq-start" || type === "flow-map-start") open++;
    else if (type === "flow-seq-end" || type === "flow-map-end") open--;
    else if (type === "newline") onLine = 0;
    else if (open > 0) continue;
    else if (type === "seq-item-ind" || type === "explicit-key-ind" || type === "map-value-ind") onLine++;
    else if (type === "space" && onLine === 0) most = Math.max(most, token.length / 4);
    most = Math.max(most, open, onLine);
    if (most > mostLevels) break;
  }
  return most;
}
