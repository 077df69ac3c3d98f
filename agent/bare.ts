import type { JobEvent } from "../model/event.ts";
import type { Job } from "../model/job.ts";
import type { Run } from "../model/run.ts";
import { timeline } from "../model/timeline.ts";
import { computeNodes } from "../model/topology.ts";
import { workloadKind } from "../model/workloads/index.ts";
import { mpiCommand } from "./bodies.ts";
import { endDoubts } from "./doubts.ts";
import { realClock } from "./driver.ts";
import { kernelResult } from "./kernel.ts";
import { collect, prepare, readNodes } from "./nodes.ts";
import { base, jobFolder, user } from "./paths.ts";
import { execute } from "./process.ts";
import { narrate } from "./progress.ts";
import type { RunBare } from "./request.ts";
import { countsOf } from "./run.ts";
import { eventsJsonl, jobsCsv, writeTables } from "./tables.ts";
import { watchDoubts, watchMetrics } from "./watch.ts";

/** One run of a kernel by plain mpirun, on as many nodes and with the same binding as the scheduler gives it. */
export async function runBare({ id, workload, topology, seed }: RunBare): Promise<Run> {
  const { purpose, jobs } = workloadKind(workload);
  if (purpose !== "kernel") throw new Error(`workload ${workload.kind} is no kernel: it has no meaning without a scheduler`);
  const [job] = jobs(workload, topology, seed);
  if (job === undefined) throw new Error(`workload ${workload.kind} has no job`);
  const nodes = computeNodes(topology).map(({ name }) => name);
  const hosts = nodes.slice(0, job.nodes);
  const label = `${workload.kind} by mpirun`;
  const before = await narrate(
    () => `${label}: preparing ${nodes.length} nodes`,
    () => prepare(nodes, [job]),
  );
  const started = realClock.now();
  const options = { as: user, folder: base, timeoutSeconds: job.walltimeSeconds };
  const result = await narrate(
    () => `${label}: running on ${hosts.join(", ")}`,
    () => execute("mpirun", mpirunArguments(job, hosts), options),
  );
  const ended = realClock.now();
  const event = (name: JobEvent["event"], seconds: number): JobEvent => ({
    job: job.id,
    event: name,
    seconds,
    clock: "driver",
    precisionSeconds: 1e-3,
  });
  const events = [event("submit", started), event("started", started), event("ended", ended)];
  const outcome = result.timedOut ? "timeout" : result.code === 0 ? "completed" : "failed";
  const seen = timeline([job], events, [{ job: job.id, outcome, nodes: hosts, exitCode: result.code }], ended);
  const printed = result.stdout.toString("utf8") + result.stderr;
  const watch = { before, after: await readNodes(nodes) };
  return collect(hosts, (collected) => {
    const { figures, doubts, tables } = kernelResult(workload, seen, collected, printed);
    return {
      workload: workload.kind,
      mode: "bare",
      seed,
      jobs: countsOf(seen, 1),
      metrics: [{ name: "elapsed", value: ended - started, unit: "s" }, ...watchMetrics(watch)],
      figures,
      doubts: [...endDoubts(seen, purpose, () => printed), ...watchDoubts(watch), ...doubts],
      tables: writeTables(id, { "jobs.csv": jobsCsv(seen, workload.kind, nodes), "events.jsonl": eventsJsonl(events), ...tables }),
    };
  });
}

/**
 * One rank on each core, or on each group of cores, of each host; the first host has rank 0. Every host is reached from
 * the head: the others have no key.
 */
export function mpirunArguments(job: Job, hosts: readonly string[]): string[] {
  return [
    "--prtemca",
    "plm_ssh_no_tree_spawn",
    "1",
    "--host",
    hosts.map((host) => `${host}:${job.ranksPerNode}`).join(","),
    "--map-by",
    `ppr:${job.ranksPerNode}:node:pe=${job.coresPerRank}`,
    "--bind-to",
    "core",
    "--wdir",
    jobFolder(job.id),
    ...mpiCommand(job),
  ];
}
