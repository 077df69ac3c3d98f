import { interning, type LogJob, type LogStatus } from "../log-job.ts";
import type { SiteNode } from "../slurm/nodes.ts";
import type { TimeReader } from "../times.ts";
import type { Columns, NodeField, PodField } from "./columns.ts";
import { eachRow, Malformed, type Row, type TableOptions } from "./table.ts";

export interface PodOptions extends TableOptions {
  readonly time: TimeReader;
}

/** Jobs of a table of pods. Times are numbers of seconds from any beginning, or points in time. @throws InvalidInput */
export async function readPods(pieces: AsyncIterable<string>, columns: Columns<PodField>, { time, ...options }: PodOptions) {
  const jobs: LogJob[] = [];
  const intern = interning();
  const counts = { neverStarted: 0, running: 0, fractions: 0 };
  const skipped = await eachRow(pieces, "table of pods", columns, options, (row) => {
    const submit = timeIn(row, "submit", time);
    if (submit === null) throw new Malformed("it has no time of submission");
    const start = timeIn(row, "start", time);
    const end = timeIn(row, "end", time);
    const run = start === null ? null : (row.number("run") ?? (end === null ? null : end - start));
    if (run !== null && run < 0) throw new Malformed("its end is before its start");
    if (start !== null && start < submit) throw new Malformed("its start is before its submission");
    const [cpus, gpus, memory] = [row.number("cpus"), row.number("gpus"), row.number("memory_mib")];
    if ([cpus, gpus].some((value) => value !== null && !Number.isInteger(value))) counts.fractions++;
    if (start === null) counts.neverStarted++;
    else if (run === null) counts.running++;
    jobs.push({
      id: intern(row.text("id") || String(jobs.length + 1)),
      submitSeconds: submit,
      startSeconds: start,
      runSeconds: run,
      nodes: row.number("nodes") ?? 1,
      cpus: cpus === null ? null : Math.max(1, Math.ceil(cpus)),
      gpus: gpus === null ? null : Math.ceil(gpus),
      gpuType: intern(row.text("gpu_type")) || null,
      memoryMiB: memory === null || memory === 0 ? null : Math.ceil(memory),
      limitSeconds: row.number("limit"),
      status: statusOf(row.text("state")),
      state: intern(row.text("state")),
      user: intern(row.text("user")),
      account: intern(row.text("account")),
      partition: intern(row.text("partition")),
      queue: intern(row.text("queue")),
      name: intern(row.text("name")),
    });
  });
  return { jobs, counts: { ...counts, ...skipped } };
}

function timeIn(row: Row<PodField>, field: "submit" | "start" | "end", time: TimeReader): number | null {
  const text = row.text(field);
  if (text === "" || /^(null|none|nan)$/i.test(text)) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return row.number(field);
  const value = time(text);
  if (value === null) throw new Malformed(`its ${field} is "${text.slice(0, 40)}", which is no time`);
  return value;
}

function statusOf(phase: string): LogStatus {
  if (/^(succeeded|completed|terminated)$/i.test(phase)) return "completed";
  return /^failed$/i.test(phase) ? "failed" : /^(cancell?ed|killed)$/i.test(phase) ? "cancelled" : null;
}

/** Nodes of a table of them. @throws InvalidInput */
export async function readNodes(pieces: AsyncIterable<string>, columns: Columns<NodeField>, options: TableOptions): Promise<SiteNode[]> {
  const nodes: SiteNode[] = [];
  await eachRow(pieces, "table of nodes", columns, options, (row) => {
    const [cpus, memory] = [row.number("cpus"), row.number("memory_mib")];
    nodes.push({
      name: `node${nodes.length + 1}`,
      cpus: Math.max(1, Math.floor(cpus ?? 1)),
      threadsPerCore: 1,
      memoryMiB: memory === null || memory === 0 ? null : Math.floor(memory),
      gpus: Math.floor(row.number("gpus") ?? 0),
      gpuType: row.text("gpu_type") || null,
      features: [],
      weight: null,
      state: "unknown",
      partitions: null,
      where: "the table of nodes",
    });
  });
  return nodes;
}
