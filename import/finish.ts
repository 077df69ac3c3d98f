import { join } from "node:path";
import { InvalidInput } from "../model/problem.ts";
import { anonymised } from "./anonymise.ts";
import { figuresOf, hasRun, type LogFigures } from "./figures.ts";
import { figuresText } from "./figures-text.ts";
import { fitted, type Origins } from "./fitting.ts";
import type { Ledger } from "./ledger.ts";
import type { LogJob } from "./log-job.ts";
import { replayOf } from "./replay.ts";
import type { LogMachine } from "./sizes.ts";
import { stackFile } from "./stack-file.ts";
import { traceOf } from "./trace.ts";
import { pathsOf, type Staged, staged } from "./written.ts";

/** What an import has found out, before anything is written. */
export interface Imported {
  readonly name: string;
  /** Folder of the project. */
  readonly project: string;
  /** Word for where it comes from. */
  readonly origin: string;
  readonly topology: Record<string, unknown>;
  readonly scheduler: Record<string, unknown>;
  readonly machine: LogMachine;
  /** Those that were chosen, in any order; null where no log was given. */
  readonly jobs: readonly LogJob[] | null;
  readonly anonymise: boolean;
  /** Partitions that have another name in the stack, by the log's. */
  readonly renamed?: Readonly<Record<string, string>>;
  readonly origins: Origins;
  readonly ledger: Ledger;
}

/**
 * Fits the stack to the program's own rules and writes it, the trace, its table and the log's figures; all of them or none.
 * @returns what was found and done, readable
 * @throws InvalidInput
 */
export function finish(given: Imported): string {
  const { name, project, topology, scheduler, machine, ledger, origins } = given;
  const paths = pathsOf(name);
  const jobs = given.jobs === null ? null : inOrder(given.jobs, given.anonymise);
  const files: (Staged & { readonly path: string })[] = [];
  const stage = (path: string, pieces: Iterable<string>) => {
    const file = staged(join(project, path), pieces);
    files.push({ ...file, path });
    return file;
  };
  try {
    const figures = jobs === null ? null : figuresOf(jobs, machine);
    const workloads: object[] = [{ kind: "burst", jobs: 100 }];
    if (jobs !== null && figures !== null) {
      const trace = traceOf(jobs, { name, machine, scheduler: given.origin });
      const { sha256 } = stage(paths.trace, trace.swf());
      const table = stage(paths.table, trace.table());
      stage(paths.figures, [`${JSON.stringify(figures, null, 2)}\n`]);
      workloads.splice(
        0,
        1,
        replayOf(jobs, machine, { path: paths.trace, sha256, table: { path: paths.table, sha256: table.sha256 } }, given, ledger),
      );
    }
    const document = { topology, scheduler, workloads };
    fitted(document, origins, ledger);
    stage(paths.stack, [stackFile(document, comments(given, figures))]);
    for (const file of files) file.place();
    return [
      ledger.text(),
      ...(figures === null ? [] : [figuresText(figures)]),
      written(
        name,
        files.map(({ path }) => path),
      ),
    ].join("\n");
  } finally {
    for (const file of files) file.discard();
  }
}

function inOrder(jobs: readonly LogJob[], anonymise: boolean): LogJob[] {
  if (!jobs.some(hasRun)) {
    const message = jobs.length === 0 ? "no job of the log is chosen" : `none of the ${jobs.length} jobs that are chosen ran to an end`;
    throw new InvalidInput("log", [{ path: [], message }]);
  }
  const sorted = [...jobs].sort((a, b) => a.submitSeconds - b.submitSeconds);
  return anonymise ? anonymised(sorted) : sorted;
}

function comments({ name, origin, machine, jobs, scheduler }: Imported, figures: LogFigures | null) {
  const load = figures?.offeredLoad?.toFixed(3) ?? "unknown";
  return {
    head: `Imported from ${origin} as ${name}: ${machine.nodes} nodes, ${machine.cpus} CPUs${jobs === null ? "" : `, ${jobs.length} jobs`}.`,
    topology: "A: the site's nodes, in groups of equal ones that are in the same partitions; the head pretends to be all of them.",
    scheduler:
      origin === "Slurm"
        ? "B: the site's present configuration, as far as it can be said. What was left out was printed by the import."
        : `B: ${String(scheduler.kind)} as it comes${scheduler.kind === "flux" ? "; it needs an image with Flux: schedfront:image, as docs/flux.md has it" : ""}.`,
    workloads:
      figures === null
        ? "C: no log was given, so this only measures what a job costs."
        : `C: the site's own jobs, at an offered load of ${load} over the whole log. select chooses another part of it;\ntimeCompression is how many of its seconds one second of the replay stands for.`,
  };
}

const written = (name: string, paths: readonly string[]) =>
  [`written: ${paths.join(", ")}`, `next: make preview STACK=${name}`, ""].join("\n");
