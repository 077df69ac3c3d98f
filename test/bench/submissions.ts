import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { quantile } from "simple-statistics";
import { scriptTexts } from "../../agent/bodies.ts";
import { useOf } from "../../agent/daemon-use.ts";
import { openLoop, realClock, type Submission, submissionsAtOnce } from "../../agent/driver.ts";
import { jobOutput, user, work } from "../../agent/paths.ts";
import { account, environmentOf } from "../../agent/process.ts";
import { SlurmAdapter } from "../../agent/schedulers/slurm.ts";
import { type Job, noOp } from "../../model/job.ts";

/**
 * Run by test/bench/driver on a head node: how fast and how late the driver submits, against one sbatch process for each job,
 * and whether both describe the same job to slurmctld.
 */

const burstJobs = Number(process.env.BENCH_JOBS ?? 2000);
const rate = Number(process.env.BENCH_RATE ?? 50);
const streamSeconds = Number(process.env.BENCH_SECONDS ?? 10);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const partition = "batch";

type Submit = (job: Job) => Promise<void>;

const adapter = new SlurmAdapter();

/** The jobs' scripts, which sbatch reads from a file. */
const scriptPath = "/var/lib/schedfront/sleep";

const sbatchArguments = ({ id, nodes, ranksPerNode, coresPerRank, memoryMiBPerNode, gpusPerNode, walltimeSeconds }: Job) => [
  "--parsable",
  "--no-requeue",
  `--job-name=${id}`,
  `--nodes=${nodes}`,
  `--ntasks-per-node=${ranksPerNode}`,
  `--cpus-per-task=${coresPerRank}`,
  `--time=${Math.ceil(walltimeSeconds / 60)}`,
  `--chdir=${work}`,
  `--output=${jobOutput(id)}`,
  ...(memoryMiBPerNode > 0 ? [`--mem=${memoryMiBPerNode}M`] : []),
  ...(gpusPerNode > 0 ? [`--gres=gpu:${gpusPerNode}`] : []),
  scriptPath,
  `${work}/clock`,
  id,
  "0",
];

const bySbatch: Submit = (job) =>
  new Promise((resolve, reject) => {
    const owner = account(user);
    const { uid, gid } = owner;
    const child = spawn("sbatch", sbatchArguments(job), {
      cwd: "/",
      uid,
      gid,
      env: environmentOf(owner),
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.resume();
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`sbatch: exit code ${code}`))));
  });

const ways: readonly [string, Submit][] = [
  ["driver", (job) => adapter.submit(job)],
  ["sbatch", bySbatch],
];

/** Whether queued jobs wait, so that submission alone is measured. */
function letJobsRun(run: boolean) {
  execFileSync("scontrol", ["update", `partition=${partition}`, `state=${run ? "up" : "down"}`]);
}

const jobsAt = (seconds: readonly number[]): Job[] => seconds.map((submitSeconds, i) => ({ ...noOp(`s${i + 1}`), submitSeconds }));

const submitters = "submit-jobs";

/** CPU seconds of this process, of those that submit for it (its children that have ended, the submitters), and of slurmctld. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  // Fields 16 and 17 of /proc/<pid>/stat, counted from 1; the first two are cut off.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const ended = (Number(fields[13]) + Number(fields[14])) / 100;
  const used = (daemon: string) => useOf([daemon])[0]?.cpuSeconds ?? 0;
  return { driver: (user + system) / 1e6, clients: ended + used(submitters), slurmctld: used("slurmctld") };
}

interface Measured {
  readonly submissions: readonly Submission[];
  readonly seconds: number;
  /** How long this process was ready to run and did not, in seconds. */
  readonly keptWaiting: number;
  /** In milliseconds a submission. */
  readonly cpu: ReturnType<typeof cpuSeconds>;
}

/** The second number of /proc/<pid>/schedstat (kernel, scheduler/sched-stats), of the main thread. */
const runQueueSeconds = () => Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e9;

async function measure(jobs: readonly Job[], submit: Submit): Promise<Measured> {
  await adapter.reset();
  const [before, waitedBefore] = [cpuSeconds(), runQueueSeconds()];
  const start = realClock.now() + 0.2;
  // The same look at the records as the agent's own, every five seconds.
  const looking = setInterval(() => adapter.progress(), 5000);
  const submissions = await openLoop(jobs, start, submit, realClock);
  clearInterval(looking);
  const refused = submissions.find((submission) => submission.refused !== null);
  if (refused !== undefined) throw new Error(`${refused.job.id} was refused: ${refused.refused}`);
  const seconds = realClock.now() - start;
  const keptWaiting = runQueueSeconds() - waitedBefore;
  const after = cpuSeconds();
  const each = (name: keyof typeof after) => (1000 * (after[name] - before[name])) / jobs.length;
  return { submissions, seconds, keptWaiting, cpu: { driver: each("driver"), clients: each("clients"), slurmctld: each("slurmctld") } };
}

const cpuText = ({ driver, clients, slurmctld }: Measured["cpu"]) =>
  `CPU a submission: driver ${driver.toFixed(2)}, clients ${clients.toFixed(2)}, slurmctld ${slurmctld.toFixed(2)} ms`;

/** Memory of all submitters, shared pages counted once, in MiB. */
function submitterMemory(): number {
  const pids = execFileSync("pgrep", [submitters], { encoding: "utf8" }).trim().split("\n");
  const kib = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0));
  return kib.reduce((sum, each) => sum + each, 0) / 1024;
}

