import type { JobEnd, JobEvent } from "../model/event.ts";
import type { Job } from "../model/job.ts";
import type { DaemonUse } from "../model/metrics/control-plane-use.ts";
import { type Timeline, timeline } from "../model/timeline.ts";
import { areEmulated, computeNodes, type Topology, workers } from "../model/topology.ts";
import { hasVirtualClock } from "../model/virtual-time.ts";
import { parseClock } from "./clock-records.ts";
import { daemonWatch } from "./daemon-watch.ts";
import { cutOff, openLoop, realClock, type Submission } from "./driver.ts";
import { type Collected, collect, prepare, readNodes } from "./nodes.ts";
import { narrate, say } from "./progress.ts";
import type { Place, SchedulerAdapter } from "./scheduler.ts";
import type { Watch } from "./watch.ts";
import { nodesInWords } from "./words.ts";

/** Everything that was seen of jobs driven through a scheduler. */
export interface Driven {
  readonly timeline: Timeline;
  readonly events: readonly JobEvent[];
  readonly submissions: readonly Submission[];
  readonly watch: Watch;
  /** Why jobs had not started at the cut-off, in the scheduler's words. */
  readonly waiting: ReadonlyMap<string, string>;
  readonly controlPlane: readonly DaemonUse[];
}

export interface DriveOptions {
  /** For the progress lines. */
  readonly label: string;
  /** Where a job must run, if that matters. */
  readonly placeOf?: (job: Job) => Place | undefined;
  /** Instead of the computed one, in seconds after the start. */
  readonly cutOffSeconds?: number;
}

/** Each look and each line wakes a guest with a virtual clock, which would skip the time until something happens. */
const lookEverySeconds = (topology: Topology) => (hasVirtualClock(topology) ? 5 : 0.25);
const sayEverySeconds = (topology: Topology) => (hasVirtualClock(topology) ? 600 : 5);

/** What emulated nodes add to the time that any cluster has for the work on all of them: they share one machine's processors. */
export const emulatedNodesSeconds = (topology: Topology): number => (areEmulated(topology) ? 2 * computeNodes(topology).length : 0);

/** The longest that cleaning up after the last job, or after cancelling the rest, may take. */
const cleanSeconds = (topology: Topology) => 120 + emulatedNodesSeconds(topology);

/** The driver needs a moment before the first job is due. */
const leadSeconds = 0.2;

let driving: SchedulerAdapter | undefined;

/** Cancels what a run that cannot be finished has left with the scheduler. */
export async function cancelDriven(): Promise<void> {
  await driving?.cancel();
}

