import { finish } from "../finish.ts";
import { Origins } from "../fitting.ts";
import { Ledger } from "../ledger.ts";
import type { LogJob } from "../log-job.ts";
import { selection } from "../selection.ts";
import { readSacct, type SacctCounts } from "../slurm/sacct.ts";
import { readSlurmSite } from "../slurm/site.ts";
import { timeReader } from "../times.ts";
import { checkName } from "../written.ts";
import { type Common, logText, regularFile } from "./common.ts";

export interface SlurmOptions extends Common {
  readonly conf: string;
  readonly nodes?: string;
  readonly qos?: string;
  readonly log?: string;
  readonly timeZone: string;
  readonly skipBad?: boolean;
  readonly delimiter: string;
}

/** Imports a slurm.conf and an accounting log. @returns what to print @throws InvalidInput */
export async function slurm(options: SlurmOptions, project: string): Promise<string> {
  const { name, conf, log, anonymise = false, overwrite = false } = options;
  checkName(name, project, overwrite);
  const [ledger, origins] = [new Ledger(), new Origins()];
  const time = timeReader(options.timeZone);
  const chosen = selection(options, time);
  const site = readSlurmSite({ conf: regularFile("--conf", conf), nodes: options.nodes, qos: options.qos }, origins, ledger);
  let jobs: LogJob[] | null = null;
  if (log !== undefined) {
    const { skipBad = false, delimiter } = options;
    const { partitionLimitSeconds } = site;
    const read = await readSacct(logText("--log", log), { time, skipBad, delimiter, partitionLimitSeconds });
    noteCounts(read.counts, ledger);
    for (const field of read.missing) ledger.leftOut(field, "the log has no field for them");
    jobs = read.jobs.filter(chosen);
    if (jobs.length < read.jobs.length) ledger.leftOut(`${read.jobs.length - jobs.length} jobs of the log`, "the options choose others");
  }
  const topology = anonymise ? withPlainNames(site) : site.topology;
  return finish({ name, project, origin: "Slurm", ...site, topology, jobs, anonymise, origins, ledger });
}

/** Groups are called after the site's hosts, unless nobody is to know these. */
function withPlainNames({ topology, scheduler }: { topology: Record<string, unknown>; scheduler: Record<string, unknown> }) {
  const groups = topology.compute as { name: string }[];
  const plain = new Map(groups.map(({ name }, i) => [name, groups.length === 1 ? "cn" : `cn${String.fromCharCode(97 + i)}`]));
  for (const partition of scheduler.partitions as { groups: string[] }[])
    partition.groups = partition.groups.map((name) => plain.get(name) ?? name);
  const options = scheduler.nodes as Record<string, object> | undefined;
  if (options !== undefined)
    scheduler.nodes = Object.fromEntries(Object.entries(options).map(([name, own]) => [plain.get(name) ?? name, own]));
  return { ...topology, compute: groups.map((group) => ({ ...group, name: plain.get(group.name) ?? group.name })) };
}

function noteCounts(counts: SacctCounts, ledger: Ledger): void {
  const { steps, repeated, requeued, arrayTasks, components, neverStarted, running, clockWentBack, partitionLimit, malformed } = counts;
  const left = (count: number, what: string, why: string) => (count > 0 ? ledger.leftOut(`${count} ${what}`, why) : undefined);
  const changed = (count: number, what: string, how: string) => (count > 0 ? ledger.changed(`${count} ${what}`, how) : undefined);
  left(steps, "steps", "they are parts of jobs, which have lines of their own");
  left(repeated, "records", "they stand in the log twice");
  left(neverStarted, "jobs that never started", "they are in the trace, and are not replayed");
  left(
    running,
    "jobs that were running when the log was written",
    "nobody knows how long they take: they are in the trace, and are not replayed",
  );
  left(malformed, "malformed lines", `skipped, the first: ${counts.firstMalformed}`);
  changed(requeued, "records of jobs that had run before", "each attempt is a job of its own");
  changed(arrayTasks, "tasks of arrays", "each is a job of its own");
  changed(components, "components of heterogeneous jobs", "each is a job of its own, and they need not start together");
  changed(clockWentBack, "starts before the submission, by less than an hour", "the clock went back: they count as no wait");
  changed(partitionLimit, "limits that are the partition's", "the partition's MaxTime, where it has one");
}
