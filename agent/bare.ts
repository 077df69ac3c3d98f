import type { JobEvent } from "../model/event.ts";
import type { Job } from "../model/job.ts";
import { metric } from "../model/metrics/metric.ts";
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
import { execute, type Finished, type Options } from "./process.ts";
import { narrate } from "./progress.ts";
import type { RunBare } from "./request.ts";
import { countsOf } from "./run.ts";
import { eventsJsonl, jobsCsv, writeTables } from "./tables.ts";
import { watchDoubts, watchMetrics } from "./watch.ts";

/** One run of a kernel by plain mpirun, on as many nodes and with the same binding as the scheduler gives it. */
export async function runBare({ id, workload, topology, seed }: RunBare): Promise<Run> {
  const { purpose, jobs } = workloadKind(workload);
  if (purpose !== "kernel") throw new Error(`workload ${workload.kind} is not a kernel, so it cannot run without a scheduler`);
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
    () => runInOrder([...preparationArguments(job, hosts), mpirunArguments(job, hosts)], options),
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
      metrics: [metric("elapsed", ended - started), ...watchMetrics(watch)],
      figures,
      doubts: [...endDoubts(seen, purpose, () => printed), ...watchDoubts(watch), ...doubts],
      tables: writeTables(id, {
        "jobs.csv": jobsCsv(seen, { workload: workload.kind, nodes, warmUpJobs: 0 }),
        "events.jsonl": eventsJsonl(events),
        ...tables,
      }),
    };
  });
}

/** Runs one mpirun after another until one fails, and gives the last one's end with what all have printed. */
async function runInOrder(runs: readonly (readonly string[])[], options: Options): Promise<Finished> {
  const limit = realClock.now() + options.timeoutSeconds;
  let printed = Buffer.alloc(0);
  let said = "";
  for (const [i, args] of runs.entries()) {
    const result = await execute("env", [...reach, "mpirun", ...args], {
      ...options,
      timeoutSeconds: Math.max(1, limit - realClock.now()),
    });
    printed = Buffer.concat([printed, result.stdout]);
    said += result.stderr;
    if (result.code !== 0 || result.timedOut || i === runs.length - 1) return { ...result, stdout: printed, stderr: said };
  }
  throw new Error("mpirun was given nothing to run");
}

/** Every host is reached from the head: the others have no key. Open MPI 4 knows the first by its name, Open MPI 5 the second. */
const reach = ["OMPI_MCA_plm_rsh_no_tree_spawn=1", "PRTE_MCA_plm_ssh_no_tree_spawn=1"];

/** The commands that come before the program: one process each, where rank 0 will be. */
export function preparationArguments({ id, body }: Job, [first]: readonly string[]): string[][] {
  const commands = body.kind === "mpi" ? (body.preparation ?? []) : [];
  return commands.map((command) => ["--host", `${first}:1`, "--np", "1", "--wdir", jobFolder(id), ...command]);
}

/** One rank on each core, or on each group of cores, of each host; the first host has rank 0. */
export function mpirunArguments(job: Job, hosts: readonly string[]): string[] {
  return [
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