/** Drives jobs through an empty scheduler, open-loop, waits for their ends, and gathers what was seen of them. */
export async function drive<T>(
  adapter: SchedulerAdapter,
  jobs: readonly Job[],
  topology: Topology,
  { label, placeOf, cutOffSeconds = cutOff(jobs, computeNodes(topology).length) }: DriveOptions,
  use: (driven: Driven, collected: readonly Collected[]) => T,
): Promise<T> {
  const nodes = workers(topology).map(({ name }) => name);
  await narrate(
    () => `${label}: emptying the queue`,
    () => adapter.reset(),
  );
  const before = await narrate(
    () => `${label}: preparing ${nodes.length === 1 ? nodes[0] : `${nodes.length} nodes`}`,
    () => prepare(nodes, jobs),
  );
  driving = adapter;
  const submissions: Submission[] = [];
  const taken = () => submissions.filter(({ refused }) => refused === null).length;
  const progress = () => {
    const { running, ended } = adapter.progress();
    return `${label}: ${submissions.length} of ${jobs.length} jobs submitted, ${running} running, ${ended} done`;
  };
  const start = realClock.now() + leadSeconds;
  const requireDaemons = daemonWatch(() => adapter.controlPlaneUse().map(({ daemon }) => daemon), realClock.now);
  const driven = async () => {
    await openLoop(
      jobs,
      start,
      (job) => adapter.submit(job, placeOf?.(job)),
      realClock,
      undefined,
      (submission) => submissions.push(submission),
    );
    refuseNone(submissions);
    while (adapter.progress().ended < taken() && realClock.now() < start + cutOffSeconds) {
      requireDaemons();
      await realClock.until(realClock.now() + lookEverySeconds(topology));
    }
    return adapter.progress().ended >= taken();
  };
  const complete = await narrate(progress, driven, sayEverySeconds(topology));
  const cut = { seconds: realClock.now(), ends: adapter.records().ends };
  const waiting = (complete ? undefined : await adapter.waiting?.()) ?? new Map<string, string>();
  if (!complete) {
    say(`${label}: cut off after ${Math.round(cut.seconds - start)} s, cancelling the rest`);
    await adapter.cancel();
  }
  await narrate(
    () => `${label}: waiting until the nodes are clean`,
    () => clean(adapter, topology),
  );
  driving = undefined;
  const controlPlane = adapter.controlPlaneUse();
  const endSeconds = complete ? realClock.now() : cut.seconds;
  const watch = { before, after: await readNodes(nodes) };
  return collect(nodes, (collected) => {
    const records = adapter.records();
    const all = [...submissions.map(submitEvent), ...records.events, ...collected.flatMap(({ clock }) => parseClock(clock))];
    const events = complete ? all : all.filter(seenBy(endSeconds, cut.ends));
    const known = complete ? records.ends : asOfCut(cut.ends, records.ends);
    const recorded = new Set(known.map(({ job }) => job));
    const ends = [...known, ...submissions.filter(({ job }) => !recorded.has(job.id)).flatMap(refusal)];
    const due = new Map(submissions.map(({ job, planned }) => [job.id, planned]));
    return use({ timeline: timeline(jobs, events, ends, endSeconds, due), events, submissions, watch, waiting, controlPlane }, collected);
  });
}

/** What ended after the cut-off was ended by us; a record of whole seconds may put that before it. */
function seenBy(cutSeconds: number, ends: readonly JobEnd[]) {
  const ended = new Set(ends.map(({ job }) => job));
  return ({ job, event, seconds }: JobEvent) => seconds <= cutSeconds && (ended.has(job) || (event !== "ended" && event !== "cleaned"));
}

/** The ends at the cut-off; what has an end only since then is censored. */
function asOfCut(then: readonly JobEnd[], now: readonly JobEnd[]): JobEnd[] {
  const known = new Map(then.map((end) => [end.job, end]));
  return now.map((end) => known.get(end.job) ?? { ...end, outcome: "censored", exitCode: null });
}

/** A job that the scheduler did not take has failed, unless it took it after its answer was waited for in vain. */
const refusal = ({ job, refused }: Submission): JobEnd[] =>
  refused === null ? [] : [{ job: job.id, outcome: "failed", nodes: [], exitCode: null }];

const submitEvent = ({ job, begun }: Submission): JobEvent => ({
  job: job.id,
  event: "submit",
  seconds: begun,
  clock: "driver",
  precisionSeconds: 1e-3,
});

/** A scheduler that takes no job at all is a mistake of the configuration, not a result. */
function refuseNone(submissions: readonly Submission[]) {
  const [first] = submissions;
  if (first !== undefined && submissions.every(({ refused }) => refused !== null))
    throw new Error(`the scheduler accepted no job: ${first.refused}`);
}

async function clean(adapter: SchedulerAdapter, topology: Topology) {
  const seconds = cleanSeconds(topology);
  if (await adapter.drain(seconds)) return;
  const unusable = await adapter.unusable(computeNodes(topology).map(({ name }) => name));
  const reasons = unusable.size > 0 ? `: ${nodesInWords(unusable)}` : "";
  throw new Error(`the scheduler's nodes are not clean ${seconds} s after the last job's end${reasons}`);
}