const milliseconds = (seconds: number) => (1000 * seconds).toFixed(2).padStart(8);

function spread(name: string, seconds: readonly number[]) {
  const [p50, p99, most] = [quantile([...seconds], 0.5), quantile([...seconds], 0.99), quantile([...seconds], 1)];
  return `${name} P50 ${milliseconds(p50)}  P99 ${milliseconds(p99)}  max ${milliseconds(most)} ms`;
}

async function burst() {
  console.log(`${burstJobs} submissions as fast as they go, ${submissionsAtOnce} at once, jobs wait in the queue`);
  letJobsRun(false);
  const rates = new Map<string, number>();
  for (const [name, submit] of ways) {
    const { seconds, cpu } = await measure(jobsAt(Array(burstJobs).fill(0)), submit);
    rates.set(name, burstJobs / seconds);
    console.log(`  ${name}: ${(burstJobs / seconds).toFixed(0).padStart(5)} submissions per second; ${cpuText(cpu)}`);
  }
  console.log(`  ratio: ${((rates.get("driver") ?? 0) / (rates.get("sbatch") ?? 0)).toFixed(1)}`);
}

/** The ways in turn, round by round, so that whatever else the host does meets all of them. */
async function stream(run: boolean) {
  console.log(`${rate} submissions a second, ${rounds} times ${streamSeconds} s, ${run ? "jobs run" : "jobs wait in the queue"}`);
  letJobsRun(run);
  // What the host's own timers are late by: nothing can be earlier.
  const nothing: [string, Submit] = ["no submission", async () => {}];
  const all = [nothing, ...ways];
  const times = Array.from({ length: rate * streamSeconds }, (_, i) => i / rate);
  const measured = new Map<string, Measured[]>(all.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, submit] of all) measured.get(name)?.push(await measure(jobsAt(times), submit));
  for (const [name, each] of measured) {
    const submissions = each.flatMap((one) => one.submissions);
    const late = submissions.map(({ begun, planned }) => begun - planned);
    const taken = submissions.map(({ begun, answered }) => answered - begun);
    console.log(`  ${name.padEnd(13)} ${spread("lateness", late)}; ${spread("answer", taken)}`);
    console.log(
      `                P99 lateness by round: ${each.map(lateP99).join(", ")} ms, kept off the core for ${each.map(waited).join(", ")} ms; ${cpuText(meanCpu(each))}`,
    );
  }
}

const lateP99 = ({ submissions }: Measured) =>
  (
    1000 *
    quantile(
      submissions.map(({ begun, planned }) => begun - planned),
      0.99,
    )
  ).toFixed(1);

const waited = ({ keptWaiting }: Measured) => (1000 * keptWaiting).toFixed(0);

function meanCpu(each: readonly Measured[]): Measured["cpu"] {
  const mean = (name: keyof Measured["cpu"]) => each.reduce((sum, { cpu }) => sum + cpu[name], 0) / each.length;
  return { driver: mean("driver"), clients: mean("clients"), slurmctld: mean("slurmctld") };
}

/** What slurmctld has of a job: scontrol's lines, its script and its environment. */
function known(number: string): string[] {
  const lines = execFileSync("scontrol", ["show", "job", number], { encoding: "utf8" }).split(/\s+/);
  const state = "/var/lib/slurm/slurmctld";
  const folder = readdirSync(state, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(`/job.${number}`));
  if (folder === undefined) throw new Error(`slurmctld keeps no files of job ${number}`);
  const strings = (file: string) =>
    readFileSync(`${state}/${folder}/${file}`, "latin1")
      .split("\0")
      .map((text) => `${file} ${text}`);
  return [...lines, ...strings("environment"), ...strings("script")];
}

/** Differs between any two jobs. */
const own = /^(JobId|Priority|(Submit|Eligible|Accrue|Start|End|LastSchedEval)(Time)?)=/;

async function compare() {
  letJobsRun(false);
  await adapter.reset();
  const job: Job = { ...noOp("same"), nodes: 2, ranksPerNode: 2, coresPerRank: 2, memoryMiBPerNode: 100, gpusPerNode: 1 };
  for (const [, submit] of ways) await submit(job);
  const numbers = execFileSync("squeue", ["--noheader", "--format=%i", "--sort=i"], { encoding: "utf8" }).trim().split("\n");
  const [ours, theirs] = numbers.map((number) => known(number).filter((line) => !own.test(line)));
  const only = (these: readonly string[] = [], those: readonly string[] = []) => these.filter((line) => !those.includes(line));
  console.log("what slurmctld knows of one job by the driver (+) and by sbatch (-), where it differs");
  for (const line of only(ours, theirs)) console.log(`  + ${JSON.stringify(line)}`);
  for (const line of only(theirs, ours)) console.log(`  - ${JSON.stringify(line)}`);
}

/** What waiting for the last jobs' ends costs: the agent looks four times a second. */
function look() {
  const looks = 200;
  const before = process.cpuUsage();
  for (let i = 0; i < looks; i++) adapter.progress();
  const { user, system } = process.cpuUsage(before);
  console.log(`one look at the records, where nothing is new: ${((user + system) / 1000 / looks).toFixed(3)} ms of CPU`);
}

async function main() {
  writeFileSync(scriptPath, scriptTexts.sleep, { mode: 0o755 });
  await compare();
  await burst();
  await stream(false);
  await stream(true);
  console.log(`memory of the ${submissionsAtOnce} submitters: ${submitterMemory().toFixed(1)} MiB`);
  look();
  await adapter.reset();
}

void main();
