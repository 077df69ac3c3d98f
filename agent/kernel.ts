import type { Doubt, Run } from "../model/run.ts";
import type { Timeline } from "../model/timeline.ts";
import { type Workload, workloadKind } from "../model/workloads/index.ts";
import { type Collected, firstOf, outputOf } from "./nodes.ts";
import { jobFolder } from "./paths.ts";

export interface KernelResult {
  readonly figures: Run["figures"];
  readonly doubts: readonly Doubt[];
  /** File name → content. */
  readonly tables: Readonly<Record<string, string>>;
}

/** Reads what a kernel's job left on its nodes. @param stdout where it is not among the collected files */
export function kernelResult(
  workload: Workload,
  { jobs: [row] }: Timeline,
  collected: readonly Collected[],
  stdout?: string,
): KernelResult {
  if (row === undefined)
    return { figures: [], doubts: [{ code: "invalid result", severity: "invalid", message: "the job was not submitted" }], tables: {} };
  const { id, body } = row.job;
  const printed = stdout ?? outputOf(collected, id) ?? "";
  const names = body.kind === "mpi" && body.outputFile !== null ? [body.outputFile].flat() : null;
  const file = names === null ? printed : firstOf(collected, ...names.map((name) => `${jobFolder(id)}/${name}`));
  const tables = { "output.txt": file ?? "", "stdout.txt": printed };
  const read = workloadKind(workload).figuresOfMerit(file ?? "");
  if (row.outcome !== "completed") return { figures: [], doubts: [invalid(`the job ended as ${row.outcome}`)], tables };
  if (!read.valid) return { figures: [], doubts: [invalid(read.reason)], tables };
  const asked = row.job.nodes * row.job.ranksPerNode;
  // A launcher and an MPI that do not fit each other start every rank as a program of its own, and say nothing.
  if (read.ranks !== undefined && read.ranks !== asked)
    return { figures: [], doubts: [invalid(`the program says that it ran on ${read.ranks} ranks, it was given ${asked}`)], tables };
  const doubts: Doubt[] = read.unofficial === undefined ? [] : [{ code: "unofficial", severity: "caution", message: read.unofficial }];
  return { figures: [...read.figures], doubts, tables };
}

const invalid = (message: string): Doubt => ({ code: "invalid result", severity: "invalid", message });
