import { parseClock } from "../../agent/clock-records.ts";
import type { Driven } from "../../agent/drive.ts";
import type { Submission } from "../../agent/driver.ts";
import type { RunScheduled } from "../../agent/request.ts";
import { measured } from "../../agent/run.ts";
import type { JobEnd, JobEvent } from "../../model/event.ts";
import { sha256 } from "../../model/identity.ts";
import type { Job } from "../../model/job.ts";
import { coresPerNode } from "../../model/machine.ts";
import { run } from "../../model/run.ts";
import { timeline } from "../../model/timeline.ts";
import { computeNodes } from "../../model/topology.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloadKind } from "../../model/workloads/index.ts";

/**
 * How long the record of a long stream takes to compute, and the most memory that the process held: `npx tsx
 * test/bench/record.ts [jobs] [load]`. The stream is the program's own, its times are those of a first-come, first-served
 * scheduler that shares nodes; the aim is 100,000 jobs in 5 s and 1 GB.
 */
const [jobCount = 100_000, load = 0.95] = process.argv.slice(2).map(Number);

const { topology, scheduler, workloads } = parseTuple({
  topology: {
    compute: [
      { name: "thin", count: 150, cpus: 32 },
      { name: "wide", count: 100, cpus: 64 },
    ],
  },
  scheduler: { kind: "slurm" },
  workloads: [{ kind: "jobstream", jobs: jobCount, load, runTime: { minSeconds: 10, maxSeconds: 3600 } }],
});
const [workload] = workloads;
if (workload === undefined) throw new Error("the suite is empty");
const seed = 1;
const request: RunScheduled = { verb: "run", mode: "scheduler", id: "bench", topology, workload, scheduler, seed };

/** Elapsed seconds, and those of the processor, which a busy machine does not stretch; collecting garbage takes some on other cores. */
function timed<T>(what: string, work: () => T): T {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${what.padEnd(32)} ${((performance.now() - start) / 1000).toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU`);
  return result;
}

/** Some cores of their nodes, and users, which the stream itself does not vary. */
const jobs = workloadKind(workload)
  .jobs(workload, topology, seed)
  .map((job, i): Job => ({ ...job, coresPerRank: 2 ** (i % 6), user: `user${i % 50}` }));

/** When each job would have started, and where. */
function firstComeFirstServed(): { job: Job; started: number; nodes: number[] }[] {
  const machines = computeNodes(topology);
  const free = machines.map(({ cpus }) => cpus);
  const ends: { seconds: number; job: Job; nodes: number[] }[] = [];
  const give = ({ job, nodes }: { job: Job; nodes: number[] }) => {
    for (const node of nodes) free[node] = (free[node] ?? 0) + coresPerNode(job);
  };
  let now = 0;
  return jobs.map((job) => {
    now = Math.max(now, job.submitSeconds);
    for (;;) {
      while (ends[0] !== undefined && ends[0].seconds <= now) give(ends.shift() as (typeof ends)[number]);
      const nodes: number[] = [];
      for (let i = 0; i < free.length && nodes.length < job.nodes; i++) if ((free[i] ?? 0) >= coresPerNode(job)) nodes.push(i);
      if (nodes.length === job.nodes) {
        for (const node of nodes) free[node] = (free[node] ?? 0) - coresPerNode(job);
        const seconds = now + (job.runSeconds ?? 0) + 0.3;
        let at = ends.length;
        while (at > 0 && (ends[at - 1]?.seconds ?? 0) > seconds) at -= 1;
        ends.splice(at, 0, { seconds, job, nodes });
        return { job, started: now, nodes };
      }
      now = ends[0]?.seconds ?? now;
    }
  });
}

const names = computeNodes(topology).map(({ name }) => name);
const plan = firstComeFirstServed();
const epoch = 1.8e9;
const scheduled = (job: string, event: JobEvent["event"], seconds: number, precisionSeconds = 0.001): JobEvent => ({
  job,
  event,
  seconds: epoch + seconds,
  clock: "scheduler",
  precisionSeconds,
});
const endOf = ({ job, started }: (typeof plan)[number]) => started + (job.runSeconds ?? 0) + 0.2;
/** A log has its lines in order of time. */
const logged = (lines: JobEvent[]) => lines.sort((a, b) => a.seconds - b.seconds);
const events: JobEvent[] = [
  ...jobs.map(
    ({ id, submitSeconds }): JobEvent => ({
      job: id,
      event: "submit",
      seconds: epoch + submitSeconds,
      clock: "driver",
      precisionSeconds: 0.001,
    }),
  ),
  ...logged(
    plan.flatMap((given) => [
      scheduled(given.job.id, "submit", given.job.submitSeconds + 0.01),
      scheduled(given.job.id, "allocated", given.started),
      scheduled(given.job.id, "ended", endOf(given) + 0.02),
      scheduled(given.job.id, "cleaned", endOf(given) + 0.1),
    ]),
  ),
  ...logged(plan.map((given) => scheduled(given.job.id, "ended", Math.ceil(endOf(given)), 1))),
];
const clock = plan
  .map(({ job, started }) => {
    const begun = epoch + started + 0.1;
    return `${job.id} started ${begun.toFixed(6)}\n${job.id} ended ${(begun + (job.runSeconds ?? 0)).toFixed(6)}\n`;
  })
  .join("");
const ends: JobEnd[] = plan.map(({ job, nodes }) => ({
  job: job.id,
  outcome: "completed",
  nodes: nodes.map((node) => names[node] ?? ""),
  exitCode: 0,
}));
const submissions: Submission[] = jobs.map((job) => {
  const planned = epoch + job.submitSeconds;
  return { job, planned, begun: planned + 0.001, answered: planned + 0.02, refused: null };
});
const readings = new Map([["head", { clockOffsetSeconds: 0, processorTimes: "cpu  1 0 1 10 0 0 0 0 0 0" }]]);
const endSeconds = epoch + plan.reduce((most, { job, started }) => Math.max(most, started + (job.runSeconds ?? 0) + 1), 0);
const before = process.resourceUsage().maxRSS;

console.log(`${jobs.length} jobs, ${events.length + 2 * plan.length} events, ${names.length} nodes`);
const result = timed("the record", () => {
  const all = timed("  clock records", () => [...events, ...parseClock(clock)]);
  const seen = timed("  timeline", () => timeline(jobs, all, ends, endSeconds));
  const driven: Driven = {
    timeline: seen,
    events: all,
    submissions,
    watch: { before: readings, after: readings },
    controlPlane: [],
    waiting: new Map(),
  };
  const { contents, ...rest } = timed("  metrics, doubts and tables", () => measured(request, jobs.length, driven, []));
  const tables = timed("  sha256 of the tables", () =>
    Object.entries(contents).map(([name, content]) => ({ name, path: name, sha256: sha256(content) })),
  );
  return run.parse({ ...rest, tables });
});
for (const { name, value, unit } of result.metrics) console.log(`  ${name.padEnd(28)} ${value?.toPrecision(6) ?? "-"} ${unit}`);
for (const { severity, code, message } of result.doubts) console.log(`  ${severity}: ${code}: ${message.slice(0, 120)}`);
console.log(
  `peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB, of which ${(before / 1024).toFixed(0)} MiB held the input`,
);
