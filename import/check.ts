import { WaitCounter, type Waits } from "./figures.ts";
import { shown, table } from "./figures-text.ts";
import { sizeClasses } from "./sizes.ts";

/** A job as its log has it. */
export interface Logged {
  readonly waitSeconds: number;
  readonly runSeconds: number;
  readonly sizeClass: string;
  readonly partition: string;
}

/** The same job as it was replayed. Times in the log's own seconds, so that a replay's are multiplied by its compression. */
export interface Replayed {
  /** In the trace. */
  readonly number: number;
  /** Null: it had not started when the replay was cut off. */
  readonly waitSeconds: number | null;
}

/** Waits of the same jobs, as logged and as replayed. */
export interface Comparison {
  readonly of: string;
  readonly log: Waits;
  readonly replay: Waits;
  /** Replay ÷ log; null where one of the two is not known, or the log's is 0. */
  readonly ratios: { readonly medianWait: number | null; readonly p95Wait: number | null; readonly meanBoundedSlowdown: number | null };
}

export interface Check {
  /** All jobs, then each size class, then each partition. */
  readonly comparisons: readonly Comparison[];
  /** Replayed jobs that the trace does not have, or that had not started: they are in none of the comparisons. */
  readonly unknown: number;
  readonly neverStarted: number;
}

/** Compares, job by job, how long a replay let the log's jobs wait with how long they waited there. */
export function checked(log: ReadonlyMap<number, Logged>, replay: readonly Replayed[]): Check {
  const groups = new Map<string, Pair>(["all", ...sizeClasses].map((key) => [key, pair()]));
  let [unknown, neverStarted] = [0, 0];
  for (const { number, waitSeconds } of replay) {
    const own = log.get(number);
    if (own === undefined) unknown++;
    else if (waitSeconds === null) neverStarted++;
    else
      for (const key of ["all", own.sizeClass, `partition ${own.partition || "(none)"}`]) {
        const group = groups.get(key) ?? pair();
        groups.set(key, group);
        group.log.add(own.waitSeconds, own.runSeconds);
        group.replay.add(waitSeconds, own.runSeconds);
      }
  }
  const comparisons = [...groups].map(([of, both]) => comparison(of, both.log.figures(), both.replay.figures()));
  return { comparisons: comparisons.filter(({ log }) => log.jobs > 0), unknown, neverStarted };
}

interface Pair {
  readonly log: WaitCounter;
  readonly replay: WaitCounter;
}
const pair = (): Pair => ({ log: new WaitCounter(), replay: new WaitCounter() });

function comparison(of: string, log: Waits, replay: Waits): Comparison {
  const ratio = (key: "medianWaitSeconds" | "p95WaitSeconds" | "meanBoundedSlowdown") => {
    const [is, was] = [replay[key], log[key]];
    return is === null || was === null || was === 0 ? null : is / was;
  };
  const ratios = {
    medianWait: ratio("medianWaitSeconds"),
    p95Wait: ratio("p95WaitSeconds"),
    meanBoundedSlowdown: ratio("meanBoundedSlowdown"),
  };
  return { of, log, replay, ratios };
}

const header = [
  "jobs of",
  "jobs",
  "median wait, s",
  "replay",
  "ratio",
  "P95 wait, s",
  "replay",
  "ratio",
  "mean bounded slowdown",
  "replay",
  "ratio",
];

/** The comparison, readable. */
export function checkText({ comparisons, unknown, neverStarted }: Check, cautions: readonly string[]): string {
  const rows = comparisons.map(({ of, log, replay, ratios }) => [
    of,
    String(log.jobs),
    ...[log.medianWaitSeconds, replay.medianWaitSeconds, ratios.medianWait].map(shown),
    ...[log.p95WaitSeconds, replay.p95WaitSeconds, ratios.p95Wait].map(shown),
    ...[log.meanBoundedSlowdown, replay.meanBoundedSlowdown, ratios.meanBoundedSlowdown].map(shown),
  ]);
  const notes = [
    ...(neverStarted > 0 ? [`${neverStarted} jobs had not started when the replay was cut off, and are not compared`] : []),
    ...(unknown > 0 ? [`${unknown} replayed jobs are not in the trace, and are not compared`] : []),
    ...cautions,
  ];
  return [
    "waits of the same jobs, in the log and in the replay, in the log's seconds:",
    ...table([header, ...rows]),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `caution: ${note}`)] : []),
    "",
  ].join("\n");
}
