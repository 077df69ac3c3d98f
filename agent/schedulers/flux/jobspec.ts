import type { Job } from "../../../model/job.ts";
import { scriptOf } from "../../bodies.ts";
import { jobOutput, work } from "../../paths.ts";
import { type Account, environmentOf } from "../../process.ts";
import type { Place } from "../../scheduler.ts";

/** What is known of a job only when it is submitted. */
export interface Circumstances {
  /** Whose job it is. */
  readonly owner: Account;
  readonly place?: Place | undefined;
  /** Flux's ids of the jobs that must have ended before. */
  readonly after: readonly string[];
  /** Names of all nodes by rank, where they only pretend: Flux then pretends the job, too, and nothing of it runs. */
  readonly emulated?: readonly string[] | undefined;
}

/** A job as Flux takes it: RFC 25, with the shell's options of flux-shell(1). One slot on each node holds all that the job has there. */
export function jobspecOf(job: Job, { owner, place, after, emulated }: Circumstances) {
  const { id, nodes, ranksPerNode, coresPerRank, gpusPerNode, walltimeSeconds } = job;
  const { command, files, options } = job.body.kind === "mpi" ? asInstance(job) : asTasks(job);
  const queue = place?.queue ?? job.queue;
  const given = [{ type: "core", count: ranksPerNode * coresPerRank }, ...(gpusPerNode > 0 ? [{ type: "gpu", count: gpusPerNode }] : [])];
  return {
    version: 1,
    resources: [{ type: "node", count: nodes, with: [{ type: "slot", count: 1, label: "task", with: given }] }],
    tasks: [{ command, slot: "task", count: { per_slot: 1 } }],
    attributes: {
      system: {
        duration: walltimeSeconds,
        cwd: work,
        environment: environmentOf(owner),
        job: { name: id },
        shell: { options: { ...options, output: { stdout: { type: "file", path: jobOutput(id) } } } },
        ...(files === undefined ? {} : { files }),
        ...(emulated === undefined ? {} : { exec: { test: { run_duration: pretendedDuration(job) } } }),
        ...(place === undefined ? {} : { constraints: constraintsOf(place, emulated) }),
        ...(queue === undefined ? {} : { queue }),
        ...(after.length === 0 ? {} : { dependencies: after.map((value) => ({ scheme: "afterany", value })) }),
      },
    },
  };
}

/** RFC 31. A host is one to Flux's validator only where a broker is. */
const constraintsOf = ({ nodes }: Place, emulated: readonly string[] | undefined) =>
  emulated === undefined ? { hostlist: nodes } : { ranks: [nodes.map((name) => emulated.indexOf(name)).join(",")] };

/** In seconds. What Flux itself pretends of a job that has none: to one of 0 s no end comes at all. */
const shortestSeconds = 1e-5;

function pretendedDuration({ body }: Job): string {
  if (body.kind !== "sleep") throw new Error(`"${body.kind}" computes, which emulated nodes cannot: use sleep`);
  return String(Math.max(body.seconds, shortestSeconds));
}

/** A node whose task is done waits for the others, however long. */
const patient = { "exit-timeout": "none" };

/** A job's script in an instance of Flux of its own, as `flux batch` starts one: what it launches goes by `flux run` to its nodes. */
function asInstance(job: Job) {
  const script = scriptOf(job, launcher(job));
  return {
    command: ["flux", "broker", "{{tmpdir}}/script", ...script.arguments],
    files: { script: { mode: 0o100700, size: Buffer.byteLength(script.text), encoding: "utf-8", data: script.text } },
    options: { ...patient, "per-resource": { type: "node" }, mpi: "none" },
  };
}

/** Starts the ranks of an MPI program on the instance's nodes, one on each core or group of cores. */
const launcher = ({ nodes, ranksPerNode, coresPerRank }: Job) => [
  "flux",
  "run",
  `--nodes=${nodes}`,
  `--ntasks=${nodes * ranksPerNode}`,
  `--cores-per-task=${coresPerRank}`,
  "--setopt=cpu-affinity=per-task",
];

/** A job's script as a task on its first node, or one for each rank where all of them work: Flux's shells start them without more. */
function asTasks(job: Job) {
  const { name, text, arguments: words } = scriptOf(job, []);
  const everywhere = name === "spin";
  return {
    command: ["bash", "-c", `${everywhere ? onlyFirstTells : onlyFirst}${text}`, name, ...words],
    files: undefined,
    options: {
      ...patient,
      "per-resource": { type: "node", count: everywhere ? job.ranksPerNode : 1 },
      ...(everywhere ? { "cpu-affinity": "per-task" } : {}),
    },
  };
}

const onlyFirst = "((FLUX_TASK_RANK == 0)) || exit 0\n";
/** The first argument is the clock file. */
const onlyFirstTells = '((FLUX_TASK_RANK == 0)) || { shift && set -- /dev/null "$@"; }\n';
