import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { neverRun, reasonsOf, workloadAdmission } from "../model/admission.ts";
import { sha256 } from "../model/identity.ts";
import { InvalidInput, type Problem } from "../model/problem.ts";
import type { Tuple } from "../model/tuple.ts";
import type { NamedFile } from "../model/workload.ts";
import { jobsOf, type Workload, workloadKind } from "../model/workloads/index.ts";
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
export async function readExcerpts(tuple: Tuple, results: string): Promise<(Excerpt | null)[]> {
  const problems: Problem[] = [];
  const excerpts: (Excerpt | null)[] = [];
  for (const [i, workload] of tuple.workloads.entries()) {
    const found = await admitted(tuple, i, workload, await excerptOf(workload, tuple.topology));
    if (found === null) excerpts.push(null);
    else if ("problems" in found)
      problems.push(...found.problems.map(({ path, message }) => ({ path: ["workloads", i, ...path], message })));
    else {
      excerpts.push(keep(found.text, results));
      for (const { level, text } of found.notes) await pulumi.log[level](`workloads[${i}]: ${text}`);
    }
  }
  if (problems.length > 0) throw refusal(new InvalidInput("tuple", problems).message);
  return excerpts;
}

type Read = Awaited<ReturnType<typeof excerptOf>>;

/** The excerpt, once the scheduler runs all of its jobs: those that it never runs are left out, where that is wanted, or are problems. */
function admitted(tuple: Tuple, at: number, workload: Workload, found: Read): Read {
  if (found === null || "problems" in found) return found;
  const { reads } = workloadKind(workload);
  const jobs = jobsOf(workload, tuple.topology, workload.seed, found.text);
  const refused = neverRun(tuple, jobs);
  const leavesOut = reads?.neverRun?.(workload) === "leave-out" && reads.without !== undefined;
  if (refused.size === 0 || !leavesOut) {
    const remedy = reads?.without === undefined ? "" : "; neverRun: leave-out leaves them out";
    const problems = workloadAdmission(tuple, at, jobs, remedy).map(({ message }) => ({ path: [], message }));
    return problems.length > 0 ? { problems } : found;
  }
  if (refused.size === jobs.length)
    return { problems: [{ path: [], message: `none of its ${jobs.length} jobs would ever run: ${reasonsOf(refused)}` }] };
  const note = {
    level: "warn" as const,
    text: `${refused.size} of ${jobs.length} jobs are left out, for they would never run: ${reasonsOf(refused)}`,
  };
  const text = reads?.without?.(found.text, new Set(refused.keys())) ?? found.text;
  return { text: `${text}; Note: ${note.text}\n`, notes: [...found.notes, note] };
}

async function excerptOf(workload: Workload, topology: Tuple["topology"]) {
  const { reads } = workloadKind(workload);
  if (reads === undefined) return null;
  const file = opened(reads.file(workload));
  const named = reads.beside?.(workload);
  const beside = named === undefined ? undefined : opened(named);
  if ("problems" in file) return file;
  if (beside !== undefined && "problems" in beside) return beside;
  try {
    return await reads.excerpt(workload, topology, { ...file, beside: beside?.text });
  } catch (error) {
    if (!isReadError(error)) throw error;
    const { at, path } = reads.file(workload);
    return { problems: [{ path: [...at, "path"], message: `"${path}" cannot be read: ${error.message}` }] };
  }
}

/** A file that is there and is the one that was meant. */
function opened({ at, path, sha256: asked }: NamedFile) {
  const wrong = (key: string, message: string) => ({ problems: [{ path: [...at, key], message }] });
  if (!existsSync(path)) return wrong("path", `"${path}" does not exist; a relative path starts at ${process.cwd()}`);
  try {
    const found = fileDigest(path);
    if (found === null) return wrong("path", `"${path}" cannot be read: it is no regular file`);
    if (asked !== undefined && asked !== found) return wrong("sha256", `"${asked}" does not match "${path}", whose sha256 is ${found}`);
    return { sha256: found, text: textOf(path) };
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
