import * as pulumi from "@pulumi/pulumi";
import { capacityProblems, type HypervisorFacts } from "../model/capacity.ts";
import { binaries } from "../model/image.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { type OtherConfiguration, parseOthers, parseStackName } from "../model/stack-configuration.ts";
import type { Topology } from "../model/topology.ts";
import { parseTuple, type Tuple } from "../model/tuple.ts";
import { fileDigest } from "./file-digest.ts";
import { machineHost } from "./machine-host.ts";
import { forPeople, refusal } from "./refusal.ts";
import { runNow } from "./script.ts";

/**
 * The tuple of the stack's configuration, `schedfront:<part>`. Throws a message for people, without a stack trace, also where the
 * stack's name or any other key of the configuration is not one of the program's.
 */
export function readTuple(): Tuple {
  return forPeople(() => {
    readOthers();
    const namespace = `${pulumi.getProject()}:`;
    const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(namespace));
    const config = new pulumi.Config();
    const raw = Object.fromEntries(keys.map((key) => key.slice(namespace.length)).map((key) => [key, parsed(config, key)]));
    return withItsFiles(parseTuple(raw));
  });
}

function readOthers(): OtherConfiguration {
  parseStackName(pulumi.getStack());
  return parseOthers(pulumi.getProject(), pulumi.runtime.allConfig());
}

/** Refuses a tuple whose files are not there, or are not what it says; the image would be built without them only later. */
function withItsFiles(tuple: Tuple): Tuple {
  const { source } = tuple.image;
  const named = binaries(tuple).map(({ at, binary: { path, sha256 } }) => ({ at, path, sha256 }));
  const archive = source?.kind === "archive" ? [{ at: ["image", "source"], ...source }] : [];
  const problems = [...named, ...archive].flatMap(({ at, path, sha256 }): Problem[] => {
    const found = readableDigest(path);
    if (found === sha256) return [];
    if (found === null) return [{ path: [...at, "path"], message: `"${path}" is not a readable file` }];
    return [{ path: [...at, "sha256"], message: `"${sha256}" does not match ${path}, whose sha256 is ${found}` }];
  });
  if (problems.length > 0) throw new InvalidInput("tuple", problems);
  return tuple;
}

/** Null where there is not a readable file. */
function readableDigest(path: string): string | null {
  try {
    return fileDigest(path);
  } catch {
    return null;
  }
}

/** A mapping, or the plain text that was written where a mapping belongs. */
function parsed(config: pulumi.Config, key: string): unknown {
  try {
    return config.getObject(key);
  } catch {
    return config.get(key);
  }
}

/** Where this stack's machines come from. */
export interface Origin {
  /** The stack whose machines they are. */
  readonly owner: string;
  /** The stack that saved them, as which they start: their owner, or one that saved them once more, with a running scheduler. */
  readonly savedBy: string | null;
}

/** Its own machines, or those that a sweep has another stack save for it. */
export function machinesOrigin(): Origin {
  const { "restore:from": savedBy, "restore:machines": owner } = forPeople(readOthers);
  return savedBy === undefined || owner === undefined ? { owner: pulumi.getStack(), savedBy: null } : { owner, savedBy };
}

/**
 * What the hypervisor is and has; throws where the topology does not fit it beside the machines of others than `owner`.
 * Looks, and changes nothing.
 */
export async function requireCapacity(topology: Topology, owner: string): Promise<HypervisorFacts> {
  const facts = await machineHost(runNow).capacity(topology.hypervisor, owner);
  if ("error" in facts) throw refusal(facts.error.message);
  const problems = capacityProblems(topology, facts);
  if (problems.length > 0) throw refusal(new InvalidInput("tuple", problems).message);
  return facts;
}
