import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../model/identity.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import type { Tuple } from "../model/tuple.ts";
import { type Workload, workloadKind } from "../model/workloads/index.ts";
import { moveResults, noRoom } from "../storage/room.ts";
import { fileDigest } from "./file-digest.ts";
import { refusal } from "./refusal.ts";
import { textOf } from "./text-of.ts";

/** What the head node needs of a user's file, in a file of its own. */
export interface Excerpt {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Reads the files that workloads name, at preview too, and throws everything that is wrong with them. What each needs of
 * its file stands below `results` once it is wanted: a preview writes nothing.
 * @returns one entry a workload; null for those that read no file
 */
export async function readExcerpts({ topology, workloads }: Tuple, results: string): Promise<(Excerpt | null)[]> {
  const problems: Problem[] = [];
  const excerpts: (Excerpt | null)[] = [];
  for (const [i, workload] of workloads.entries()) {
    const found = await excerptOf(workload, topology);
    if (found === null || "text" in found) excerpts.push(found === null ? null : keep(found.text, results));
    else problems.push(...found.problems.map(({ path, message }) => ({ path: ["workloads", i, ...path], message })));
  }
  if (problems.length > 0) throw refusal(new InvalidInput("tuple", problems).message);
  return excerpts;
}

async function excerptOf(workload: Workload, topology: Tuple["topology"]) {
  const { reads } = workloadKind(workload);
  if (reads === undefined) return null;
  const { at, path, sha256: asked } = reads.file(workload);
  const wrong = (key: string, message: string) => ({ problems: [{ path: [...at, key], message }] });
  if (!existsSync(path)) return wrong("path", `"${path}" does not exist; a relative path starts at ${process.cwd()}`);
  try {
    const found = fileDigest(path);
    if (found === null) return wrong("path", `"${path}" cannot be read: it is no regular file`);
    if (asked !== undefined && asked !== found) return wrong("sha256", `"${asked}" is not that of "${path}", ${found}`);
    return await reads.excerpt(workload, topology, { sha256: found, text: textOf(path) });
  } catch (error) {
    if (!isReadError(error)) throw error;
    return wrong("path", `"${path}" cannot be read: ${error.message}`);
  }
}

/** A folder, a file without leave to read it, a broken archive: the operating system or zlib says so, with a code. */
const isReadError = (error: unknown): error is Error => error instanceof Error && "code" in error;

function keep(text: string, results: string): Excerpt {
  const digest = sha256(text);
  const path = `${results}/excerpt-${digest.slice(0, 16)}.txt`;
  if (!pulumi.runtime.isDryRun()) {
    try {
      mkdirSync(results, { recursive: true });
      writeFileSync(path, text);
    } catch (error) {
      const full = noRoom(error, "excerpt", results, moveResults);
      throw full === undefined ? error : refusal(full.message);
    }
  }
  return { path, sha256: digest };
}
