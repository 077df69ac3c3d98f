import { describe, expect, test } from "vitest";
import { type Clock, cutOff, openLoop, realClock } from "../../agent/driver.ts";
import { latenessDoubts, submissionMetrics } from "../../agent/submission-metrics.ts";
import type { Job } from "../../model/job.ts";

const job = (id: string, submitSeconds: number, parts: Partial<Job> = {}): Job => ({
  id,
  submitSeconds,
  nodes: 1,
  ranksPerNode: 1,
  coresPerRank: 1,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds: 0,
  walltimeSeconds: 60,
  body: { kind: "sleep", seconds: 0 },
  ...parts,
});

/** Time that jumps to the next thing somebody waits for, once everything else has come to rest. */
class FakeClock implements Clock {
  #now = 1000;
  #waiting: { seconds: number; wake: () => void }[] = [];
  now = () => this.#now;
  until = (seconds: number) => new Promise<void>((wake) => void this.#waiting.push({ seconds, wake }));
  after = (seconds: number) => this.until(this.#now + seconds);

  async runUntil<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (over) return done;
      this.#waiting.sort((a, b) => a.seconds - b.seconds);
      const next = this.#waiting.shift();
      if (next === undefined) throw new Error("nobody waits, and the work is not over");
      this.#now = Math.max(this.#now, next.seconds);
      next.wake();
    }
  }
}

/** Begins of the submissions, in seconds after the start, each of which takes `takes` seconds. */
async function begins(jobs: readonly Job[], takes: number, atOnce: number) {
  const clock = new FakeClock();
  const submissions = await clock.runUntil(openLoop(jobs, 1000, () => clock.after(takes), clock, atOnce));
  return Object.fromEntries(submissions.map(({ job, begun }) => [job.id, begun - 1000]));
}

describe("open loop", () => {
  test("each job is submitted at its time, though earlier submissions still run", async () => {
    expect(await begins([job("a", 0), job("b", 1), job("c", 1.5)], 10, 4)).toEqual({ a: 0, b: 1, c: 1.5 });
  });

  test("the order is that of the times, whatever the order of the list", async () => {
    expect(Object.keys(await begins([job("late", 5), job("early", 1)], 0.1, 4))).toEqual(["early", "late"]);
  });

  test("a burst goes as fast as submissions end, so many at once", async () => {
    const burst = Array.from({ length: 6 }, (_, i) => job(`${i}`, 0));
    expect(await begins(burst, 2, 2)).toEqual({ "0": 0, "1": 0, "2": 2, "3": 2, "4": 4, "5": 4 });
  });

  test("having to wait for a turn is lateness", async () => {
    const clock = new FakeClock();
    const submissions = await clock.runUntil(openLoop([job("a", 0), job("b", 1)], 1000, () => clock.after(3), clock, 1));
    expect(submissions.map(({ job, planned, begun }) => [job.id, begun - planned])).toEqual([
      ["a", 0],
      ["b", 2],
    ]);
  });

  test("a job that is refused stops nothing", async () => {
    const clock = new FakeClock();
    const submit = async ({ id }: Job) => {
      if (id === "b") throw new Error("slurm: Requested node configuration is not available");
    };
    const submissions = await clock.runUntil(openLoop([job("a", 0), job("b", 1), job("c", 2)], 1000, submit, clock));
    expect(submissions.map(({ job, refused }) => [job.id, refused])).toEqual([
      ["a", null],
      ["b", "slurm: Requested node configuration is not available"],
      ["c", null],
    ]);
  });
});

test("the real clock is the machine's own, and wakes nobody early", async () => {
  for (let i = 1; i <= 20; i++) {
    const seconds = realClock.now() + i * 0.0013;
    await realClock.until(seconds);
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(seconds);
  }
});

describe("cut-off", () => {
  test("a stream: last arrival, three times the work on the machine, the longest walltime, 10 s a launch", () => {
    const jobs = [job("a", 0, { runSeconds: 20, nodes: 2, walltimeSeconds: 40 }), job("b", 30, { runSeconds: 10, walltimeSeconds: 20 })];
    expect(cutOff(jobs, 2)).toBe(30 + (3 * (20 * 2 + 10)) / 2 + 40 + 10 * 8);
  });

  test("a kernel whose time nobody knows counts with its walltime", () => {
    expect(cutOff([job("hpl", 0, { runSeconds: null, nodes: 4, walltimeSeconds: 3600 })], 4)).toBe(3 * 3600 + 3600 + 70);
  });
});

describe("the driver's own lateness", () => {
  const submitted = (late: readonly number[]) =>
    late.map((by, i) => ({ job: job(`${i}`, i), planned: i, begun: i + by, answered: i + by + 2, refused: null }));

  test("median, P99 (between the two largest: 0.03 + 0.96 · 0.47) and maximum", () => {
    const values = submissionMetrics(submitted([0, 0.01, 0.02, 0.03, 0.5])).map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ["p50DriverLateness", expect.closeTo(0.02, 9)],
      ["p99DriverLateness", expect.closeTo(0.4812, 9)],
      ["maxDriverLateness", expect.closeTo(0.5, 9)],
      ["p50SubmissionTime", expect.closeTo(2, 9)],
      ["p99SubmissionTime", expect.closeTo(2, 9)],
    ]);
  });

  test("below a tenth of the time between arrivals nobody minds", () => {
    expect(latenessDoubts(submitted([0, 0, 0.09]))).toEqual([]);
  });

  test("beyond it the run is invalid", () => {
    expect(latenessDoubts(submitted([0, 0, 0.3]))).toEqual([
      {
        code: "driver late",
        severity: "invalid",
        message: "the driver was 0.294 s late at P99, of a mean 1.000 s between arrivals; the most is 0.100 s",
      },
    ]);
  });
});
